"""One example run backwards: from what its end must be to what the hole must be."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from latent_repl.language.oracle.core_lines import step
from latent_repl.language.program import CoreLine, Slot
from latent_repl.language.values import Value
from latent_repl.model.interface import Interpreter
from latent_repl.synthesis.inversion.inverse_run import LONGEST
from latent_repl.synthesis.inversion.inverses import INVERSE_SEMANTICS, INVERTIBLE
from tests.latent_repl.synthesis.inversion.conftest import candidates, objective_of

# Operators for which a hidden operand that leads to the result is found wherever there is one.
EXACT = [("+", 0), ("+", 1), ("-", 0), ("-", 1), ("*", 0), ("*", 1), ("//", 0), ("min", 0), ("max", 1)]


def result(operator: str, left: Value, right: Value) -> Value | None:
    """Return what a core line makes of two values within -99..99, None where it fails."""
    values, status = step(CoreLine(Slot(0), operator, left, right), (None,), -99, 99)
    return values[0] if status == "ok" else None


@pytest.mark.parametrize(
    ("text", "fill"),
    [
        ("a=71; a+? == 18", -53),
        ("a=71; ?+a == 18", -53),
        ("a=7; a-? == 18", -11),
        ("a=7; ?-a == 18", 25),
        ("a=7; a*? == 21", 3),
        ("a=7; ?*a == -21", -3),
        ("a=70; a//? == 7", 10),
        ("a=7; ?//a == 3", 21),
        ("a=7; ?%a == 3", -4),
        ("a=7; min(a, ?) == 3", 3),
        ("a=7; max(?, a) == 9", 9),
        ("b = ?; b == 5", 5),
        ("b = -?; b == 5", -5),
        ("a=3; b = a + ?; c = b * 4; c - 9 == 15", 3),
        ("a=3; b = a + ?; b = -b; b = abs(b); 20 - b == 14", -9),
        ("a=3; b = a + ?; a = 50; a - b == 14", 33),
        ("a=3\nif a > 2:\n    b = a + ?\nelse:\n    b = a\nb == 14", 11),
        ("def f(a):\n    b = a + 1\n    return b * ?\nf(1) == 10\nf(3) == 20", 5),
        ("def f(a):\n    return a * ?\nassert f(2) == 10\nb = f(3)", 5),  # what has no say in the end asks for nothing
    ],
)
def test_one_hole_is_gone_back_to_from_the_end(perfect: Interpreter, text: str, fill: int) -> None:
    found = candidates(text, perfect)
    assert {each.support for each in found if each.filling == (fill,)} == {
        frozenset(range(len(objective_of(text, perfect).problem.examples)))
    }


@pytest.mark.parametrize(("operator", "hidden"), EXACT)
@given(st.integers(-9, 9), st.integers(-9, 9))
def test_an_inverse_finds_an_operand_that_leads_to_the_same_result(
    operator: str, hidden: int, operand: int, known: int
) -> None:
    led = result(operator, *((operand, known) if hidden == 0 else (known, operand)))
    assume(led is not None and (known or operator != "*"))
    inverse = INVERSE_SEMANTICS[operator][hidden]
    assert led is not None
    found = result(inverse.operator, *((led, known) if inverse.result_first else (known, led)))
    assert found is not None
    assert result(operator, *((found, known) if hidden == 0 else (known, found))) == led


def test_comparisons_are_not_gone_back_through() -> None:
    assert {"+", "-", "*", "//", "%", "min", "max"} == {*INVERTIBLE}


@pytest.mark.parametrize(("rounds", "proposed"), [(2, True), (LONGEST, False)])
def test_a_program_of_many_steps_is_not_run_backwards(perfect: Interpreter, rounds: int, proposed: bool) -> None:
    loop = f"for i in range({rounds}): pass\n"
    assert bool(candidates(f"a = ?\n{loop}a + 1 == 5", perfect)) == proposed


@pytest.mark.parametrize("failing", ["c = a // 0", "c = a * 99", "c = d"])
def test_an_example_that_fails_on_the_way_proposes_nothing(perfect: Interpreter, failing: str) -> None:
    text = "a = 50\nif a < 3:\n    d = 1\nb = a + ?\n{}\nb == 3"
    assert candidates(text.format("c = a"), perfect) and not candidates(text.format(failing), perfect)
