"""Expressions: one core line for each operator, operands from left to right, and no more evaluated than in Python."""

from __future__ import annotations

import pytest

from latent_repl.language.oracle.core_lines import execute
from latent_repl.language.program import Call, CoreLine, Hole
from tests.latent_repl.language.lowering.conftest import A, B, Lowered, Same, assert_lowered, lowered

CORE_LINES = [
    ("b = a * 2", ["s1 = s0 * 2"]),
    ("a = 2 + 3", ["s0 = 2 + 3"]),
    ("a = a + b * c", ["s3 = s1 * s2", "s0 = s0 + s3"]),
    ("a = (a + b) * (b + c)", ["s3 = s0 + s1", "s4 = s1 + s2", "s0 = s3 * s4"]),
    ("a = ((a + b) * c + b) % c", ["s3 = s0 + s1", "s3 = s3 * s2", "s3 = s3 + s1", "s0 = s3 % s2"]),
    ("a += b", ["s0 = s0 + s1"]),
    ("a -= b // c", ["s3 = s1 // s2", "s0 = s0 - s3"]),
    ("a = +b", ["s0 = s1 + 0"]),
    ("a = -b", ["s0 = -s1"]),
    ("a = --5", ["s0 = --5"]),
    ("a = -True", ["s0 = -True"]),
    ("a = not b", ["s0 = not s1"]),
    ("a = abs(b)", ["s0 = abs s1"]),
    ("a = min(b, c)", ["s0 = min s1 s2"]),
    ("a = max(b, c, 3)", ["s0 = max s1 s2", "s0 = max s0 3"]),
    ("a = max(b, c, a)", ["s3 = max s1 s2", "s3 = max s3 s0", "s0 = s3"]),
    ("a = b != c", ["s0 = s1 != s2"]),
    ("a = 0 < b <= c", ["s0 = 0 < s1", "branch s0 -> 3", "s0 = s1 <= s2"]),
    ("a = 0 < b + 1 < a", ["s4 = s1 + 1", "s3 = 0 < s4", "branch s3 -> 4", "s3 = s4 < s0", "s0 = s3"]),
    ("a = 0 < a < 3", ["s3 = 0 < s0", "branch s3 -> 3", "s3 = s0 < 3", "s0 = s3"]),
    ("a = b and c", ["s0 = s1", "branch s0 -> 3", "s0 = s2"]),
    ("a = b or c", ["s0 = s1", "branch s0 -> 3", "jump 4", "s0 = s2"]),
    ("a = b and a", ["s3 = s1", "branch s3 -> 3", "s3 = s0", "s0 = s3"]),
    ("a = a and b", ["s0 = s0", "branch s0 -> 3", "s0 = s1"]),
    ("a = b if c else a + 1", ["branch s2 -> 3", "s0 = s1", "jump 4", "s0 = s0 + 1"]),
    (
        "a = b ** 2",
        ["s3 = 2", "s0 = 1", "branch s3 -> 6", "s0 = s0 * s1", "s3 = s3 - 1", "jump 2"],
    ),
    (
        "a = b ** c",
        [
            *("s3 = s2", "s4 = s3 < 0", "branch s4 -> 4", "fail ValueError: negative exponent"),
            # Python reads b even where c is 0.
            *("branch s1 -> 5", "s0 = 1", "branch s3 -> 10", "s0 = s0 * s1", "s3 = s3 - 1", "jump 6"),
        ],
    ),
]


@pytest.mark.parametrize(("source", "expected"), CORE_LINES)
def test_the_core_lines_of_an_expression(source: str, expected: list[str]) -> None:
    assert_lowered(source, expected)


def calls(text: str, lowered_rows: Lowered) -> list[str]:
    """Return the routines that a text calls."""
    return [each.function for each in lowered_rows(text).instructions if isinstance(each, Call)]


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("a = 7 / 2", [".true_quotient"]),
        ("a = 7\na /= 2", [".true_quotient_in_place"]),
        ("a = [6, 4]\na[0] /= a[1]", [".true_quotient_in_place"]),
        # A difference of -1 and a float would be a float.
        ("a = [1]\nb = ~a[0]", [".inverted"]),
        ("a = 7 / 2\nb = ~a", [".true_quotient", ".inverted"]),
        ("a = 7\nb = ~a\nc = ~(a // 2)", []),
        ("a = 7\nb = a * a - a // 2 % 3", []),
    ],
)
def test_a_routine_divides_and_looks_at_what_may_be_a_float(
    text: str, called: list[str], lowered_rows: Lowered, same: Same
) -> None:
    assert calls(text, lowered_rows) == called
    same(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = 7\na /= 2\nb = a / 2 / 7\nc = 6 / 3",
        "a = 0.1\na += 0.2\nb = a - 0.3\nc = [a]\nc[0] *= 3",
        "a = 5\na -= 0.5\na //= 2\nb = -a % 0.75\nc = a == 2",
        "a = 2.5 if 0.0 else 0.5\nb = not a\nc = 1.5 < 2 <= 2.0 != 2.5",
        "a = 1\na /= 0",
        "a = 1.5\na /= 'b'",
        "a = 'b' / 1.5",
        "a = ~1.5",
    ],
)
def test_floats_are_worked_out_as_in_python(text: str, same: Same) -> None:
    same(text)


def test_a_hole_stands_in_a_core_line_as_an_operand() -> None:
    assert lowered("a = b + ?").instructions == (CoreLine(A, "+", B, Hole(0)),)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a and 1 // 0", 0),
        ("not a or 1 // 0", True),
        ("b if b else 1 // 0", 2),
        ("b < a < 1 // 0", False),
        ("a ** a", 1),
        ("0 ** 3", 0),
        ("(-b) ** 3", -8),
        ("True ** 0", 1),
    ],
)
def test_what_python_does_not_come_to_is_not_run(source: str, expected: int) -> None:
    run = execute(lowered(f"c = {source}"), (0, 2, None, *[None] * 9))
    assert run.error is None
    assert (run.values[2], type(run.values[2])) == (expected, type(expected))


@pytest.mark.parametrize("source", ["b ** -1", "b ** (a - 1)", "(1 // a) ** 2", "b if 1 // a else b", "min(b, 1 // a)"])
def test_what_python_cannot_evaluate_fails(source: str) -> None:
    assert execute(lowered(f"c = {source}"), (0, 2, None, *[None] * 9)).error is not None


NAMELESS = """b = k + xs[9]
b = xs[9] + k
b = k < xs[9]
f(k, xs[9])
f(xs[9], k)
print(k, xs[9])
k += xs[9]
xs[k] = xs[9]
xs[xs[9]] = k
xs[j] = k
xs[0] += k + xs[9]
k[xs[9]] = 1
del k[xs[9]]
xs.append(k + xs[9])
k.append(xs[9])
b = [k, xs[9]]
b = {k: xs[9]}
b = xs[k:xs[9]]
b = k in [xs[9]]
b = k ** (xs[9])
b = max(k, xs[9])
assert k == xs[9]
for i in range(k, xs[9]): pass
b = 0 if k + xs[9] else 1
a, b = k + xs[9], j"""


@pytest.mark.parametrize("line", NAMELESS.split("\n"))
def test_a_name_without_a_value_is_missed_where_python_reads_it(line: str, same: Same) -> None:
    done = same(f"def f(x, y):\n    return x\nxs = [1]\nif not xs:\n    k = j = 1\n{line}")
    assert done.error is not None


def test_in_a_function_and_on_the_way_round_a_loop_too(same: Same) -> None:
    done = same("def f(z):\n    if z:\n        k = 1\n    return k + 1 // z\nf(0)")
    assert done.error is not None and done.error.kind == "UnboundLocalError"
    done = same("k = 2\nn = 0\nwhile k + 6 // (3 - n):\n    n += 1\n    if n == 3:\n        del k")
    assert done.error is not None and done.error.kind == "NameError"
