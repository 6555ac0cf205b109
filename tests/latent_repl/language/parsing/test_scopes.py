"""Functions of a text: their variables, whom they call, and what a piece of code reads through them."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute, run_source
from latent_repl.language.parsing.parse import parse
from latent_repl.language.parsing.scopes import Functions, reached, variables_in

SOURCE = """
def f(a, b):
    c = a * k
    for i in range(c): b += i
    return min(b, c)
def g(a):
    return f(a, m) + f(1, 2)
def h():
    return 1
"""


@pytest.fixture
def functions() -> Functions:
    """The functions of the source."""
    return parse(SOURCE).functions_at(3)


def test_the_variables_of_a_function_are_its_parameters_and_what_it_assigns(functions: Functions) -> None:
    assert {name: function.parameters for name, function in functions.items()} == {
        "f": ("a", "b"),
        "g": ("a",),
        "h": (),
    }
    assert {name: function.locals for name, function in functions.items()} == {
        "f": ("a", "b", "c", "i"),
        "g": ("a",),
        "h": (),
    }


def test_what_a_function_reads_beside_them_is_free(functions: Functions) -> None:
    assert {name: [free.id for free in function.free] for name, function in functions.items()} == {
        "f": ["k"],
        "g": ["m"],
        "h": [],
    }


@pytest.mark.parametrize(
    ("text", "called", "variables"),
    [
        ("x = y", set(), ["x", "y"]),
        ("x = abs(y)", set(), ["x", "y"]),
        ("x = f(y, 1)", {"f"}, ["x", "y", "k"]),
        ("x = g(h())", {"f", "g", "h"}, ["x", "m", "k"]),
        ("x = unknown(y)", set(), ["x", "y"]),
        ("def e():\n    return f(z, z)", set(), []),
        ("x = 𝐲 + ʔ + y", set(), ["x", "y", "y"]),
    ],
)
def test_a_piece_of_code_reads_what_it_names_and_what_its_calls_read(
    functions: Functions, text: str, called: set[str], variables: list[str]
) -> None:
    [statement] = ast.parse(text).body
    assert set(reached(statement, functions)) == called
    assert [name.id for name in variables_in(statement, functions)] == variables


def test_functions_of_an_earlier_text_are_known_and_called_by_their_present_meaning() -> None:
    first = parse("def f(a):\n    return a + 1\ndef g(a):\n    return f(a) * 2")
    functions = first.functions_at(2)
    second = parse("def f(a):\n    return a - 1\ng(5)", functions=functions)
    assert run_source(second).output == ("8",)
    assert execute(lower(second, slots=9), (None,) * 9).output == ("8",)
