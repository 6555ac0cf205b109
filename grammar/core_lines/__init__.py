"""A generator in, core lines with the states around them out, as arrays. Start at `sample.py`.

sample.py       core lines, states, chains: the mixture that training draws
numbers.py      numbers and pairs of them, as programs have them
arithmetic.py   every operator on arrays, exactly
pairs.py        pairs of operands alone, without states
movement.py     every case of what lines do with rows
"""
