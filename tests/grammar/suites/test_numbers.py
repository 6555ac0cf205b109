"""Routines about numbers take inputs for any range that a checkpoint declares."""

from __future__ import annotations

from string import Formatter

import pytest

from grammar.suites.numbers import LARGEST_MODULUS, NUMBERS
from grammar.suites.routines import RoutineTemplate

ROUTINES = {f"{suite}/{name}": routine for suite, rows in NUMBERS.items() for name, routine in rows.items()}


@pytest.mark.parametrize("maximum", [99, 999])
@pytest.mark.parametrize("routine", ROUTINES.values(), ids=ROUTINES)
def test_every_input_has_its_place_and_a_range_within_the_declared_one(routine: RoutineTemplate, maximum: int) -> None:
    inputs = routine.inputs(maximum)
    assert {field for _, field, _, _ in Formatter().parse(routine.text) if field} <= inputs.keys()
    assert all(-maximum <= low <= high <= maximum for low, high in inputs.values())


def test_squares_of_remainders_stay_in_range() -> None:
    assert (LARGEST_MODULUS - 1) ** 2 <= 999
