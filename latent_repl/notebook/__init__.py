"""The REPL in notebooks: a kernel whose cells are Lx, and `%%lx` among cells of Python. Start at `cells.py`.

cells.py     a cell: statements and `:commands`, and what is shown of them
kernel.py    the kernel, by ipykernel's wrapper; `__main__.py` starts it, `install.py` tells Jupyter of it
magic.py     `%load_ext latent_repl`
"""
