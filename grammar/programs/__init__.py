"""A seed in, programs of Lx that end out. Start at `sample.py`.

rules.py    the weighted productions, over the parser's tables
derive.py   productions -> text
sample.py   one program within limits
corpus.py   many, to a file, split by hash
"""
