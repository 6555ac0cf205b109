"""The program run backwards: targets in, fills that they propose out. Start at `inverse_run.py`.

inverses.py      one line inverted
inverse_run.py   one example from its end back to a hole, by the executor
batch.py         all examples at once
proposals.py     which candidates should be tried before anything else?
secant.py        one number asked on both sides: the line through two outcomes
witnesses.py     the text run backwards: what a hole must be, as an expression
written_out.py   for that: what a hole has a say in, as one expression
patterns.py      for both: whether an expression has a form
whole.py         fills of many cells, which no core line has: strings and lists that a witness tells
search.py        proposals alone, as a search of its own
"""
