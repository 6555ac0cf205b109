"""What a `def` must keep: plain parameters, no recursion, and what its callers give it."""

from __future__ import annotations

import pytest

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.parsing.conftest import assert_refused

# source, line, column, part of the message, part of the remedy
REFUSED = [
    ("@f\ndef g():\n    pass", 1, 2, "decorators", "leave the decorator out"),
    ("def f(a):\n    return f(a - 1)", 2, 12, "f calls itself", "write a loop"),
    ("def f(a, a):\n    return a", 1, 10, "a stands twice", "name of its own"),
    ("def f(a=1):\n    return a", 1, 1, "parameters that Lx has not", "plain names"),
    ("def f(*a):\n    return 1", 1, 1, "parameters that Lx has not", "plain names"),
    ("def f(a: int):\n    return a", 1, 10, "annotations", "leave the annotation out"),
    ("def f(a) -> int:\n    return a", 1, 13, "annotations", "leave the annotation out"),
    ("def f(a, /):\n    return a", 1, 1, "parameters that Lx has not", "plain names"),
    ("def f(*, a):\n    return a", 1, 1, "parameters that Lx has not", "plain names"),
    ("def f(a, max):\n    return a", 1, 10, "max cannot be a parameter", "another name"),
    ("def f(__a):\n    return 1", 1, 7, "__a cannot be a parameter", "another name"),
]


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), REFUSED)
def test_what_a_definition_may_not_be(source: str, line: int, column: int, message: str, remedy: str) -> None:
    assert_refused(source, line, column, message, remedy)


def test_recursion_by_a_new_definition_is_refused() -> None:
    functions = parse("def f(a):\n    return a\ndef g(a):\n    return f(a)").functions_at(2)
    with pytest.raises(LxSyntaxError, match="f calls itself"):
        parse("def f(a):\n    return g(a)", functions=functions)
    with pytest.raises(LxSyntaxError, match="g calls f with 1 values"):
        parse("def f(a, b):\n    return a", functions=functions)


def test_a_function_may_be_defined_again_and_call_those_before_it() -> None:
    text = "def f(a):\n    return a\ndef f(a, b):\n    return a\ndef g():\n    return f(1, 2)\ng()"
    assert set(parse(text).functions_at(3)) == {"f", "g"}
