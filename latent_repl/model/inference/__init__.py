"""The networks in NumPy: the weights that `network/` trains in, a model that runs without torch out.

interpreter.py   the networks together: start here
reading.py       code latent -> the slot it writes, its operator, the operands it reads
executor.py      (state latent, reading) -> next state latent; ahead.py tells what is likely asked next
mover.py         what a line does with rows: the choices
rows.py          a step with a heap: what moves is moved, the rest is the executor's
older.py         weights of older checkpoints, in the form that they have now
layers.py        T5 stacks and linear layers
"""
