"""Gaussian processes over fillings: evaluations so far in, the next ones out. Start at `search.py`.

search.py         the search: where do the fillings hold the targets likeliest?
box_search.py     the search of the continuous box, of which the points are scored at themselves
inputs.py         where a filling lies: code latents, and what the code decoder reads in them
acquisition.py    BoTorch's acquisition functions: which points are worth an evaluation?
path_models.py    all examples and execution paths together, as one BoTorch model
model.py          the processes, BoTorch models too: where fillings lie -> what the state decoder reads at the end
design.py         the inputs that processes learn from, and their covariances' factors
posterior.py      kernels, posteriors, and what they would be after one more evaluation
trust_region.py   how far from the best to look
"""
