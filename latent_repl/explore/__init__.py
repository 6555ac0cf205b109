"""Latent space to look at: a session or a model in; neighbours, ways, maps and pictures out. Start at `neighbours.py`.

neighbours.py   neighbours of a latent, ways between two, differences
maps.py         the space and a session's way through it, in two dimensions
landscape.py    the loss of a problem over a plane of code space
figures.py      the pictures of these, as PNG, SVG or PDF
"""
