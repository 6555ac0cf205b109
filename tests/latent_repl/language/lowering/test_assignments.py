"""Assignments: one copy or one operation for each variable, several at once in Python's order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.oracle.core_lines import execute
from latent_repl.language.program import CoreLine
from tests.latent_repl.language.lowering.conftest import NAMES, assert_lowered, lowered

Draw = Callable[[st.SearchStrategy[Any]], Any]

CORE_LINES = [
    ("a = 5", ["s0 = 5"]),
    ("a = -53", ["s0 = -53"]),
    ("a = b", ["s0 = s1"]),
    ("a = True", ["s0 = True"]),
    ("a = b = 3", ["s0 = 3", "s1 = 3"]),
    ("a = b = c", ["s0 = s2", "s1 = s2"]),
    ("a = b = a + 1", ["s0 = s0 + 1", "s1 = s0"]),
    ("a = b = ?", ["s0 = ?", "s1 = s0"]),
    ("a, b = b, a", ["s3 = s0", "s0 = s1", "s1 = s3"]),
    ("a, b = 1, 2", ["s0 = 1", "s1 = 2"]),
    ("a, b = c, a", ["s1 = s0", "s0 = s2"]),
    ("a, b = a, b", ["s0 = s0", "s1 = s1"]),
    ("a, b, c = b, c, a", ["s3 = s0", "s0 = s1", "s1 = s2", "s2 = s3"]),
    ("a, b = b, a + b", ["s3 = s1", "s1 = s0 + s1", "s0 = s3"]),
    ("a, b = b + 1, 2", ["s0 = s1 + 1", "s1 = 2"]),
    ("a, a = 1, b", ["s3 = 1", "s4 = s1", "s0 = s3", "s0 = s4"]),
]


@pytest.mark.parametrize(("source", "expected"), CORE_LINES)
def test_the_core_lines_of_an_assignment(source: str, expected: list[str]) -> None:
    assert_lowered(source, expected)


@st.composite
def assignments(draw: Draw) -> str:
    targets = draw(st.lists(st.sampled_from(sorted(NAMES)), min_size=2, max_size=4))
    values = st.sampled_from([*NAMES, "7", "a + b", "c - 1", "max(a, c)", "b and a"])
    left = [", ".join(draw(st.permutations(targets))) for _ in range(draw(st.integers(1, 2)))]
    return " = ".join([*left, ", ".join(draw(values) for _ in targets)])


@given(assignments(), st.tuples(*[st.integers(-9, 9)] * 3))
def test_variables_assigned_at_once_end_as_in_python(source: str, values: tuple[int, int, int]) -> None:
    expected = dict(zip(NAMES, values, strict=True))
    exec(source, {"max": max}, expected)
    ended = execute(lowered(source), (*values, *[None] * 9)).values
    assert dict(zip(NAMES, ended, strict=False)) == expected


@given(st.permutations("abc"))
def test_an_exchange_copies_each_variable_once_and_each_round_of_it_once_more(order: list[str]) -> None:
    lines = [line for line in lowered(f"a, b, c = {', '.join(order)}").instructions if isinstance(line, CoreLine)]
    assert len(lines) == 3 + (order != ["a", "b", "c"])
