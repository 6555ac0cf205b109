"""What the examples propose when the program is run backwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from latent_repl.language.program import CoreLine
from latent_repl.machine import Machine
from latent_repl.model.interface import Interpreter
from latent_repl.session import Session
from latent_repl.synthesis.inversion.batch import Candidate, Inversion
from latent_repl.synthesis.inversion.proposals import InverseProposals
from latent_repl.synthesis.objective import Objective, run_prefix
from latent_repl.synthesis.problem.domains import Assignment, Filling
from latent_repl.synthesis.problem.specification import specify


def objective_of(text: str, model: Interpreter) -> Objective:
    """Return the objective of a problem that starts from the empty state."""
    problem = specify(text, names={}, defined=frozenset(), limits=model.config)
    machine = Machine(model)
    starts = [run_prefix(example, machine, machine.empty_state(), frozenset()) for example in problem.examples]
    return Objective(problem, machine, starts)


def candidates(text: str, model: Interpreter, *fillings: Filling) -> list[Candidate]:
    objective = objective_of(text, model)
    return Inversion(objective).candidates(fillings or [objective.problem.space.at(0)])


def proposals_of(text: str, model: Interpreter) -> InverseProposals:
    objective = objective_of(text, model)
    return InverseProposals(objective.problem.space, Inversion(objective), objective)


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


@pytest.mark.parametrize(
    "text",
    [
        "a=3; a < ?",
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


@pytest.mark.parametrize("text", ["a=2; a * ? == 7", "def f(a):\n    ?\n    return b - 1\nf(2) == 9\nf(3) == 8"])
def test_what_is_proposed_is_run_as_an_evaluation_only(
    perfect: Interpreter, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """A quotient with a remainder is proposed, though it leads nowhere: to know that is an evaluation."""
    objective, run = objective_of(text, perfect), list[CoreLine]()
    code_latents = objective.machine.code_latents

    def recorded(lines: Sequence[CoreLine]) -> np.ndarray:
        run.extend(lines)
        return code_latents(lines)

    monkeypatch.setattr(objective.machine, "code_latents", recorded)
    found = Inversion(objective).candidates([objective.problem.space.at(0)])
    assert found and run
    filled = {
        template.filled(each.filling)
        for each in found
        for example in objective.problem.examples
        for template in example.templates.values()
    }
    assert not filled & {*run}


def test_one_hole_is_proposed_for_with_the_others_filled(perfect: Interpreter) -> None:
    text = "def f(a):\n    b = a * ?\n    return b + ?\nf(2) == 9\nf(3) == 12"
    found = {each.filling: each.support for each in candidates(text, perfect, (3, 0), (5, 1))}
    assert found == {
        (3, 3): {0, 1},
        (3, 1): {1},
        (4, 0): {0, 1},
        (5, -1): {0},
        (5, -3): {1},
        (4, 1): {0},
    }


def test_an_example_that_passes_by_the_hole_is_unaffected(perfect: Interpreter) -> None:
    text = "def f(a):\n    if a > 2:\n        return a + ?\n    return a * ?\nf(2) == 8\nf(3) == 9\nf(5) == 11"
    found = candidates(text, perfect, (0, 4))
    assert [(each.filling, each.support, each.unaffected) for each in found] == [
        ((6, 4), {1, 2}, {0}),
        ((0, 4), {0}, {1, 2}),
    ]


def test_the_same_is_proposed_once(perfect: Interpreter) -> None:
    inversion = Inversion(objective_of("a=71; b = a + ?; b - ? == 18", perfect))
    assert {each.filling for each in inversion.candidates([(1, 2)])} == {(1, 54), (-51, 2)}
    assert [each.filling for each in inversion.candidates([(1, 9)])] == [(-44, 9)]


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
    assert not session_of(perfect).synth(text, budget=1, search="unguessed").verified
