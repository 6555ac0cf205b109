"""Floats as cells, and back: the same number, and no number where the cells are no float's."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from latent_repl.language.floats import LARGEST_POWER, NO_FLOAT, TOO_SMALL, cells_of_float, float_of_cells, is_float_row

LEAST = 2.0**-LARGEST_POWER
LARGEST = math.nextafter(math.inf, 0)


@given(st.floats(allow_nan=False, allow_subnormal=False))
@example(math.inf)
@example(-math.inf)
@example(0.1)
@example(LARGEST)
@example(-LARGEST)
@example(2.0**1023)
@example(2.0**999 * 3)
@example(LEAST)
@example(-LEAST * (2**53 - 1))
def test_a_float_comes_back_from_its_cells(value: float) -> None:
    try:
        cells = cells_of_float(value)
    except OverflowError:
        assert 0 < abs(value) < LEAST * 2**53
        return
    back = float_of_cells(cells)
    assert repr(back) == repr(value or 0.0)


@given(st.floats(allow_nan=False, allow_subnormal=False))
@example(2.0**1023)
@example(LARGEST)
@example(LEAST)
def test_cells_are_a_sign_a_power_of_two_and_the_digits_of_an_odd_number(value: float) -> None:
    assume(abs(value) >= LEAST * 2**53 and not math.isinf(value))
    sign, power, *digits = cells_of_float(value)
    number = int("".join(map(str, reversed(digits))))
    assert sign == math.copysign(2, value) and digits[-1] > 0
    assert (sign // 2) * math.ldexp(number, power) == value
    # What no power of 998 holds is left in the digits.
    assert number % 2 == 1 or power == LARGEST_POWER


@pytest.mark.parametrize("value", [LARGEST, -LARGEST, 2.0**1023, LEAST, -math.inf, 0.1, 1e23])
def test_a_checkpoint_with_numbers_of_three_digits_has_words_for_all_cells(value: float) -> None:
    assert all(-999 <= cell <= 999 for cell in cells_of_float(value))
    assert len(cells_of_float(value)) <= 2 + len(str(2**53))


def test_there_is_one_zero_and_it_has_no_cells() -> None:
    assert cells_of_float(0.0) == cells_of_float(-0.0) == ()
    assert repr(float_of_cells(())) == "0.0"


@pytest.mark.parametrize("value", [5e-324, -(2.0**-1022), 1e-310, math.nextafter(LEAST, 0), LEAST / 2, 0.1 * LEAST])
def test_a_float_too_near_to_zero_has_no_cells(value: float) -> None:
    with pytest.raises(OverflowError, match=TOO_SMALL):
        cells_of_float(value)


def test_what_is_no_number_has_no_cells() -> None:
    with pytest.raises(ValueError, match=NO_FLOAT):
        cells_of_float(math.nan)


@pytest.mark.parametrize(
    "cells",
    [
        *((2,), (1, 3), (0, 1, 3), (3, 0, 1), (-1, 2, 3)),  # no sign of a float's
        *((2, 3), (2, -998), (2, 998)),  # no digits
        *((2, 999, 1), (2, -999), (2, -999, 1), (2, 1000)),  # no power
        *((2, 0, 10), (2, 0, -1), (2, 0, 3, 999)),  # no digits of ten
        *((2, 0, "3"), (2, "a", 3), (2, 0, True), (2, True, 3), ("2", 0, 3), (2, 0, None), (2, 0, int)),  # no numbers
        (2, 0, *[9] * 16),  # more than 53 bits
        (2, 998, *[9] * 15),  # more than a float holds
        (-2, 998, *map(int, reversed(str(2**26)))),
    ],
)
def test_other_cells_are_no_float(cells: tuple[Any, ...]) -> None:
    assert float_of_cells(cells) is None


@given(st.lists(st.integers(-1000, 1000) | st.sampled_from(["a", True, None, int]), max_size=20))
def test_whatever_a_decoder_makes_is_a_float_or_none(cells: list[Any]) -> None:
    value = float_of_cells(cells)
    assert value is None or (type(value) is float and not math.isnan(value))


@pytest.mark.parametrize(
    ("kind", "cells", "told"),
    [
        *(("int", (), True), ("int", (2, 0, 3), True), ("int", (-2, 999), True), ("int", (2, 0, 77), True)),
        *(("int", (1, 3, 2, 1), False), ("int", (-1, 2), False), ("int", (2,), False)),
        *(("list", (), False), ("list", (2, 0, 3), False), ("str", (), False)),
    ],
)
def test_a_float_is_told_from_a_wide_integer_by_its_first_cell(kind: str, cells: tuple[Any, ...], told: bool) -> None:
    assert is_float_row(kind, cells) is told
