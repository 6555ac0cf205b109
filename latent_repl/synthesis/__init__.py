"""Fill a program's holes by search in the space of code latents. A problem's text in, verified fills out.

solve.py       solve(): text -> problem -> search -> solution; start here
hunt.py        the loop that all searches share, and the oracle's verdict
objective.py   filling -> nats, the model's own belief, where it led, and which way
result.py      what was found, and how far the search is
problem/       text -> a program with holes, wanted values, what may fill each hole
inversion/     the executor run backwards: what do the examples ask for at a hole?
bayesian/      the Gaussian processes: which fillings are worth an evaluation?
searches/      what a search is, and those that the Gaussian processes are compared with
"""
