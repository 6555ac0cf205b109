"""Cells and rows as Python values, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.python_values import Malformed, cells_of_values, python_value, python_values, shown, text_of
from latent_repl.language.sameness import same
from latent_repl.language.values import CHARACTERS, NOTHING, Reference, Row

texts = st.text(st.sampled_from(CHARACTERS), max_size=4)
floats = (
    st.floats(allow_nan=False, allow_subnormal=False)
    .filter(lambda x: x == 0 or abs(x) > 1e-280)
    .map(lambda x: x or 0.0)
)
keys = st.integers(-(10**9), 10**9) | floats | st.booleans() | st.none() | texts | st.tuples(texts, st.integers(0, 1))
values = st.recursive(
    keys,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from("abc"), values))
def test_values_come_back_as_they_were(state: dict[str, Any]) -> None:
    state["shared"] = list(state.values())
    cells, rows = cells_of_values(state, 9)
    assert same(python_values(cells, rows), state)


cells = st.builds(Reference, st.integers(0, 5)) | st.sampled_from([1, True, "a", NOTHING, None, int])
kinds = st.sampled_from(["str", "list", "tuple", "dict", "int"])


@given(st.lists(st.builds(Row, kinds, st.lists(cells, max_size=4).map(tuple)), max_size=5))
def test_whatever_a_decoder_makes_can_be_shown(rows: list[Row]) -> None:
    assert repr(python_values({str(index): Reference(index) for index in range(6)}, rows))


def test_what_two_cells_refer_to_is_one_list() -> None:
    shown = python_values({"a": Reference(0), "b": Reference(0)}, [Row("list", (1, "c"))])
    assert shown == {"a": [1, "c"], "b": [1, "c"]}
    assert shown["a"] is shown["b"]


def test_a_float_is_a_row_of_its_own_and_there_is_one_zero() -> None:
    cells, rows = cells_of_values({"a": [0.5, -0.0], "b": 0.5}, 9)
    assert python_values(cells, rows) == {"a": [0.5, 0.0], "b": 0.5}
    assert repr(python_values(cells, rows)["a"]) == "[0.5, 0.0]"
    assert sorted(row.kind for row in rows) == ["int", "int", "int", "list"]


def test_a_list_that_lies_in_itself_is_cut_as_python_cuts_it() -> None:
    assert repr(python_value(Reference(0), [Row("list", (1, Reference(1))), Row("tuple", (Reference(0),))])) == (
        "[1, ([...],)]"
    )
    row: list[Any] = [1]
    row.append((row,))
    cells, rows = cells_of_values({"a": row}, 9)
    assert same(python_values(cells, rows), {"a": row})


@pytest.mark.parametrize(
    ("cell", "rows", "text"),
    [
        (NOTHING, [], "None"),
        ("c", [], "'c'"),
        (Reference(0), [Row("str", ("c", "a", "t"))], "'cat'"),
        (Reference(0), [Row("str")], "''"),
        (Reference(0), [Row("dict", ("a", 1, 2, NOTHING))], "{'a': 1, 2: None}"),
        (Reference(0), [Row("tuple", (1,))], "(1,)"),
        (Reference(0), [Row("int", (-1, 3, 2, 1))], "-123"),
        (Reference(0), [Row("int", (2, -3, 3))], "0.375"),
        (Reference(0), [Row("int")], "0.0"),
        (Reference(0), [Row("int", (-2, 999))], "-inf"),
        (Reference(0), [Row("list", (Reference(1), 2)), Row("int", (-2, 0, 5, 1))], "[-15.0, 2]"),
        (Reference(0), [Row("dict", (Reference(1), 1)), Row("int", (2, -1, 1))], "{0.5: 1}"),
        (Reference(0), [Row("int", (2, 3))], "<no int: 2, 3>"),
        (Reference(0), [Row("int", (2, 0, "a"))], "<no int: 2, 0, a>"),
        (Reference(0), [Row("int", (2, 998, *[9] * 15))], f"<no int: 2, 998, {', '.join('9' * 15)}>"),
        (Reference(3), [], "<no row: r3>"),
        (Reference(0), [Row("tuple", (Reference(0),))], "(<no row: r0>,)"),
        (Reference(0), [Row("str", ("a", 1))], "<no str: a, 1>"),
        (Reference(0), [Row("dict", (1,))], "{1: <no value>}"),
        (Reference(0), [Row("dict", (Reference(1), 1)), Row("list")], "{<no key: []>: 1}"),
    ],
)
def test_a_row_is_shown_as_python_shows_its_value(cell: Any, rows: list[Row], text: str) -> None:
    assert repr(python_value(cell, rows)) == text


def test_malformed_values_are_told_apart() -> None:
    assert repr(Malformed("str", [1])) == "<no str: 1>"


def test_a_text_that_would_be_endless_is_cut() -> None:
    value: list[Any] = [1]
    for _ in range(60):
        value = [value, value]
    assert len(shown(value)) < 1000 and "..." in shown(value)
    assert len(text_of([value])) < 1000


@pytest.mark.parametrize(
    ("value", "as_shown", "as_printed"),
    [
        ("cat", "'cat'", "cat"),
        (["a"], "['a']", "['a']"),
        (None, "None", "None"),
        (True, "True", "True"),
        (int, "<class 'int'>", "int"),
    ],
)
def test_a_value_is_shown_and_printed_as_python_does(value: Any, as_shown: str, as_printed: str) -> None:
    assert (shown(value), text_of(value)) == (as_shown, as_printed)
