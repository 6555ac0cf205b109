"""Builtins and methods: their names, how many arguments, and what may be gone through."""

from __future__ import annotations

import pytest

from latent_repl.language.parsing.parse import parse
from latent_repl.language.signatures import (
    BUILTINS,
    CONSUMERS,
    GENERATOR_CONSUMERS,
    LAZY_BUILTINS,
    LAZY_METHODS,
    METHODS,
    Signature,
)
from tests.latent_repl.language.parsing.conftest import assert_refused, refusal

# source, line, column, part of the message, part of the remedy
REFUSED = [
    ("len()", 1, 1, "len takes 1 value, not 0", "write len"),
    ("sorted([1], key=3)", 1, 17, "behind key= is called with one value", "lambda"),
    ("len(x=[])", 1, 7, "by name", "leave the argument out"),
    ("sorted(**a)", 1, 10, "** before a value", "one by one"),
    ("s.upper(1)", 1, 1, "upper takes 0 values, not 1", "write upper"),
    ("s.uper()", 1, 1, "unknown method uper", "did you mean upper?"),
    ("s.explode()", 1, 1, "unknown method explode", "methods of str"),
    ("s.format_map(d)", 1, 1, "format is not in Lx", "f in front"),
    ("s.format(**d)", 1, 12, "** before a value", "one by one"),
    ("s.add(1)", 1, 1, "a set that is kept is not in Lx", "list"),
    ("str.over(s)", 1, 1, "str is a kind of value", "s.upper()"),
    ("a = range(3)", 1, 5, "range gives no value of its own", "list(range(...))"),
    ("a = enumerate(b)", 1, 5, "enumerate gives no value of its own", "list(enumerate(...))"),
    ("a = d.items()", 1, 5, "items gives no value of its own", "list(a.items())"),
    ("print(reversed(a))", 1, 7, "reversed gives no value", "list(reversed(...))"),
    ("len(x for x in a)", 1, 4, "a generator has no value", "list comprehension"),
    ("input()", 1, 1, "input is not in Lx", "write the value itself"),
    ("set([1])", 1, 1, "a set that is kept is not in Lx", "list"),
    ("complex('1')", 1, 1, "unknown function complex", "int, float, ord"),
    ("open('a')", 1, 1, "Lx reads no files", "values themselves"),
    ("next(a)", 1, 1, "next is not in Lx", "for loop"),
    ("x = map(f, a, b)", 1, 5, "map takes the name of a function", "map(f, values)"),
    ("zip = 1\nzip([1])", 2, 1, "zip is a variable", "another name"),
    ("sorted([1], [])", 1, 13, "sorted takes reverse by name", "write as in reverse=True"),
    ("a = [1]\na.sort(True)", 2, 8, "sort takes reverse by name", "write as in reverse=True"),
    ("ord('a', 3)", 1, 1, "ord takes 1 value, not 2", "write ord with 1"),
    ("def f(len):\n    len = 1\n    return len([1])", 3, 12, "len is a variable", "another name"),
]


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), REFUSED)
def test_the_place_and_the_remedy_of_a_call_outside_lx(
    source: str, line: int, column: int, message: str, remedy: str
) -> None:
    assert_refused(source, line, column, message, remedy, rows=True)


def given(row: Signature, count: int) -> str:
    """Return so many arguments; by name those that are taken no other way."""
    placed = count if row.placed is None else min(row.placed, count)
    return ", ".join([*"a" * placed, *(f"{name}=a" for name in (row.keywords or ())[: count - placed])])


@pytest.mark.parametrize("name", BUILTINS)
def test_a_builtin_takes_its_numbers_of_arguments(name: str) -> None:
    row = BUILTINS[name]
    for count in {row.least, row.least + 3 if row.most is None else row.most}:
        call = f"{name}({given(row, count)})"
        assert parse(f"list({call})" if name in LAZY_BUILTINS else call, rows=True).module.body


@pytest.mark.parametrize("name", METHODS)
def test_a_method_takes_its_numbers_of_arguments(name: str) -> None:
    row = METHODS[name]
    for count in {row.least, row.most or 0}:
        call = f"a.{name}({given(row, count)})"
        assert parse(f"list({call})" if name in LAZY_METHODS else call, rows=True).module.body


@pytest.mark.parametrize("lazy", ["range(3)", "enumerate(a)", "zip(a, b)", "reversed(a)", "a.items()", "a.keys()"])
@pytest.mark.parametrize(
    "place", [*(f"{name}({{}})" for name in CONSUMERS), "for x in {}: pass", "x, y = {}", "1 in {}"]
)
def test_what_is_gone_through_at_once_stands_where_that_is_done(lazy: str, place: str) -> None:
    text = place.format(lazy)
    assert parse(f"list({text})" if text.startswith(LAZY_BUILTINS) else text, rows=True).module.body


@pytest.mark.parametrize("place", [*(f"{name}({{}})" for name in GENERATOR_CONSUMERS), "', '.join({})", "x, y = ({})"])
def test_a_generator_stands_where_it_is_gone_through(place: str) -> None:
    assert parse(place.format("c + 1 for c in a"), rows=True).module.body


def test_a_name_that_is_nearly_a_functions_is_told() -> None:
    assert "did you mean print?" in refusal("pritn(1)").remedy
    assert "did you mean add?" in refusal("def add(a):\n    return a\nprint(ad(1))").remedy
    assert "isinstance" in refusal("xyzzy(1)", rows=True).remedy


def test_a_function_of_the_users_may_have_the_name_of_a_builtin() -> None:
    text = "def sum(a, b):\n    return a + b\nx = sum(1, 2)"
    functions = parse(text, rows=True).functions_at(1)
    assert parse("sum(1, 2)", rows=True, functions=functions).module.body
    assert_refused("def sum(a):\n    return a\nsum(1, 2)", 3, 1, "sum takes 1 value", "write sum", rows=True)
