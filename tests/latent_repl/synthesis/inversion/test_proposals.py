"""What is proposed before a search and as it goes on, and which of it is tried at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.model.interface import Interpreter
from latent_repl.session import Session
from latent_repl.synthesis.inversion.batch import Inversion
from latent_repl.synthesis.inversion.proposals import InverseProposals
from latent_repl.synthesis.problem.domains import Assignment, Filling
from tests.latent_repl.synthesis.inversion.conftest import objective_of


def proposals_of(text: str, model: Interpreter) -> InverseProposals:
    objective = objective_of(text, model)
    return InverseProposals(objective.problem.space, Inversion(objective), objective)


@pytest.mark.parametrize(
    "text",
    [
        "a=3; (a < ?) == True",
        "b = ? * 2; b * b == 36",  # the hole decides both operands
        "a=0\nwhile a < 9:\n    a = a + ?\na == 12",  # one fill would have to serve several times
        "a=3\nif a > ?:\n    a = 5\na == 5",  # the path to the end is not known
        "b = 5; b + ? == 4; b - ? == 4",  # of several holes the others must be filled first
    ],
)
def test_where_no_path_leads_back_nothing_is_proposed(perfect: Interpreter, text: str) -> None:
    proposals = proposals_of(text, perfect)
    assert proposals.before() == []


def test_a_whole_line_is_proposed_by_all_examples_together(perfect: Interpreter) -> None:
    text = "def f(a):\n    ?\n    return b - 1\nf(2) == 9\nf(3) == 8\nf(5) == 6"
    found = proposals_of(text, perfect).before()
    assert found == [(Assignment("b", "-", 12, "a"),), (Assignment("b", "//", "a", 0),)]


def test_what_should_satisfy_all_comes_at_once_and_what_should_satisfy_more_comes_alone(perfect: Interpreter) -> None:
    text = "def f(a):\n    b = a * ?\n    return b + ?\nf(2) == 9\nf(3) == 12\nf(4) == 15"
    proposals = proposals_of(text, perfect)
    assert proposals.before() == []
    history = dict[Filling, float]()

    def evaluated(filling: Filling) -> list[Filling]:
        history[filling] = proposals.objective.score([filling])[0].loss
        return list(proposals.after(history))

    (more,) = evaluated((50, 0))  # satisfies none, so that what two examples propose should satisfy more
    assert proposals.expected[more] == 2
    assert proposals.likeliest()[0] == more
    assert evaluated(more) == []  # no other filling should satisfy two
    assert evaluated((3, 1)) == [(3, 3)]
    assert evaluated((3, 3)) == []


def test_what_a_candidate_should_satisfy_counts_the_unaffected_that_its_parent_satisfies(perfect: Interpreter) -> None:
    text = "def f(a):\n    if a > 2:\n        return a + ?\n    return a * ?\nf(2) == 8\nf(3) == 9"
    for right, filling in ((True, (0, 4)), (False, (0, 5))):
        proposals = proposals_of(text, perfect)
        history: dict[Filling, float] = {filling: proposals.objective.score([filling])[0].loss}
        proposed = list(proposals.after(history))
        assert ((6, 4) in proposed) == right


@pytest.mark.parametrize("text", ["a=71; a+? == 18", "def f(a):\n    ?\n    return b\nf(2) == 9\nf(3) == 8\nf(5) == 6"])
def test_a_search_begins_with_what_is_proposed(
    perfect: Interpreter, session_of: Callable[..., Session], text: str
) -> None:
    assert session_of(perfect).synth(text, budget=1).verified
    assert not session_of(perfect).synth(text, budget=1, search="gp").verified
