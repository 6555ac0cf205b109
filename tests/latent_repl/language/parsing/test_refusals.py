"""Each piece of Python that is not in Lx is refused with what to write instead."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.operators import COMPARISON_NODES, UNARY_NODES, WRITTEN_NODES
from latent_repl.language.parsing.holes import HoleOperator
from latent_repl.language.parsing.refusals import OPERATOR_REFUSALS, OPERATORS_NEED_ROWS
from tests.latent_repl.language.parsing.conftest import assert_refused

# source, line, column, part of the message, part of the remedy
REFUSED = [
    ("(a) @ (b)", 1, 5, "no operator @", "write *"),
    ("a @= 2", 1, 3, "no operator @", "write *"),
    ("a = 2j", 1, 5, "complex numbers", "without j"),
    ("b = a.b", 1, 5, "attributes", "without a dot"),
    ("b = {1}", 1, 5, "a set that is kept", "or a list"),
    ("(lambda: 1)()", 1, 2, "lambda", "write def"),
    ("b = (yield)", 1, 6, "yield", "one after another"),
    ("a: int", 1, 1, "a declaration without a value", "give it one"),
    ("import os", 1, 1, "the module os is not in Lx", "write out"),
    ("from os import path", 1, 1, "the module os is not in Lx", "write out"),
    ("class A: pass", 1, 1, "class", "in a dict"),
    ("with a: pass", 1, 1, "with", "one after another"),
    ("match a:\n    case 1: pass", 1, 1, "no words for match", "if and elif"),
    ("raise a", 1, 1, "raise", "assert False"),
    ("nonlocal a", 1, 1, "not allowed at module level", "write global"),
    ("async def f(): pass", 1, 1, "one line after another", "one after another"),
    ("max(a, *b)", 1, 8, "* before a value", "one by one"),
    ("a = ?.b", 1, 5, "attributes", "dot"),
    ("async for i in a: pass", 1, 1, "one line after another", "one after another"),
    ("async with a: pass", 1, 1, "one line after another", "one after another"),
    ("b = {i for i in a}", 1, 5, "a set that is kept", "or a list"),
    ("b = await a", 1, 5, "one line after another", "one after another"),
    ("b = (yield from a)", 1, 6, "yield", "one after another"),
]

# The same of what only a checkpoint with rows has words for.
ROWS_NEEDED = [
    ("a = 'cat'", 1, 5, "strings", "whole number"),
    ('a = f"{b}"', 1, 5, "strings", "whole number"),
    ("a = None", 1, 5, "None", "whole number"),
    ("a = 1.5", 1, 5, "floats", "// to divide"),
    ("a = 1e-320", 1, 5, "floats", "// to divide"),
    ("(a) / (b)", 1, 5, "the operator /", "write //"),
    ("a /= 2", 1, 3, "the operator /", "write //"),
    ("b = float(a)", 1, 5, "what float works on", "abs, min, max"),
    ("b = a[0]", 1, 5, "subscripts", "one variable"),
    ("b[0] = a", 1, 1, "subscripts", "one variable"),
    ("b = [1]", 1, 5, "lists", "one variable"),
    ("b = {1: 2}", 1, 5, "dictionaries", "one variable"),
    ("b = a < (1, 2)", 1, 9, "tuples", "one variable"),
    ("b = [i for i in a]", 1, 5, "comprehensions", "for loop"),
    ("b = {i: i for i in a}", 1, 5, "comprehensions", "for loop"),
    ("b = abs(i for i in a)", 1, 8, "comprehensions", "for loop"),
    ("b = a.upper()", 1, 5, "methods", "without a dot"),
    ("b = sum(a)", 1, 5, "what sum works on", "abs, min, max"),
    ("a is b", 1, 3, "the operator is", "=="),
    ("a is not b", 1, 3, "the operator is not", "!="),
    ("a << 2", 1, 3, "the operator <<", "2 ** n"),
    ("a >> 2", 1, 3, "the operator >>", "2 ** n"),
    ("a | b", 1, 3, "the operator |", "and, or, not"),
    ("try:\n    pass\nexcept KeyError:\n    pass", 1, 1, "errors that are caught", "if"),
    ("raise ValueError", 1, 1, "raise", "assert False"),
    ("a &= b", 1, 3, "the operator &", "and, or, not"),
    ("a ^ b", 1, 3, "the operator ^", "**"),
    ("a in b", 1, 3, "the operator in", "or"),
    ("a not in b", 1, 3, "the operator not in", "and"),
    ("for i in a: pass", 1, 10, "a loop over anything but range", "range(10)"),
]


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), ROWS_NEEDED)
def test_what_a_checkpoint_has_no_words_for_is_refused_with_a_way_around_it(
    source: str, line: int, column: int, message: str, remedy: str
) -> None:
    assert_refused(source, line, column, f"this checkpoint has no words for {message}", remedy)
    assert_refused(source, line, column, "", "another checkpoint")


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), REFUSED)
def test_what_is_not_in_lx_is_refused_with_what_to_write(
    source: str, line: int, column: int, message: str, remedy: str
) -> None:
    assert_refused(source, line, column, message, remedy)


def test_every_operator_of_python_is_in_lx_or_refused_in_words() -> None:
    of_python = {node for base in (ast.operator, ast.unaryop, ast.cmpop) for node in base.__subclasses__()}
    in_lx = {*WRITTEN_NODES, *COMPARISON_NODES, *UNARY_NODES, ast.Invert}
    assert of_python - {HoleOperator} == in_lx | set(OPERATOR_REFUSALS) | set(OPERATORS_NEED_ROWS)
    assert in_lx.isdisjoint(OPERATOR_REFUSALS)
