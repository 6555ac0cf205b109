"""Rows for a checkpoint that has none: its words grow, the mover is trained, what it knew stays to the bit.

growth.py      the old weights in a model of more words
graft.py       the command that gives a checkpoint with rows the weights of a newer one without
objective.py   what is minimised: places of the new words, reading of the new lines, choices of the mover
lines.py       core lines with new words in them
chains.py      programs on rows fed by their own latents, beside exact execution
exhaustive.py  every case of movement through a checkpoint, and lines through all of it; finds the unsure ones
scan.py        how sure the mover is of each case, in bf16
"""
