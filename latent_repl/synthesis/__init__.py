"""Run the program backwards: find the fills of a program's holes in the space of code latents.

problem.py            text -> program with holes, wanted values, what may fill each hole
space.py              the fillings and their code latents
objective.py          filling -> nats, the model's own belief, and where it led
process.py            the Gaussian processes: code latents -> the latents of what is wanted
gaussian_process.py   the search: where do they hold what is wanted likeliest?
rivals.py             the searches it is compared with
search.py             solve(): the loop that all of them share, and the oracle's verdict
"""
