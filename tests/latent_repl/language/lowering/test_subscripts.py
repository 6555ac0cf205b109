"""Subscripts and slices, read, assigned and deleted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latent_repl.language.oracle.core_lines import Execution
from latent_repl.language.program import PRELUDE, Call, CoreLine, Program

Same = Callable[[str], Execution]

TEXTS = (
    "x = [1, 2, 3]\na = x[0]\nb = x[-1]\nx[1] = 'z'\nx[-1] += 5",
    "s = 'hello'\na = s[1]\nb = s[-2:]\nc = s[:2]\nd = s[1:-1]\ne = s[::-1]\nf = s[::2]\ng = s[:]",
    "x = [1, 2, 3, 4]\nx[1:3] = 'ab'\nx[:0] = [9]\ny = x[:]\ny[::2] = [0, 0, 0]",
    "x = [1, 2, 3, 4]\ndel x[0]\ndel x[-1]\nd = {1: 2, 3: 4}\ndel d[1]",
    "x = [1, 2, 3, 4, 5]\ndel x[1:3]\ny = x[1:][0]",
    "d = {'a': [1]}\nd['a'].append(2)\nd['b'] = d['a']\nd['b'][0] = 7\nd['a'] += [3]",
    "m = [[0, 0], [0, 0]]\nm[0][1] = 5\nm[1], m[0] = m[0], m[1]",
    "a = [1, 2]\ni = 0\ni, a[i] = 1, 9",
    "x = [1]\nx[3] = 1",
    "x = (1, 2)\nx[0] = 1",
    "s = 'ab'\ns[0] = 'c'",
    "x = [1]\nprint(x['a'])",
    "d = {'k': 1}\nprint(d['n'])",
    "d = {}\nd[[1]] = 2",
    "x = 5\nprint(x[0])",
    "x = [1, 2]\nprint(x[::0])",
    "x = [1, 2]\ndel x[5]",
)


@pytest.mark.parametrize("text", TEXTS)
def test_subscripts_do_what_python_does(text: str, same: Same) -> None:
    same(text)


@settings(max_examples=60)
@given(st.lists(st.none() | st.integers(-5, 5), min_size=3, max_size=3), st.booleans(), st.booleans())
def test_slices_with_any_ends_are_those_of_python(ends: list[int | None], text: bool, named: bool) -> None:
    from latent_repl.language.lowering.lower import lower
    from latent_repl.language.oracle.core_lines import execute
    from latent_repl.language.parsing.parse import parse
    from latent_repl.language.python_values import python_value

    row = "'abcd'" if text else "[1, 2, 3, 4]"
    start, stop, step = ("" if end is None else str(end) for end in ends)
    part = (
        f"{'i' if named and start else start}:{stop}:{step}" if step else f"{'i' if named and start else start}:{stop}"
    )
    source = f"i = {start or 0}\nx = {row}\ny = x[{part}]"
    program = lower(parse(source, rows=True), slots=16, rows=True)
    done = execute(program, (None,) * 16, capacity=(64, 128))
    if ends[2] == 0:
        assert done.error is not None and done.error.message == "slice step cannot be zero"
    else:
        assert python_value(done.values[program.names["y"].index], done.rows) == eval(row)[slice(*ends)]


def test_simple_slices_are_core_lines(lowered_rows: Callable[[str], Program]) -> None:
    text = "x = 'a'\nb = x[1:]\nc = x[:2]\nd = x[1:2]\ne = x[::-1]\nf = x[:]"
    operators = [each.operator for each in lowered_rows(text).instructions if isinstance(each, CoreLine)]
    assert operators == ["copy", "drop", "take", "take", "drop", "reverse", "drop"]


@pytest.mark.parametrize(
    ("part", "asked"),
    [
        ("'ab'[1:]", []),
        ("'ab'[1:2]", []),
        ("'ab'[: a + 1]", []),
        ("a[1:]", ["sliceable"]),
        ("a[::-1]", ["sliceable"]),
        ("'ab'[:a]", ["before"]),
        ("'ab'[a:]", ["onward"]),
        ("'ab'[1:a]", ["before"]),
        ("a[a:a]", ["sliceable", "part"]),
        ("a[::2]", ["slice_get"]),
    ],
)
def test_a_slice_asks_for_what_is_not_known(
    part: str, asked: list[str], lowered_rows: Callable[[str], Program]
) -> None:
    program = lowered_rows(f"def f(a):\n    return {part}\nf(1)")
    called = [each.function for each in program.instructions if isinstance(each, Call)]
    assert [name.removeprefix(PRELUDE) for name in called if name.startswith(PRELUDE)] == asked
