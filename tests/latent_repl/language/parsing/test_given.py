"""What calls are given: functions by their names, lambdas, methods of kinds."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.parsing.function_nodes import GivenFunction
from latent_repl.language.parsing.given import mark_given
from latent_repl.language.parsing.source_text import SourceText


def marked(text: str) -> list[ast.stmt]:
    """Return a text's statements, in which f and g are the top level's functions and v is its variable."""
    return mark_given(ast.parse(text).body, SourceText(text, text), {"f", "g"}, {"f", "g", "v"})


def given(text: str) -> list[str]:
    """Return what calls are given in a text."""
    return [node.id for statement in marked(text) for node in ast.walk(statement) if isinstance(node, GivenFunction)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(g, 1)", ["g"]),
        ("f(x=g)", ["g"]),
        ("f(abs, print)", ["builtins.abs", "builtins.print"]),
        ("f(v, w, 1)", []),
        ("f(g(1))", []),
        ("f(g(f))", ["f"]),
        ("def h(g): return f(g)", []),
        ("def h(a):\n    g = a\n    return f(g)", []),
        ("def h():\n    def k(): return 1\n    return f(k)", ["k"]),
        ("[f(g) for g in v]", []),
        ("f(lambda x: x + 1)", ["<lambda>!x: x + 1"]),
        ("f(lambda: 0)", ["<lambda>!: 0"]),
    ],
)
def test_functions_are_told_from_variables(text: str, expected: list[str]) -> None:
    assert given(text) == expected


def test_a_lambda_is_defined_before_the_statement_it_stands_in() -> None:
    first, second = marked("if v:\n    f(lambda x: f(lambda y: y + x, 1))")
    assert isinstance(first, ast.FunctionDef) and first.name == "<lambda>!x: f(lambda y: y + x, 1)"
    assert isinstance(first.body[0], ast.FunctionDef) and first.body[0].name == "<lambda>!y: y + x"
    assert isinstance(second, ast.If)


def test_what_is_defined_stands_in_the_line_of_its_statement() -> None:
    assert [statement.lineno for statement in marked("v = 1\nf(\n  lambda x: 1)\nv = 2")] == [1, 2, 2, 4]


def test_the_same_lambda_is_defined_once_in_a_function() -> None:
    [function] = marked("def h(a):\n    b = f(lambda x: x + a)\n    return f(lambda x: x + a, b)")
    assert isinstance(function, ast.FunctionDef)
    assert [type(statement) for statement in function.body] == [ast.FunctionDef, ast.Assign, ast.Return]


def test_a_method_of_a_kind_is_given_as_what_calls_it() -> None:
    [function, _] = marked("f(str.upper, 'a')")
    assert isinstance(function, ast.FunctionDef)
    assert ast.unparse(function.body[0]) == "return own of(value, 'str', 'upper').upper()"
