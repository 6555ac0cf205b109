"""Copies of functions that take functions."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.parsing.bound_copy import bound_copy
from latent_repl.language.parsing.function_nodes import BoundTo
from latent_repl.language.parsing.parse import parse

F, BY_NAME = BoundTo(0, "g", ()), BoundTo("f", "builtins.abs", ())


@pytest.mark.parametrize(
    ("text", "bound", "parameters", "body"),
    [
        ("def t(f, x): return f(x)", F, "x", "return g(x)"),
        ("def t(f, x=2, y=3): return f(x) + y", F, "x=2, y=3", "return g(x) + y"),
        ("def t(f=None, x=2): return f(x)", F, "x=2", "return g(x)"),
        ("def t(x, *, f, k=1): return f(x + k)", BY_NAME, "x, *, k=1", "return abs(x + k)"),
        ("def t(f, *rest, **named): return f(*rest)", F, "*rest, **named", "return g(*rest)"),
        ("def t(f, x): return f(x)", F._replace(captured=("h.a",)), "x, *, f.h.a", "return g(x, h.a=f.h.a)"),
        ("def t(f, x): return int(f(x))", F, "x", "return int(g(x))"),
    ],
)
def test_a_parameter_goes_and_what_it_stands_for_is_called(
    text: str, bound: BoundTo, parameters: str, body: str
) -> None:
    function = parse(text, rows=True).functions_at(1)["t"]
    before = ast.dump(function.definition.args)
    copied = bound_copy("c", function, [bound], function.definition)
    assert (ast.unparse(copied.args), ast.unparse(copied.body[0])) == (parameters, body)
    assert (copied.name, copied.original, copied.text) == ("c", "t", function.text)
    assert ast.dump(function.definition.args) == before


@pytest.mark.parametrize("text", ["def t(): return 1", "def t(f): return f", "def t(g, f): return f(1)"])
def test_a_copy_of_what_calls_nothing_there_raises_an_error(text: str) -> None:
    function = parse(text, rows=True).functions_at(1)["t"]
    copied = bound_copy("c", function, [F], function.definition)
    assert ast.unparse(copied.args) == "*values, **named" and isinstance(copied.body[0], ast.Raise)
