"""Loops over ranges: a counter, its test and its increment, within the values that there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import Execution, execute
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Call
from tests.latent_repl.language.lowering.conftest import Lowered, Same, assert_lowered

CORE_LINES = [
    (
        "for c in range(a): a = c",
        # s3 counts, s4 keeps the stop, for the body changes it.
        [
            "s3 = 0",
            "s4 = s0",
            "jump 4",
            "s3 = s3 + 1",
            "s5 = s3 < s4",
            "branch s5 -> 9",
            "s2 = s3",
            "s0 = s2",
            "jump 3",
        ],
    ),
    (
        "for c in range(b, a, 10): pass",
        # No counter may pass 99: 89 is the last to which 10 is added.
        [
            *("s3 = s1 + 0", "jump 5", "s4 = s3 <= 89", "branch s4 -> 10", "s3 = s3 + 10"),
            *("s4 = s3 < s0", "branch s4 -> 10", "s2 = s3", "jump 9", "jump 2"),
        ],
    ),
]


@pytest.mark.parametrize(("source", "expected"), CORE_LINES)
def test_the_core_lines_of_a_loop_over_a_range(source: str, expected: list[str]) -> None:
    assert_lowered(source, expected)


def run_in_20(source: str) -> Execution:
    """Run a text where values lie in -20..20."""
    program = lower(parse(source, minimum=-20, maximum=20), slots=20, minimum=-20, maximum=20)
    return execute(program, (None,) * 20, minimum=-20, maximum=20)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("20", range(20)),
        ("-20, 20", range(-20, 20)),
        ("20, -20, -1", range(20, -20, -1)),
        ("0, 20, 7", range(0, 20, 7)),
        ("0, m, 7", range(0, 20, 7)),
        ("0, -m, -7", range(0, -20, -7)),
        ("m, -20, -m", range(20, -20, -20)),
        ("-20, m, s", range(-20, 20, 3)),
        ("20, -20, -s", range(20, -20, -3)),
        ("5, 5, s", range(0)),
        ("True, s", range(1, 3)),
        ("False, s, True", range(0, 3)),
    ],
)
def test_ranges_reach_the_ends_of_the_values_without_overflow(arguments: str, expected: range) -> None:
    run = run_in_20(f"m = 20; s = 3\nfor i in range({arguments}):\n    print(i)\n    i = m = s = 1")
    assert run.error is None
    assert run.output == tuple(map(str, expected))


@given(*[st.integers(-20, 20)] * 2, st.integers(-20, 20).filter(bool), st.booleans())
def test_a_range_counts_as_in_python(start: int, stop: int, step: int, literal: bool) -> None:
    arguments = f"{start}, {stop}, {step}" if literal else "b, e, s"
    run = run_in_20(f"b, e, s = {start}, {stop}, {step}\nfor i in range({arguments}): print(i)")
    assert run.error is None
    assert run.output == tuple(map(str, range(start, stop, step)))


@pytest.mark.parametrize("step", ["0", "s", "False", "s * 2"])
def test_a_step_of_zero_fails_before_the_first_round(step: str) -> None:
    run = run_in_20(f"s = 0\nfor i in range(1, 5, {step}): print(i)")
    assert run.error is not None
    assert (run.error.kind, run.error.line, run.output) == ("ValueError", 2, ())


def test_a_range_counts_in_ints_even_from_true_on() -> None:
    assert run_in_20("t = True\nfor i in range(t, 3): print(i)").output == ("1", "2")


@pytest.mark.parametrize(
    ("before", "arguments", "looked_at"),
    [
        # A float is a row, as is an integer that is wide: only a routine can tell them apart.
        ("x = [3]", "x[0]", 1),
        ("x = [3]", "1, x[0]", 1),
        ("x = [3]", "x[0], x[0] + 1, x[0]", 3),
        ("x = 7 // 2 + 0.0", "int(x)", 0),
        ("x = 7", "x", 0),
        ("x = 7", "x // 2, x - 1, x % 3", 0),
        ("x = [3]", "len(x)", 0),
        ("x = True", "x, 5", 0),
        ("", "1, 5, 2", 0),
    ],
)
def test_what_may_be_a_float_is_looked_at_once_before_the_loop(
    before: str, arguments: str, looked_at: int, lowered_rows: Lowered, same: Same
) -> None:
    text = f"{before}\nfor i in range({arguments}): print(i)"
    instructions = lowered_rows(text).instructions
    assert [each.function for each in instructions if isinstance(each, Call)].count(".whole_alone") == looked_at
    same(text)


def test_a_parameter_may_be_a_float(same: Same) -> None:
    done = same("def f(n):\n    for i in range(n): print(i)\nf(2)\nf(2.0)")
    assert done.error is not None and done.error.kind == "TypeError"


@pytest.mark.parametrize("arguments", ["2.5", "3.0", "x", "1, x", "x, 3", "0, 3, x", "3, 1, -x", "0, x, 0", "x / 2"])
def test_no_range_counts_in_floats(arguments: str, same: Same) -> None:
    done = same(f"x = 1.5\nprint('before')\nfor i in range({arguments}): print(i)")
    assert done.error is not None and done.error.kind == "TypeError"
