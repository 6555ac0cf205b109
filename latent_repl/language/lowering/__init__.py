"""The tree of an Lx program in, one flat list of core lines, branches and jumps out. Start at `lower.py`.

lower.py           the whole text
statements.py      one statement; assignments.py is the longer one; bodies.py has those of a text, and of a function
guards.py          `finally` blocks, and what passes through them
loops.py           what `for` goes through: ranges.py, rows, and generators (generator_loop.py); comprehensions.py go
                   through the same
resizing.py        loops over dicts that a round may resize
expressions.py     one value, into a slot; powers.py is the longer one, choices.py what looks at a value first
displays.py        a string, a list, a tuple, a dict, an f-string that is written out
subscripts.py      x[i] and x[i:j:k], read, assigned, deleted
function_calls.py  calls of the user's functions; spreading.py has those whose arguments stand behind a star, and
                   gone_through.py says where a list stands for a range
routine_calls.py   methods, builtins, `in` and `is`: calls of the prelude, whose routines routines.py lowers
kinds.py           which variables hold values of one kind for certain, where that saves a routine
assembler.py       the list so far, and the labels that jumps wait for
slots.py           which slot of a frame is whose: variables and temporaries; reservations.py is of the bottom frame
words.py           what a checkpoint has no words for, refused with its place in the text
"""
