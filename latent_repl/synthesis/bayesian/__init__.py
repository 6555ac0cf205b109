"""Gaussian processes over fillings: evaluations so far in, the next ones out. Start at `search.py`.

search.py         the search: where do the fillings hold what is wanted likeliest?
inputs.py         where a filling lies: code latents, and what the code decoder reads in them
model.py          the processes: where fillings lie -> what the state decoder reads at the end
posterior.py      what the processes believe, and would after one more evaluation
acquisition.py    all examples and ways together: which points are worth an evaluation?
trust_region.py   how far from the best to look
"""
