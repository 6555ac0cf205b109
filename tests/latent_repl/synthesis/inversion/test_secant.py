"""One number that both sides of an equation ask: the line through two outcomes meets the target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from latent_repl.model.interface import Interpreter
from latent_repl.synthesis.inversion.secant import Secant
from tests.latent_repl.synthesis.inversion.conftest import objective_of


@pytest.mark.parametrize(
    ("text", "fill"),
    [
        ("b = 37; x = ?; y = x * 2; y == x + b", "37"),
        ("b = -82; x = ?; b - x == x", "-41"),
        ("x = ?; x * 3 == x + 46", "23"),
    ],
)
def test_a_straight_line_takes_three_evaluations(
    perfect: Interpreter, session_of: Callable[..., Any], text: str, fill: str
) -> None:
    solution = session_of(perfect).synth(text)
    assert (solution.fills, solution.evaluations, solution.found_by) == ((fill,), 3, "secant")


def test_what_is_almost_a_straight_line_takes_one_more(perfect: Interpreter, session_of: Callable[..., Any]) -> None:
    solution = session_of(perfect).synth("x = ?; x * 7 // 2 == x + 20")
    assert (solution.fills, solution.evaluations, solution.found_by) == (("8",), 4, "secant")


@pytest.mark.parametrize(
    "text",
    [
        "x = ?; y = ?; x + y == x * y",
        "a = 3; a ? 4 == 12",
        "a = 3\nif a > ?:\n    a = 5\na == 5",
        "x = ?; x + x == 4; x * x == 4",
        "x = ?; x * x < x",
    ],
)
def test_what_is_of_another_kind_is_let_be(perfect: Interpreter, text: str) -> None:
    assert Secant(objective_of(text, perfect)).after({}) == []
