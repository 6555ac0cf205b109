"""The language Lx: text -> tree -> core lines, and the oracle that runs them exactly.

`parse` reads text, `lower` turns its tree into one flat list of core lines, branches and jumps, `oracle` runs
either exactly, `tokens` numbers the core lines for the model.
"""
