"""Nodes of Lx's own around functions."""

from __future__ import annotations

import ast

import pytest

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.function_nodes import RefusedBody, defined, refused, shown


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("f", "f"),
        ("f.<locals>.g", "g"),
        ("f!g=h.<locals>.k", "f"),
        ("builtins.abs", "abs"),
        ("h.<locals>.<lambda>!x: x.y", "<lambda>"),
    ],
)
def test_a_name_is_shown_without_what_tells_it_from_others(name: str, expected: str) -> None:
    assert shown(name) == expected


def test_a_lambda_is_defined_where_it_stands() -> None:
    [statement] = ast.parse("(lambda a, b=1: a + b)").body
    assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Lambda)
    function = defined("f", statement.value, statement)
    assert ast.unparse(function) == "def f(a, b=1):\n    return a + b"
    assert (function.lineno, function.body[0].col_offset) == (1, 16)


def test_a_definition_that_is_refused_stays_one() -> None:
    definition, statement = ast.parse("def f(): return 1\na = 1").body
    error = LxSyntaxError("no")
    kept = refused(definition, error)
    assert kept is definition and isinstance(kept, ast.FunctionDef)
    assert isinstance(kept.body[0], RefusedBody) and kept.body[0].fault is error
    assert isinstance(refused(statement, error), RefusedBody)
