"""Which parameters are functions."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.parsing.scopes import Function
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.parsing.taking import arguments, functional, taking

CALLS = "def t(f, x): return f(x)"


def found(text: str) -> dict[str, set[str]]:
    own = [Function(node, SourceText(text, text)) for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    takes = taking(own, {})
    functions = {function.name: function for function in own}
    assert {name: functional(function, functions, takes) for name, function in functions.items()} == takes
    return {name: {*parameters} for name, parameters in takes.items() if parameters}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CALLS, {"t": {"f"}}),
        ("def t(x, *, f): return f(x)", {"t": {"f"}}),
        ("def t(f, g, x): return f(x)", {"t": {"f"}}),
        (f"def u(g): return t(g, 1)\n{CALLS}", {"t": {"f"}, "u": {"g"}}),
        (f"def u(g): return t(1, g)\n{CALLS}", {"t": {"f"}}),
        (f"def u(g): return t(x=1, f=g)\n{CALLS}", {"t": {"f"}, "u": {"g"}}),
        ("def a(f): return b(f)\ndef b(f): return a(f)", {}),
        ("def a(f): return b(f)\ndef b(f): return a(f) + f(1)", {"a": {"f"}, "b": {"f"}}),
        ("def t(f, x):\n    f = x\n    return f(x)", {}),
        ("def t(f, x): return [f(x) for f in x]", {}),
        ("def t(*f): return f(1)", {}),
        ("def t(f): return f", {}),
    ],
)
def test_a_parameter_is_a_function_where_it_is_called(text: str, expected: dict[str, set[str]]) -> None:
    assert found(text) == expected


def test_arguments_go_by_the_names_of_parameters() -> None:
    text = "def f(a, b, *rest, c): pass\nf(1, 2, 3, c=4)"
    definition, statement = ast.parse(text).body
    assert isinstance(definition, ast.FunctionDef) and isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    given = arguments(statement.value, Function(definition, SourceText(text, text)))
    assert [(name, ast.unparse(node)) for name, node in given] == [("a", "1"), ("b", "2"), ("", "3"), ("c", "4")]
