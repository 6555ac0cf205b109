"""The networks in NumPy: the weights that `network/` trains in, a model that runs without torch out.

interpreter.py   the networks together: start here
executor.py      (state latent, code latent) -> next state latent
mover.py         what a line does with rows: the choices
rows.py          a step with a heap: what moves is moved, the rest is the executor's
layers.py        T5 stacks and linear layers
"""
