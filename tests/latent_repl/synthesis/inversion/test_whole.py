"""Whole strings and lists as fills: proposed by running the text backwards, scored by running it."""

from __future__ import annotations

import pytest

from latent_repl.session import Session
from tests.latent_repl.exact_rows import ExactRows


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(ExactRows(slots=16))


@pytest.mark.parametrize(
    ("problem", "fill", "evaluations"),
    (
        ("s = 'ca'; s + ? == 'catch'", "'tch'", 1),
        ("x = ?; x + x == 'abab'", "'ab'", 1),
        ("t = ?; t.upper() == 'CAT'", "'cat'", 1),
        ("' '.join(?) == 'a b'", "['a', 'b']", 1),
        ("xs = [1]; xs + ? == [1, 'a', [2]]", "['a', [2]]", 1),
        ("def f(s): return s + ?\nf('ca') == 'cats'\nf('do') == 'dots'", "'ts'", 1),
        ("s = ?; len(s) == 3 and s.upper() == 'ABC'", "'abc'", 3),
        ("xs = ?; sum(xs) == 6", "[6]", 1),
    ),
)
def test_whole_values_are_told_by_running_backwards(
    session: Session, problem: str, fill: str, evaluations: int
) -> None:
    solution = session.synth(problem)
    assert (solution.fills, solution.found_by, solution.evaluations) == ((fill,), "inverse", evaluations)
    assert solution.verified and solution.loss is not None and solution.loss < 0.1


def test_each_of_several_holes_may_be_told(session: Session) -> None:
    solution = session.synth("w = ['a', 'b']; '-'.join(?) == 'a-b' and ? + w == ['z', 'a', 'b']")
    assert solution.fills == ("['a', 'b']", "['z']") and solution.found_by == "inverse"
    assert session.synth("[?, 1, ?] == ['ab', 1, {}]").fills == ("'ab'", "{}")


def test_all_solutions_may_be_of_many_cells(session: Session) -> None:
    solution = session.synth("s = ?; len(s) == 2", all_solutions=2)
    assert solution.programs == ("s = 'aa'\nassert len(s) == 2", "s = [0, 0]\nassert len(s) == 2")


def test_a_session_s_own_values_are_known_and_left_alone(session: Session) -> None:
    session.reset()
    session.run("s = 'ca'; whole = 1")
    assert session.synth("s + ? == 'catch'").fills == ("'tch'",)
    assert session.state == {"s": "ca", "whole": 1}
    session.reset()


def test_a_list_of_numbers_is_opened(session: Session) -> None:
    solution = session.synth("xs = ?; sum(xs) == 6 and len(xs) == 2", budget=400, timeout=600.0)
    assert solution.verified and solution.problem == "xs = ?; sum(xs) == 6 and len(xs) == 2"
    [fill] = solution.fills
    first, second = map(int, fill.strip("[]").split(","))
    assert first + second == 6 and solution.program == f"xs = {fill}\nassert sum(xs) == 6 and len(xs) == 2"
    assert 2 < solution.evaluations <= 400


@pytest.mark.parametrize("search", ["gp", "ordered"])
def test_other_searches_find_what_their_own_fills_are(session: Session, search: str) -> None:
    solution = session.synth("s = 'ca'; s + ? == 'catch'", search=search, budget=16)
    assert not solution.solved and solution.evaluations == 16


def test_what_misses_is_never_verified(session: Session) -> None:
    solution = session.synth("s = ?; len(s) == 3 and len(s) == 4", search="inverse", timeout=600.0)
    assert not solution.solved and not solution.programs and solution.best is not None


def test_a_budget_holds_for_what_is_told_backwards(session: Session) -> None:
    solution = session.synth("xs = ?; sum(xs) == 6 and len(xs) == 2 and xs[0] == 9", budget=2)
    assert not solution.solved and solution.evaluations == 2
