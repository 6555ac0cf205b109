"""Latent space to look at: a session or a model in; neighbours, ways, maps and pictures out. Start at `neighbours.py`.

neighbours.py   neighbours of a latent, ways between two, differences
maps.py         the space and a session's way through it, in two dimensions
explored.py     what is looked into: a session, as far as looking asks for it
code_space.py   what the model makes of any point of a problem's code space
landscape.py    the loss of a problem over a plane of code space
figures.py      the pictures of these, as PNG, SVG or PDF

The explorer: a page on these, and what it asks.

rounds.py       a search recorded round by round
turns.py        a model that the page and a search use in turn
message.py      what the page sends
answers.py      what it is told
explorer.py     its questions answered, on one session
page.py         its files, those of assets/, which need no build
server.py       the page on this machine alone
widget.py       the page in a notebook
"""
