"""The post's first experiment, from training to pictures. Start at `objective.py`.

objective.py  its data and its losses; training/train.py is its loop too
codes.py      the codes of a step: with noise, or drawn from a stochastic encoder
evaluate.py   every sum in range, and the order of the two spaces
figures.py    the spaces drawn, as the post draws its own
"""
