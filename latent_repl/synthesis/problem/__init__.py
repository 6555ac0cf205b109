"""Text with holes in, a problem to search out: program, examples, what may fill each hole. Start at `specification.py`.

specification.py   text -> problem: which lines are constraints, what their targets are
goals.py           what a clause of a constraint asks for
problem.py         the problem itself; its templates, its programs filled, its excerpts
space.py           the fillings, and their code latents
decoding.py        a code latent -> the likeliest filling
box.py             the continuous box: points, and the fillings that they decode to
template.py        a line with holes, and what it becomes when they are filled
domains.py         what one hole may be filled with
scope.py           which names a hole can see
text.py            a filling -> the text of the filled program
"""
