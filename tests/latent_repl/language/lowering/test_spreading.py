"""What a star gives a function is unpacked, and counted in Python's words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.language.program import Call, CoreLine, Fail, Program
from tests.latent_repl.language.oracle.alike import assert_alike

Lowered = Callable[[str], Program]
HEADERS = ("a", "a, b", "a, b=2", "a=1, b='xy', c=3", "", "*a", "a, *b", "a, b=2, *c", "*, a", "a, *, b=1", "a, **b")
GIVEN = ("*[]", "*[1]", "*'ab'", "*(1, 2, 3)", "0, *[1]", "*[1], 5", "*range(5)", "*5", "1, *None", "*{'k': 1}")


@pytest.mark.parametrize("header", HEADERS)
def test_every_number_of_arguments_goes_as_in_python(header: str) -> None:
    shown = ", ".join(name.partition("=")[0].strip("*") for name in header.split(", ") if name != "*")
    for given in GIVEN:
        for named in ("", ", a=7", ", b=8", ", c=9, b=6"):
            assert_alike(f"def f({header}): return [{shown}]\ndef g(): return f({given}{named})\nprint(g())")


@pytest.mark.parametrize(
    "text",
    [
        "def f(*xs): return len(xs)\nprint(f(*[1] * 64))",
        "def f(a, b): return a - b\nfor pair in ((1, 2), [3, 4], 'ab'):\n    print(f(*pair))",
        "x = [1]\ndef grow():\n    x.append(2)\n    return 3\ndef f(a, b, k): return a, b, k\nprint(f(*x, k=grow()))",
        "x = [1]\ndef grow():\n    global x\n    x = [8, 9]\n    return 3\ndef f(a, k): print(a, k)\nf(*x, k=grow())",
        "def f(a, b=0): return a if b == 0 else f(*[b, a % b])\nprint(f(84, 36))",
        "def f(*xs):\n    if len(xs) < 2:\n        return\n    print(xs)\n    f(*xs[1:])\nf(1, 2, 3)\nprint(f())",
        "def f(a, b): return a\nd = {'x': 1, 'y': 2}\nprint(f(*d), f(*d.values()), f(*(k + k for k in d)))",
    ],
)
def test_programs_with_stars_in_calls_go_as_in_python(text: str) -> None:
    assert_alike(text)


def test_one_comparison_decides_where_the_number_is_fixed(lowered_rows: Lowered) -> None:
    program = lowered_rows("def f(a, b): return a\nx = f(*'ab')")
    before = program.instructions[: next(i for i, each in enumerate(program.instructions) if isinstance(each, Call))]
    assert [str(each) for each in before if isinstance(each, CoreLine)][3:] == [
        *("s2 = len s1", "s3 = s2 == 2", "s4 = s1[0]", "s5 = s1[1]"),
    ]
    said = [each for each in program.instructions if isinstance(each, Fail)]
    assert [each.message for each in said] == [
        "f() missing 2 required positional arguments: 'a' and 'b'",
        "f() missing 1 required positional argument: 'b'",
        "f() takes 2 positional arguments but 3 were given",
        "f() takes 2 positional arguments but ",
    ]


def test_where_every_number_fits_none_is_refused(lowered_rows: Lowered) -> None:
    program = lowered_rows("def f(*xs): return xs\nx = f(*'ab')")
    assert not any(isinstance(each, Fail) for each in program.instructions)
