"""A checkpoint in, measures and plots out; `training/evaluate.py` asks for most of them.

drift.py        what a thousand steps do to a state
code_space.py   is the code space worth searching?
wrong_pairs.py  what the exhaustive count says
plots.py        the figures of a checkpoint's metrics
"""
