"""A checkpoint in, measures and plots out; `training/evaluate.py` asks for most of them.

drift.py        what a thousand steps do to a state
code_space.py   is the code space worth searching?
agreement.py    does the executor at any point do what the line decoded there says?
spaces.py       agreement drawn over the noise, before and after codes became stochastic
wrong_pairs.py  what the exhaustive count says
misread.py      does the code decoder read lines as they were written?
plots.py        the figures of a checkpoint's metrics
"""
