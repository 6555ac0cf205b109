"""Exact execution, to check the network and to train it. Start at `core_lines.py`.

core_lines.py   lowered programs, line by line; steps.py is one core line on given values
liveness.py     which values a program still reads
cpython.py      source text, run by CPython within bounds
instrument.py   tree -> the same with calls that watch each operator, for `cpython.py`, by
                instrument_expressions.py; what these calls do:
                operations.py (operators), calls.py (builtins, methods), formats.py (`format`), within bounds.py
"""
