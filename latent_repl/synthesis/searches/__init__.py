"""The searches: the fillings scored so far in, what to score next out. Start at `base.py`.

base.py            what a search is, what it may know, and likely draws
enumeration.py     in order, shuffled, drawn at random, all at once
uniform.py         points drawn from the box
hill_climbing.py   from the best to its neighbours
evolution.py       CMA-ES and the cross-entropy method, over code latents
gradient.py        down the gradient of the loss, in torch
z3_search.py       integers solved by z3, without any model
"""
