"""Results within the range and the room of a row, and an end to everything."""

from __future__ import annotations

from typing import Any

import pytest

from latent_repl.language.oracle.bounds import ELEMENTS, Bounds, TooMuchError
from latent_repl.language.oracle.steps import Limits

LIMITS = Limits(-9, 9, 4, 8)


@pytest.mark.parametrize(
    "value", [999, -999, 0.1, 1e300, True, None, "abcd", "\n\t", [1] * 4, (), {1: 2, 3: 4}, [[1], "abc"]]
)
def test_a_value_within_bounds_is_admitted_as_it_is(value: Any) -> None:
    assert Bounds(LIMITS).admit(value) is value


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (1000, MemoryError),
        ([1, 1000], MemoryError),
        ((-1000,), MemoryError),
        ("abcde", MemoryError),
        ([1] * 5, MemoryError),
        ((1,) * 5, MemoryError),
        ({1: 2, 3: 4, 5: 6}, MemoryError),
        ("é", ValueError),
        (5e-324, OverflowError),
        ([1, -1e-310], OverflowError),
        (float("nan"), ValueError),
        ("\r", ValueError),
    ],
)
def test_a_value_beyond_bounds_is_an_error(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Bounds(LIMITS).admit(value)


def test_there_is_one_zero() -> None:
    assert repr(Bounds(LIMITS).admit(-0.0)) == "0.0"


def test_without_rows_a_number_beyond_the_range_is_an_overflow() -> None:
    bounds = Bounds(Limits(-9, 9))
    assert bounds.admit(9) == 9
    with pytest.raises(OverflowError, match="is outside"):
        bounds.admit(10)


def test_what_would_take_for_ever_to_compare_is_told() -> None:
    value: list[Any] = [1]
    for _ in range(60):
        value = [value, value]
    with pytest.raises(TooMuchError, match="parts"):
        Bounds(LIMITS).bounded(value)
    assert Bounds(LIMITS).bounded([[1], [2]]) == [[1], [2]]


def test_what_would_take_for_ever_to_go_through_is_told() -> None:
    bounds = Bounds(Limits(-9, 9, 20, 8))
    with pytest.raises(TooMuchError, match="elements"):
        sum(bounds.each(range(10**15)))
    with pytest.raises(TooMuchError):
        list(bounds.each(range(ELEMENTS)))


def test_no_more_is_collected_than_a_row_holds() -> None:
    assert Bounds(LIMITS).collected("abc") == ["a", "b", "c"]
    with pytest.raises(MemoryError, match="at most 4"):
        Bounds(LIMITS).collected(range(10**15))
