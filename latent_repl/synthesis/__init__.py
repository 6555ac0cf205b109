"""Run the program backwards: find the fills of a program's holes in the space of code latents.

problem.py            text -> program with holes, wanted values, what may fill each hole
space.py              the fillings and their code latents
objective.py          filling -> nats, the model's own belief, where it led, and which way
backwards.py          one example from its end back to a hole, by the executor: what does it ask for there?
inversion.py          all examples at once
guesses.py            which of what they ask for should be tried before anything else?
geometry.py           where a filling lies: code latents, and what the code decoder reads in them
process.py            the Gaussian processes: where fillings lie -> what the state decoder reads at the end
beliefs.py            what the processes believe, and would after one more evaluation
surrogate.py          all examples and ways together: which points are worth an evaluation?
gaussian_process.py   the search: where do they hold what is wanted likeliest?
rivals.py             the searches it is compared with
search.py             solve(): the loop that all of them share, and the oracle's verdict
"""
