"""The program run backwards: wanted states in, fills that they ask for out. Start at `inverse_run.py`.

inverse_run.py   one example from its end back to a hole, by the executor
batch.py         all examples at once
proposals.py     which of what they ask for should be tried before anything else?
"""
