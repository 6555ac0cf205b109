"""Running backwards as a search of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.model.interface import Interpreter
from latent_repl.session import Session
from latent_repl.synthesis.inversion.search import InverseSearch
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.searches.base import Setting
from tests.latent_repl.synthesis.inversion.conftest import objective_of

TWO_HOLES = "def f(a):\n    b = a * ?\n    return b + ?\nf(2) == 9\nf(3) == 12\nf(4) == 15"


def test_several_holes_are_filled_from_likely_draws_on(
    perfect: Interpreter, session_of: Callable[..., Session]
) -> None:
    solution = session_of(perfect).synth(TWO_HOLES, search="inverse", budget=256)
    assert solution.fills == ("3", "3") and solution.found_by == "inverse"


def test_every_proposal_is_new_and_has_a_source(perfect: Interpreter) -> None:
    objective, history = objective_of(TWO_HOLES, perfect), dict[Filling, float]()
    search = InverseSearch(Setting(objective.problem, objective, 0))
    for _ in range(4):
        batch = search.propose(history)
        assert batch and not set(batch) & set(history) and len(set(batch)) == len(batch)
        scores = objective.score(batch)
        history.update((filling, score.loss) for filling, score in zip(batch, scores, strict=True))
    assert {search.source_of(filling) for filling in history} == {"prior", "inverse"}


@pytest.mark.parametrize("problem", ["a=8; b=2; a ? b == 4", "a=3; (a < ?) == True", "a=2; a * ? == 19"])
def test_where_nothing_more_is_proposed_the_search_ends_and_says_so(
    perfect: Interpreter, session_of: Callable[..., Session], problem: str
) -> None:
    solution = session_of(perfect).synth(problem, search="inverse")
    assert not solution.verified and solution.evaluations <= 1
    assert solution.reason == "running backwards proposes nothing more; --search auto goes on from there"
