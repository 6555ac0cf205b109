"""Programs that training never sees, for evaluation. Start at `suites.py`.

suites.py      every suite, by name, and to a file
published.py   the programs of published work
classics.py    classic algorithms
routines.py    what beginners write
numbers.py     questions about one number or two
loops.py       loops that count, exhaustively
rows.py        programs on strings, lists, dicts and wide integers
problems.py    problems of synthesis
"""
