"""What a `def` must keep: plain parameters, literals as defaults, and what its callers give it."""

from __future__ import annotations

import pytest

from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.parsing.conftest import assert_refused

# source, line, column, part of the message, part of the remedy
REFUSED = [
    ("@f\ndef g():\n    pass", 1, 2, "decorators", "leave the decorator out"),
    ("def f(a, a):\n    return a", 1, 10, "a stands twice", "name of its own"),
    ("k = 1\ndef f(a=k):\n    return a", 2, 9, "a default is a literal", "a, b=1"),
    ("def f(a=1 + 1):\n    return a", 1, 9, "a default is a literal", "a, b=1"),
    ("def f(a=1000):\n    return a", 1, 9, "1000 is outside", "number from"),
    ("def f(*a):\n    return 1", 1, 1, "no words for parameters behind a star", "one parameter for each value"),
    ("def f(**a):\n    return 1", 1, 1, "no words for parameters behind a star", "one parameter for each value"),
    ("def f(a, /):\n    return a", 1, 1, "parameters that Lx has not", "plain names"),
    ("k = 1\ndef f(*, a=k):\n    return a", 2, 12, "a default is a literal", "a, b=1"),
    ("def f(a, *, a):\n    return a", 1, 13, "a stands twice", "name of its own"),
    ("def f(a, *a):\n    return a", 1, 11, "a stands twice", "name of its own"),
    ("def f(*, max):\n    return a", 1, 10, "max cannot be a parameter", "another name"),
    ("def f(**range):\n    return a", 1, 9, "range cannot be a parameter", "another name"),
    ("def f(a, max):\n    return a", 1, 10, "max cannot be a parameter", "another name"),
    ("def f(__a):\n    return 1", 1, 7, "__a cannot be a parameter", "another name"),
]


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), REFUSED)
def test_what_a_definition_may_not_be(source: str, line: int, column: int, message: str, remedy: str) -> None:
    assert_refused(source, line, column, message, remedy)


CALLS = [
    ("f(c=2)", 3, 5, "f has no parameter c", "a, b"),
    ("f(1, a=2)", 3, 8, "f has two values for a", "a, b"),
    ("f(b=2)", 3, 1, "f has no value for a", "a=1"),
    ("f()", 3, 1, "f takes 1 to 2 values, not 0", "1 to 2"),
    ("f(1, 2, 3)", 3, 1, "f takes 1 to 2 values, not 3", "1 to 2"),
    ("f(**a)", 3, 5, "** before a value", "one by one"),
    ("def g(): return f(**a)", 3, 21, "** before a value", "one by one"),
]


@pytest.mark.parametrize(("call", "line", "column", "message", "remedy"), CALLS)
def test_calls_that_do_not_fit_are_refused(call: str, line: int, column: int, message: str, remedy: str) -> None:
    assert_refused(f"def f(a, b=1):\n    return a\n{call}", line, column, message, remedy)


PACKED = [
    ("f(1)", 3, 1, "f has no value for k", "k=1"),
    ("f(k=1)", 3, 1, "f has no value for a", "a=1"),
    ("f()", 3, 1, "f has no value for a", "a=1"),
    ("f(1, a=2, k=3)", 3, 8, "f has two values for a", "a, k"),
    ("f(1, k=3, m=3)", 3, 13, "f has no parameter m", "a, k"),
    ("f(1, k=3, b=3)", 3, 13, "f has no parameter b", "a, k"),
    ("f(**a)", 3, 5, "** before a value", "one by one"),
    ("f(*[1], k=3, **a)", 3, 16, "** before a value", "one by one"),
    ("f(*(c for c in 'ab'), k=3)", 3, 4, "a generator has no value", "list comprehension"),
    ("max(*[1])", 3, 5, "* before a value", "one by one"),
    ("[].index(*[1])", 3, 10, "* before a value", "one by one"),
]


@pytest.mark.parametrize(("call", "line", "column", "message", "remedy"), PACKED)
def test_calls_that_do_not_fit_what_packs_are_refused(
    call: str, line: int, column: int, message: str, remedy: str
) -> None:
    assert_refused(f"def f(a, *b, k):\n    return a\n{call}", line, column, message, remedy, rows=True)


def test_parameters_that_are_given_by_name_alone_are_named() -> None:
    assert_refused("def f(a, *, k, m=1):\n    return a\nf(1, 2)", 3, 6, "f takes k and m by name", "k=1")


@pytest.mark.parametrize("call", ["f(1)", "f(1, 2)", "f(a=1)", "f(1, b=2)", "f(b=1, a=2)"])
def test_arguments_by_place_and_by_name_are_taken(call: str) -> None:
    assert parse(f"def f(a, b=1):\n    return a\n{call}").module.body


def test_what_a_call_in_a_function_means_is_left_to_the_run() -> None:
    functions = parse("def f(a):\n    return f(a - 1)\ndef g(a):\n    return f(a) + h()").functions_at(2)
    assert set(parse("def f(a, b):\n    return g(a)", functions=functions).functions_at(1)) == {"f", "g"}


def test_a_function_may_be_defined_again_and_call_those_before_it() -> None:
    text = "def f(a):\n    return a\ndef f(a, b):\n    return a\ndef g():\n    return f(1, 2)\ng()"
    assert set(parse(text).functions_at(3)) == {"f", "g"}
