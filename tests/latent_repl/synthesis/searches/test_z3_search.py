"""z3 against the oracle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from latent_repl.errors import SynthesisError
from latent_repl.model.interface import Interpreter
from latent_repl.synthesis.solve import OUT_OF_TIME

z3 = pytest.importorskip("z3")

F = "def f(a):\n    if a > ?:\n        return a ? 3\n    return a * ?\n"


@pytest.mark.parametrize(
    "problem",
    [
        "a=71; a+? == 18",
        "a=-7; a // ? == 3; a % 4 == ?",
        "a=-7; b=-2; (a // b) ? ? == 13",
        "a=5; b=3; a ? b == 2; min(a, ?) == b",
        "a=5; abs(a - ?) < 3 and not a == ?",
        f"{F}f(1) == 6\nf(2) == 12\nf(9) == 6",
    ],
)
def test_its_first_answer_passes_the_oracle(perfect: Interpreter, session_of: Callable[..., Any], problem: str) -> None:
    solution = session_of(perfect).synth(problem, search="z3", budget=64)
    assert solution.verified and solution.refuted == 0
    assert solution.evaluations == 1


def test_it_knows_where_there_is_no_answer(perfect: Interpreter, session_of: Callable[..., Any]) -> None:
    solution = session_of(perfect).synth("a=2; a * ? == 19", search="z3")
    assert (solution.verified, solution.evaluations, solution.reason) == (False, 0, "every fill was tried")


@pytest.mark.parametrize("problem", ["s=0\nwhile s < 9: s += ?\ns == 10", "a=1\n?\na == 5"])
def test_loops_and_whole_lines_are_not_for_it(
    perfect: Interpreter, session_of: Callable[..., Any], problem: str
) -> None:
    with pytest.raises(SynthesisError, match="search z3"):
        session_of(perfect).synth(problem, search="z3")


def test_the_time_is_kept_where_there_are_too_many_paths_to_count(
    perfect: Interpreter, session_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter(range(1_000_000))
    monkeypatch.setattr("time.monotonic", lambda: next(seconds) / 100)
    text = "x = ?\n" + "if x > 1: x = 1\n" * 40 + "x == 3"
    assert session_of(perfect).synth(text, search="z3", timeout=5.0).reason == OUT_OF_TIME


def test_what_the_solver_cannot_say_is_no_proof_that_there_is_nothing(
    perfect: Interpreter, session_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(z3.Solver, "check", lambda solver: z3.unknown)
    assert "gives no answer" in session_of(perfect).synth("a=2; a * ? == 18", search="z3").reason
