"""What a search reports is what it did: counts that add up, and programs that were verified."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

import pytest

from latent_repl.model.interface import Interpreter
from latent_repl.session import Session
from latent_repl.synthesis.options import SEARCHES
from latent_repl.synthesis.result import Solution
from tests.latent_repl.conftest import solution_of

SessionOf = Callable[..., Session]
THE_POST = "a=71; a+? == 18"


def test_the_fields_are_those_of_the_json_object(perfect: Interpreter, session_of: SessionOf) -> None:
    found = "problem solved verified program fills found_by evaluations refuted oracle_runs"
    fields = f"{found} best loss reason seconds search seed"
    solution = session_of(perfect).synth(THE_POST, search="ordered", seed=3)
    assert [*asdict(solution)] == [*fields.split(), "programs", "curve", "warning"]
    assert (solution.problem, solution.search, solution.seed) == (THE_POST, "ordered", 3)
    assert solution.seconds > 0


def test_the_curve_is_the_best_loss_after_each_round(perfect: Interpreter, session_of: SessionOf) -> None:
    seen: dict[int, float | None] = {}
    solution = session_of(perfect).synth(
        THE_POST,
        search="shuffled",
        progress=lambda progress: seen.update({progress.evaluations: progress.best_loss}),
    )
    assert seen.pop(0, None) is None  # before the first round
    assert list(solution.curve) == [*seen.values()] == sorted(solution.curve, reverse=True)


def test_fewer_than_were_asked_for_are_told_with_the_reason(perfect: Interpreter, session_of: SessionOf) -> None:
    solution = session_of(perfect).synth("a = 6; a ? 2 == 3", search="ordered", all_solutions=3)
    assert solution.verified and len(solution.programs) == 1 and solution.reason == "every fill was tried"
    assert session_of(perfect).synth("a = 6; a ? 2 == 3", search="ordered").reason is None


def test_all_solutions_are_verified_and_distinct(perfect: Interpreter, session_of: SessionOf) -> None:
    solution = session_of(perfect).synth("a=6; a // ? == 2", search="shuffled", all_solutions=5)
    assert set(solution.programs) == {"a = 6\nassert a // 3 == 2"}
    solution = session_of(perfect).synth("a=7; a // ? == 1", search="ordered", all_solutions=3)
    assert len(set(solution.programs)) == 3
    assert solution.program == solution.programs[0]
    for program in solution.programs:
        exec(program)


@pytest.mark.parametrize(
    ("problem", "search", "found_by", "words"),
    [
        (THE_POST, "auto", "inverse", "found by running backwards, 1 evaluation"),
        (THE_POST, "inverse", "inverse", "found by running backwards, 1 evaluation"),
        (THE_POST, "gp", "gp", "found by the Gaussian process after"),
        ("a=3; (a < ?) == True", "auto", "prior", "found by a likely draw after 8 evaluations"),
        (THE_POST, "shuffled", "shuffled", "found by shuffled enumeration after"),
        (THE_POST, "mine", "mine", "found by search mine after"),
    ],
)
def test_a_solution_says_what_found_it(
    perfect: Interpreter,
    session_of: SessionOf,
    monkeypatch: pytest.MonkeyPatch,
    problem: str,
    search: str,
    found_by: str,
    words: str,
) -> None:
    monkeypatch.setitem(SEARCHES, "mine", SEARCHES["ordered"])
    solution = session_of(perfect).synth(problem, search=search)
    assert solution.verified and solution.found_by == found_by
    assert solution.found.startswith(words)


@pytest.fixture(params=[THE_POST, "a=2; a * ? == 19", "a=4; a + ? == 18; a - ? == 3", "a = 1 // 0; a + ? == 3"])
def solution(request: pytest.FixtureRequest, liar: Interpreter, session_of: SessionOf) -> Solution:
    """What a model that is often wrong led to: solved, not solved, refuted, and failed at once."""
    return session_of(liar).synth(request.param, search="shuffled", budget=300, all_solutions=2)


def test_what_was_found_and_what_was_not_add_up(solution: Solution) -> None:
    assert solution.solved == solution.verified == (solution.program is not None) == bool(solution.fills)
    assert solution.solved == (solution.found_by is not None) == solution.found.startswith("found by")
    assert (len(solution.programs) == 2) == (solution.reason is None)
    assert solution.program == (solution.programs[0] if solution.programs else None)
    assert solution.oracle_runs == solution.refuted + len(solution.programs)
    assert (solution.best is None) == (solution.loss is None) == (solution.evaluations == 0)
    assert solution.loss is None or solution.loss >= solution.curve[-1]


def test_a_solution_is_json(solution: Solution) -> None:
    assert json.loads(json.dumps(asdict(solution)))["evaluations"] == solution.evaluations


def test_a_solution_is_what_it_was(solution: Solution) -> None:
    with pytest.raises(AttributeError):
        solution.program = "a = 3"  # type: ignore[misc]


def test_a_solution_is_short_in_words_and_shown_in_a_notebook() -> None:
    solution = solution_of(program="a = '<' \nassert a", problem="a" * 1000)
    assert len(repr(solution)) < 300 and repr(solution).startswith("Solution(problem='aaa")
    assert "<pre>a = &#x27;&lt;&#x27; \nassert a</pre>" in solution._repr_html_()
    assert "verified by CPython" in solution._repr_html_()
    unsolved = solution_of(solved=False, reason="the time is up")
    assert "not solved: the time is up; best a + -53" in unsolved._repr_html_()
