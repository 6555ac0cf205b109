"""Text in, the tree of an Lx program out, or a syntax error with its place and a remedy. Start at `parse.py`.

parse.py           text -> tree: holes replaced, Python's `ast`, the checks, holes marked
holes.py           `?` -> what Python can parse, and back; quoted.py is what of a text is in strings and comments
simplify.py        other ways to write the same, in one form, with simplify_calls.py, simplify_stars.py,
                   simplify_sets.py and simplify_formats.py; errors.py: nodes for errors that are raised and caught;
                   patterns.py: what the patterns of match ask and capture
imports.py         what `import` of a module of Lx becomes
nested.py          functions inside functions, moved to the top level; captured.py finds what they read of those around
                   them, flow.py whether that has a value when they are called
given.py           functions that calls give to functions, lambdas among them, as nodes of function_nodes.py
copies.py          what takes functions, copied for each that it is given: taking.py finds what does, bound_copy.py
                   makes a copy
syntax_errors.py   Python's own messages in Lx's words
statement_checker.py
                   the allow-list, over expression_checker.py, call_checker.py and literals.py;
                   refusals.py holds what they say to write instead
definitions.py     what a function must be, and its calls
scopes.py          functions of a text, who calls whom, the variables of a part
hole_nodes.py      tree -> the same with a node for each hole
source_text.py     the text and its positions, for errors
"""
