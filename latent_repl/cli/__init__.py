"""The command line: arguments in, lines on standard output and an exit code out. Start at `app.py`.

app.py       the subcommands
arguments.py   what single subcommands take
words.py     which subcommand the words mean
options.py   the options that all of them take
scripts.py   whole texts: files, standard input, `-c`
evaluating.py  whole files of programs
tasks.py     whole files of synthesis problems
pieces.py    what a worker does with one of many
workers.py   processes that share the work, here or on a Dask cluster
"""
