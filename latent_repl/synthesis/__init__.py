"""Run the program backwards: find the fills of a program's holes in the space of code latents.

problem.py            text -> program with holes, wanted values, what may fill each hole
space.py              the fillings and their code latents
objective.py          filling -> nats and the model's own belief
gaussian_process.py   the search: a Gaussian process over code latents
rivals.py             the searches it is compared with
search.py             solve(): the loop that all of them share, and the oracle's verdict
"""
