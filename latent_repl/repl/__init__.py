"""The REPL: what is typed in, what changed out. Start at `loop.py`.

loop.py         read, evaluate, show, loop; Ctrl-C and what loads in the background
prompt.py       the terminal: blocks, keys, history
completion.py   Tab, and colours
commands/       the `:commands`
context.py      what a command works on: a session and a screen
script.py       a session as a script that loads, for `:save`
"""
