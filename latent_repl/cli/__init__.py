"""The command line: arguments in, lines on standard output and an exit code out. Start at `app.py`.

app.py       the subcommands
words.py     which subcommand the words mean
options.py   the options that all of them take
scripts.py   whole texts: files, standard input, `-c`
tasks.py     whole files of synthesis problems
"""
