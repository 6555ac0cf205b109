"""The language Lx: text -> tree -> core lines, and the oracle that runs them exactly.

values.py       the table of kinds of values: start here, one row is all that a kind needs
operators.py    the table of operators: the same for operators
movement.py     what a core line does with rows, exactly: moves.py says what is decided, rules.py how
heap.py         which rows nothing refers to any more
raised.py       the errors that programs raise and catch
messages.py     what Python says of a step that fails
floats.py       floats as cells of a row, and what of Python's Lx has not
python_values.py decoded cells and rows as Python's values; sameness.py compares them, extent.py measures them
printed.py      what `print` writes
signatures.py   the builtins and methods that programs may call
instructions.py the statements of Lx, lowered; program.py holds the records of a program
calling.py      which argument is whose parameter
frames.py       where a program stands within calls, and what calls and returns copy
vocabulary.py   numbers core lines and states for a model: the words of one checkpoint, read from it
prelude/        Python's own functions and methods on rows, written in Lx
modules/        modules of Python's library that programs may import, written in Lx
parsing/        text -> the tree of an Lx program, or an error with its place and a remedy
lowering/       tree -> one flat list of core lines, branches and jumps
oracle/         runs either exactly, to check and to train, never to execute
"""
