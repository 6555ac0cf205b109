"""What is likely asked next: operands that have gone on evenly go on evenly, as where a loop counts.

    7 % 3, 7 % 4, 7 % 5 are asked --> 7 % 6, 7 % 7, 7 % 8, 7 % 9 are computed with the third

What a step on new operands takes is mostly reading the trunk's weights, so a product of nine rows takes twice as long
as one of a single row, not nine times (a processor with AVX-512; four times without). Only which operands come next is
guessed: what a step makes of them is the trunk's own.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

import numpy as np

from latent_repl.model.interface import Array
from latent_repl.model.memory import keys_of
from latent_repl.shapes import Float

# Steps that are computed beside one at first and at most; each time that they were asked for it is twice as many.
# Courses that are kept. Chosen.
FIRST, MOST, COURSES = 4, 8, 1024

Pair = tuple[int, int]


class Course(NamedTuple):
    """The last pair of operands of a course, how far both were from those before, and how many came beside it."""

    pair: Pair
    by: Pair
    beside: int


class Ahead:
    """Follows the courses that operands take."""

    def __init__(self, numbers: Float[Array, "N D"]) -> None:
        """numbers: the latents of all numbers in range, in their order."""
        self._numbers = numbers
        self._places = {key: place for place, key in enumerate(keys_of(numbers))}
        self._courses: dict[Hashable, Course] = {}

    def after(self, operator: int, operands: Float[Array, "K D"]) -> Float[Array, "M K D"]:
        """Return the operands that are likely asked after these; none where they are no numbers, or on no course."""
        left, right = (self._places.get(key) for key in keys_of(operands))
        if left is None or right is None:
            return operands[None][:0]
        # In a loop one operand mostly stays; both may move as well.
        courses = [self._go(key, (left, right)) for key in ((operator, left, None), (operator, None, right), operator)]
        key, course = max(courses, key=lambda each: each[1].beside)
        pairs = self._along(course)
        if len(pairs):
            self._courses[key] = Course(pairs[-1], course.by, len(pairs))
        return self._numbers[np.array(pairs, int).reshape(-1, 2)]

    def _go(self, key: Hashable, pair: Pair) -> tuple[Hashable, Course]:
        """Note where a course has come to; `beside` says how many more to compute."""
        before = self._courses.get(key)
        by = (pair[0] - before.pair[0], pair[1] - before.pair[1]) if before else (0, 0)
        evenly = before is not None and by == before.by != (0, 0)
        beside = min(max(2 * before.beside, FIRST), MOST) if before and evenly else 0
        if before is None and len(self._courses) >= COURSES:
            self._courses.clear()
        self._courses[key] = Course(pair, by, 0)
        return key, Course(pair, by, beside)

    def _along(self, course: Course) -> list[Pair]:
        (left, right), (left_by, right_by), count = course.pair, course.by, len(self._numbers)
        pairs = [(left + step * left_by, right + step * right_by) for step in range(1, course.beside + 1)]
        return [pair for pair in pairs if min(pair) >= 0 and max(pair) < count]
