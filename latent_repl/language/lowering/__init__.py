"""The tree of an Lx program in, one flat list of core lines, branches and jumps out. Start at `lower.py`.

lower.py         the whole text
statements.py    one statement, of a text or of a function; assignments.py and ranges.py are the longer ones
expressions.py   one value, into a slot
assembler.py     the list so far, and the labels that jumps wait for
slots.py         which slot of a frame is whose: variables and temporaries
words.py         what a checkpoint has no words for, refused with its place in the text
"""
