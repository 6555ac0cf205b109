"""Fill a program's holes by search in the space of code latents. A problem's text in, verified fills out.

solve.py       solve(): text -> problem -> search -> solution; the loop that all searches share. Start here
options.py     how to search and for how long; the table of searches, to which one of your own is added
objective.py   a filling -> nats, whether it satisfies the constraints by the model, where it led, and by which path
result.py      what was found, and how far the search is
problem/       text -> a program with holes, targets, what may fill each hole
inversion/     the executor run backwards: what do the examples propose for a hole?
bayesian/      the Gaussian processes: which fillings are worth an evaluation?
searches/      what a search is, and those that the Gaussian processes are compared with
"""
