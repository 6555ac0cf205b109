"""The post's first experiment: one vector for a whole state, one for a whole code, on sums of two numbers.

network.py     in torch: what is trained
inference.py   in NumPy: what runs, behind the same interface as every model
marks.py       how its latents say what no network of it knows: an empty slot, a status
"""
