"""The space of code latents trained by itself, all else of a checkpoint held: three spaces for one network.

objective.py   what is minimised: reading of lines, how far they fill the box, how far distance follows behaviour
behaviour.py   core lines that differ in one number, and how differently they behave
figures.py     the command that tells how spaces are ordered and filled, side by side
"""
