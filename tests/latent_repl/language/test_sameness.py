"""Two states are the same: values, kinds, order, and what is shared."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
from hypothesis import given

from latent_repl.language.sameness import first_difference, same, same_value
from tests.latent_repl.language.test_extent import values

ONE: list[Any] = [1]


@given(values, values)
def test_values_without_parts_in_common_are_the_same_where_their_texts_are(one: Any, other: Any) -> None:
    assert same_value(one, other) == (repr(one) == repr(other))
    assert same_value(one, copy.deepcopy(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        ([0], [False]),
        ("1", 1),
        (None, "None"),
        ((1, 2), (3, 4)),
        ((1, 2), [1, 2]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ([[], []], [ONE[:0]] * 2),
        ({}, []),
    ],
)
def test_values_of_other_kinds_order_or_sharing_differ(one: Any, other: Any) -> None:
    assert not same_value(one, other)


def test_lists_that_two_variables_share_are_told_from_equal_ones() -> None:
    assert same({"a": ONE, "b": ONE}, {"b": ONE, "a": ONE})
    assert not same({"a": ONE, "b": ONE}, {"a": [1], "b": [1]})
    assert not same({"a": 1}, {"b": 1})
    assert same({"a": (1, 2), "b": (1, 2)}, dict.fromkeys("ab", (1, 2)))


def test_values_that_lie_in_themselves_are_compared() -> None:
    def looped(number: int) -> list[Any]:
        row: list[Any] = [number]
        row.append((row, row))
        return row

    assert same_value(looped(1), looped(1))
    assert not same_value(looped(1), looped(2))


def test_values_that_double_are_compared_at_once() -> None:
    def doubled(number: int) -> Any:
        value: Any = (number,)
        for _ in range(100):
            value = (value, value)
        return value

    assert same_value(doubled(1), doubled(1))
    assert not same_value(doubled(1), doubled(2))


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        ({"a": 1}, {"a": 1}, ""),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, "b"),
        ({"a": 1}, {"b": 1}, "a"),
        ({"a": 1}, {"a": True}, "a"),
        ({"x": [1, (2, "cat")]}, {"x": [1, (2, "cut")]}, "x[1][1][1]"),
        ({"x": [1, 2]}, {"x": [1]}, "x[1]"),
        ({"d": {"k": [1], 2: 3}}, {"d": {"k": [0], 2: 3}}, "d['k'][0]"),
        ({"d": {1: 2}}, {"d": {1: 2, 3: 4}}, "d[3]"),
    ],
)
def test_the_first_cell_that_differs_is_found(one: Any, other: Any, place: str) -> None:
    assert first_difference(one, other) == place


def test_the_first_cell_is_found_in_values_that_lie_in_themselves() -> None:
    one, other = list[Any]([1]), list[Any]([1])
    one[:0], other[:0] = [one], [other]
    one.append(2)
    assert first_difference({"x": one}, {"x": other}) == "x[0]"


def test_two_floats_without_a_number_are_the_same_as_their_texts_are() -> None:
    assert same_value([math.nan], [-math.nan])
    assert not same_value(1.0, 1)
