"""What a search reports is what it did: counts that add up, and programs that were verified."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

import pytest

from latent_repl.model.interface import Interpreter
from latent_repl.session import Session
from latent_repl.synthesis.result import Solution

SessionOf = Callable[..., Session]
THE_POST = "a=71; a+? == 18"


def test_the_fields_are_those_of_the_json_object(perfect: Interpreter, session_of: SessionOf) -> None:
    fields = (
        "problem solved verified program fills evaluations refuted oracle_runs best loss reason seconds search seed"
    )
    solution = session_of(perfect).synth(THE_POST, search="ordered", seed=3)
    assert [*asdict(solution)] == [*fields.split(), "programs", "curve"]
    assert (solution.problem, solution.search, solution.seed) == (THE_POST, "ordered", 3)
    assert solution.seconds > 0


def test_the_curve_is_the_best_loss_after_each_round(perfect: Interpreter, session_of: SessionOf) -> None:
    seen: list[float] = []
    solution = session_of(perfect).synth(
        THE_POST,
        search="shuffled",
        progress=lambda progress: seen.append(progress.best_loss),
    )
    assert list(solution.curve) == seen == sorted(seen, reverse=True)


def test_all_solutions_are_verified_and_distinct(perfect: Interpreter, session_of: SessionOf) -> None:
    solution = session_of(perfect).synth("a=6; a // ? == 2", search="shuffled", all_solutions=5)
    assert set(solution.programs) == {"a = 6\nassert a // 3 == 2"}
    solution = session_of(perfect).synth("a=7; a // ? == 1", search="ordered", all_solutions=3)
    assert len(set(solution.programs)) == 3
    assert solution.program == solution.programs[0]
    for program in solution.programs:
        exec(program)


@pytest.fixture(params=[THE_POST, "a=2; a * ? == 19", "a=4; a + ? == 18; a - ? == 3", "a = 1 // 0; a + ? == 3"])
def solution(request: pytest.FixtureRequest, liar: Interpreter, session_of: SessionOf) -> Solution:
    """What a model that is often wrong led to: solved, not solved, refuted, and failed at once."""
    return session_of(liar).synth(request.param, search="shuffled", budget=300, all_solutions=2)


def test_what_was_found_and_what_was_not_add_up(solution: Solution) -> None:
    assert solution.solved == solution.verified == (solution.program is not None) == bool(solution.fills)
    assert solution.solved == (solution.reason is None)
    assert solution.program == (solution.programs[0] if solution.programs else None)
    assert solution.oracle_runs == solution.refuted + len(solution.programs)
    assert (solution.best is None) == (solution.loss is None) == (solution.evaluations == 0)
    assert solution.loss is None or solution.loss >= solution.curve[-1]


def test_a_solution_is_json(solution: Solution) -> None:
    assert json.loads(json.dumps(asdict(solution)))["evaluations"] == solution.evaluations


def test_a_solution_is_what_it_was(solution: Solution) -> None:
    with pytest.raises(AttributeError):
        solution.program = "a = 3"  # type: ignore[misc]
