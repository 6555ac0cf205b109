"""What cannot be solved is never called solved, and a model that is wrong never makes a false "verified"."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from grammar.suites.problems import FAMILIES, draw_problem
from latent_repl.language.program import CoreLine
from latent_repl.language.values import Value, number_of
from latent_repl.session import Session
from latent_repl.synthesis.inversion.search import InverseSearch
from tests.latent_repl.synthesis.conftest import PerfectInterpreter

BUDGET = 24

EASY = ["a = 7; a // ? == 1", "a = 3; a < ?", "a = 8; b = 2; a ? b == 10", "a = 5; a % ? == 1"]
UNSATISFIABLE = [
    "a = 2; a * ? == 19",
    "a = 0; a * ? == 5",
    "a = 5; a % ? == 9",
    "a = 9; a // ? == 8",
    "? * 3 == 10",
    "abs(?) == -4",
    "min(?, 3) == 5",
    "max(?, 3) == 2",
    "b = ?; b < 3; b > 5",
    "b = ?; b * b == -1",
    "a = 7; a ? 3 == 50",
    "a = 6; a ? a == 5",
    "a = 6; a ? ? == 5; a < 6",
    "a = 71; 0 * (a + ?) == 1",
    "s = 0\nfor i in range(3):\n    s += ?\ns == 10",
    "a = ?\nif a > 5:\n    b = 1\nelse:\n    b = 2\nb == 3",
    "def f(a):\n    return a * ?\nf(1) == 2\nf(2) == 5",
    "def f(a):\n    return a + ?\nf(1) == 2\nf(1) == 3",
    "def f(a):\n    ?\n    return b\nf(1) == 2\nf(1) == 3",
    "a = 1\n?\na == 2\na == 3",
]


def wrong_by(seed: int) -> Callable[[CoreLine, Value], Value]:
    """Return a lie about a fourth of all core lines, always the same about the same line."""

    def lie(core_line: CoreLine, result: Value) -> Value:
        generator = random.Random(f"{seed} {core_line} {result}")
        return max(-99, min(99, number_of(result) + generator.choice((-1, 1)))) if generator.random() < 0.25 else result

    return lie


@pytest.mark.slow
@pytest.mark.parametrize("search", ["auto", "gp", "inverse", "shuffled"])
def test_unsatisfiable_problems_end_within_their_budget_unverified(search: str) -> None:
    assert len(UNSATISFIABLE) == 20
    session = Session(PerfectInterpreter(), check=False)
    for problem in UNSATISFIABLE:
        solution = session.synth(problem, search=search, budget=BUDGET, timeout=600.0)
        assert not solution.solved and not solution.verified
        assert solution.program is None and solution.programs == () and solution.fills == ()
        assert solution.evaluations <= BUDGET
        assert (solution.best is None) == (solution.loss is None) == (solution.evaluations == 0)
        assert solution.reason in (
            "every fill was tried",
            f"the budget of {BUDGET} evaluations is spent; allow more with --budget",
            InverseSearch.exhausted,
        )


@pytest.mark.slow
def test_a_wrong_model_never_makes_a_false_verified() -> None:
    seed = 0
    session = Session(PerfectInterpreter(wrong_by(seed)), check=False)
    generator, refuted, verified = random.Random(seed), 0, 0
    solvable = [draw_problem(family, generator, 99).text for family in FAMILIES]
    for problem in [*solvable, *EASY, *UNSATISFIABLE]:
        solution = session.synth(problem, search="shuffled", budget=80)
        refuted, verified = refuted + solution.refuted, verified + solution.verified
        assert solution.oracle_runs == solution.refuted + len(solution.programs)
        for program in solution.programs:
            exec(program, {})
            assert problem not in UNSATISFIABLE
    assert refuted > 0 and verified > 0
