"""The language Lx: text -> tree -> core lines, and the oracle that runs them exactly.

program.py      the tables of operators and the records of a lowered program: start here, all else reads them
vocabulary.py   numbers core lines and states for the model
parsing/        text -> the tree of an Lx program, or an error with its place and a remedy
lowering/       tree -> one flat list of core lines, branches and jumps
oracle/         runs either exactly, to check and to train, never to execute
"""
