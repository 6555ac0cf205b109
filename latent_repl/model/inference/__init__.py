"""The networks in NumPy: the weights that `network/` trains in, a model that runs without torch out.

interpreter.py   the three networks together: start here
layers.py        T5 stacks and linear layers
"""
