"""Paths through a function: each returns a value, and each gives a variable its value before it is read."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.parsing.flow import Flow
from latent_repl.language.parsing.scopes import Function
from latent_repl.language.parsing.source_text import SourceText
from tests.latent_repl.language.parsing.conftest import assert_refused

# source, line, column, part of the message, part of the remedy
REFUSED = [
    ("def f(a):\n    b = a", 1, 1, "f can end without return", "return and a value"),
    ("def f(a):\n    if a: return 1", 1, 1, "f can end without return", "return and a value"),
    ("def f(a):\n    if a: b = 1\n    return b", 3, 12, "b may have no value here", "assign b first"),
    ("def f(a):\n    b += 1\n    return b", 2, 5, "b may have no value here", "assign b first"),
]


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), REFUSED)
def test_a_path_without_a_value_is_refused(source: str, line: int, column: int, message: str, remedy: str) -> None:
    assert_refused(source, line, column, message, remedy)


def flow(body: str) -> Flow:
    """Return the flow of `def f(a):` with this body, lines set apart by `;;`."""
    source = "def f(a):\n    " + body.replace(";;", "\n    ")
    [definition] = ast.parse(source).body
    assert isinstance(definition, ast.FunctionDef)
    return Flow(Function(definition, SourceText(source, source)))


@pytest.mark.parametrize(
    ("body", "falls_through"),
    [
        ("return a", False),
        ("if a: return 1;;else: return 2", False),
        ("if a: return 1;;elif a > 1: return 2", True),
        ("if a: pass;;return 2", False),
        ("while a: return 1", True),
        ("for i in range(a): return 1", True),
        ("while a:;;    if a: break;;    return 1;;return 2", False),
        ("return 1;;a = 2", False),
    ],
)
def test_a_body_falls_through_where_some_path_has_no_return(body: str, falls_through: bool) -> None:
    assert flow(body).falls_through is falls_through


@pytest.mark.parametrize(
    ("body", "unassigned"),
    [
        ("b = a;;return b", None),
        ("b = b + 1;;return b", "b"),
        ("if a: b = 1;;else: b = 2;;return b", None),
        ("if a: b = 1;;else: return 2;;return b", None),
        ("while a:;;    b = 1;;    a = 0;;return b", "b"),
        ("for i in range(a): pass;;return i", "i"),
        ("for i in range(a): b = i;;return a", None),
        ("while a:;;    if a: continue;;    else: b = 1;;    a = b;;return a", None),
        ("c = b = 1;;b, d = c, b;;return d", None),
        ("return k", None),
        ("k += 1;;return k", "k"),
        ("return 1;;c = b;;b = 1", None),
    ],
)
def test_the_first_read_of_a_variable_that_may_have_no_value_is_found(body: str, unassigned: str | None) -> None:
    found = flow(body).unassigned
    assert (found and found.id) == unassigned
