"""Strings, lists, tuples, dicts, wide integers and f-strings that a text writes out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.language.oracle.core_lines import Execution
from latent_repl.language.program import CoreLine, Program

TEXTS = (
    "s = ''\nt = 'a'\nu = \"it's\"\nv = 'two\\nlines\\t'",
    "x = [1, True, None, 'a', 'ab', [2, (3,)], {}]",
    "t = ()\nu = (1,)\nv = 1, 'b'",
    "d = {'a': 1, 'b': [2], 3: None, (1, 2): 'x'}",
    "a = 1\nd = {a: 1, a + 0: 2, True: 3, 'k': 4}",
    "x = [1, 2]\nx = [x, x]",
    "a = 5\ns = f'{a}'\nt = f'a = {a:>4}, {a!r:<3}|{[a, \"b\"]}'\nu = f'{a + 1:03d}{\"x\"!r}'",
    "f = f'{\"ab\":*^9}|{True}|{None}|{-7:+d}'",
    "n = 123456789\nm = -10000\nk = n * m\nlist_of = [n, m]",
    "x = 2.5\ny = -0.1\nz = 1e999\nrow = [x, 0.0, 1e22]\nd = {0.5: (x,)}\nt = f'{x} {1.25:>8.1f}{x!r:*^7}|{2.0}'",
    "x = [[], [[]], '', ()]\nprint(x, 'a', x == [], not x)",
)


@pytest.mark.parametrize("text", TEXTS)
def test_rows_hold_what_is_written(text: str, same: Callable[[str], Execution]) -> None:
    same(text)


def test_each_cell_of_a_row_is_a_core_line(lowered_rows: Callable[[str], Program]) -> None:
    lines = [str(each) for each in lowered_rows("s = 'cat'").instructions if isinstance(each, CoreLine)]
    assert lines == ["s0 = row str", "append s0 'c'", "append s0 'a'", "append s0 't'"]


@pytest.mark.parametrize(
    ("text", "cells"),
    [("0.375", (2, -3, 3)), ("10.0", (2, 1, 5)), ("1e999", (2, 999)), ("0.0", ())],
)
def test_a_float_is_a_row_whose_kind_is_int(
    text: str, cells: tuple[int, ...], lowered_rows: Callable[[str], Program]
) -> None:
    lines = [str(each) for each in lowered_rows(f"x = {text}").instructions if isinstance(each, CoreLine)]
    assert lines == ["s0 = row list", *(f"append s0 {cell}" for cell in cells), "s0 = s0 as int"]


def test_a_character_is_a_cell_by_itself(lowered_rows: Callable[[str], Program]) -> None:
    assert [str(each) for each in lowered_rows("s = 'c'").instructions] == ["s0 = 'c'"]


def test_keys_that_are_written_twice_are_looked_for(lowered_rows: Callable[[str], Program]) -> None:
    distinct, twice = (lowered_rows(text).instructions for text in ("d = {1: 2, 3: 4}", "d = {1: 2, 1: 4}"))
    assert [each.operator for each in distinct if isinstance(each, CoreLine)] == ["row", *["append"] * 4]
    assert [each.operator for each in twice if isinstance(each, CoreLine)] == ["row", "put", "put"]
