"""Operands that have gone on evenly are expected to go on evenly; all others are not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from latent_repl.model.inference.ahead import COURSES, FIRST, MOST, Ahead

NUMBERS = np.arange(100, dtype=np.float32)[:, None] * np.ones(2, np.float32)


def told(ahead: Ahead, *pairs: tuple[int, int], operator: int = 0) -> list[list[list[int]]]:
    """Return the pairs that are expected after each of these."""
    every = [ahead.after(operator, NUMBERS[[left, right]]) for left, right in pairs]
    return [following[..., 0].astype(int).tolist() for following in every]


@pytest.fixture
def ahead() -> Ahead:
    return Ahead(NUMBERS)


@pytest.mark.parametrize("by", [(0, 1), (1, 0), (0, -3), (2, -1)])
def test_a_third_step_that_is_as_wide_as_the_second_begins_a_course(ahead: Ahead, by: tuple[int, int]) -> None:
    left, right = by
    nothing, as_much, following = told(ahead, *((50 + step * left, 50 + step * right) for step in range(3)))
    assert nothing == as_much == []
    assert following == [[50 + step * left, 50 + step * right] for step in range(3, 3 + FIRST)]


def test_a_course_that_was_right_is_followed_twice_as_far_up_to_the_most(ahead: Ahead) -> None:
    place, lengths = 2, []
    told(ahead, (0, 7), (1, 7))
    for _ in range(4):
        [following] = told(ahead, (place, 7))
        lengths.append(len(following))
        place += len(following) + 1
    assert lengths == [FIRST, MOST, MOST, MOST]


def test_what_moves_unevenly_stays_or_is_another_operators_is_on_no_course(ahead: Ahead) -> None:
    assert told(ahead, (7, 2), (22, 2), (11, 2), (34, 2), (17, 2)) == [[]] * 5
    assert told(ahead, (3, 3), (3, 3), (3, 3), operator=1) == [[]] * 3
    told(ahead, (50, 5), (51, 5), operator=2)
    assert told(ahead, (52, 5), operator=3) == [[]]


def test_loops_inside_one_another_have_courses_of_their_own(ahead: Ahead) -> None:
    for left in (10, 11, 12):
        outer, *_, inner = told(ahead, (left, 90), *((left, right) for right in range(3)))
        assert inner == [[left, right] for right in (3, 4, 5, 6)]
    assert outer == [[left, 90] for left in (13, 14, 15, 16)]


def test_a_course_ends_where_the_numbers_do(ahead: Ahead) -> None:
    assert told(ahead, (5, 2), (5, 1), (5, 0))[-1] == []
    assert told(ahead, (95, 5), (96, 5), (97, 5))[-1] == [[98, 5], [99, 5]]


def test_what_is_no_number_in_its_place_is_on_no_course(ahead: Ahead) -> None:
    between: Sequence[float] = (1.5, 2.5, 3.5, 4.5)
    for left in between:
        assert ahead.after(0, np.array([[left, left], [7, 7]], np.float32)).shape == (0, 2, 2)


def test_courses_are_forgotten_before_they_fill_the_memory(ahead: Ahead) -> None:
    for operator in range(COURSES):
        told(ahead, (operator % 50, 3), operator=operator)
    assert len(ahead._courses) <= COURSES + 2
