"""The post's first experiment, from training to pictures. Start at `train.py`.

train.py      its configuration, its data, its losses, its loop
evaluate.py   every sum in range, and the order of the two spaces
figures.py    the spaces drawn, as the post draws its own
"""
