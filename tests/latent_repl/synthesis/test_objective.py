"""Nats and belief."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from latent_repl.errors import ProgramError
from latent_repl.language.program import Slot
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.machine import Machine
from latent_repl.model.interface import Interpreter
from latent_repl.synthesis.objective import Objective, Score, read_targets, run_prefix
from latent_repl.synthesis.problem.box import Point, Proposal
from latent_repl.synthesis.problem.problem import Target
from latent_repl.synthesis.problem.specification import specify
from tests.latent_repl.synthesis.conftest import PerfectInterpreter


def scores(text: str, model: Interpreter, fillings: Sequence[Proposal]) -> list[Score]:
    """Score fillings, or points, of a problem that starts from the empty state."""
    problem = specify(text, names={}, defined=frozenset(), limits=model.config)
    machine = Machine(model)
    starts = [run_prefix(example, machine, machine.empty_state(), frozenset()) for example in problem.examples]
    return Objective(problem, machine, starts).score(fillings)


def test_the_solution_has_the_smallest_loss_and_satisfies_the_constraints(perfect: Interpreter) -> None:
    right, near, far = scores("a=71; a+? == 18", perfect, [(-53,), (-52,), (20,)])
    assert right.satisfied and not near.satisfied and not far.satisfied
    assert right.loss < 0.1 < near.loss < far.loss


def test_a_point_is_read_as_the_line_that_it_is_called_by_wherever_it_lies(perfect: Interpreter) -> None:
    nowhere = np.full(perfect.config.code_latent, 7.0)
    of_lines = scores("a=71; a+? == 18", perfect, [(-53,), (20,)])
    assert scores("a=71; a+? == 18", perfect, [Point((-53,), nowhere), Point((20,), -nowhere)]) == of_lines


def test_every_constraint_adds_to_the_loss(perfect: Interpreter) -> None:
    (one,) = scores("a=7; a+? == 18", perfect, [(3,)])
    (two,) = scores("a=7; a+? == 18; a-? == 4", perfect, [(3, 3)])
    (half,) = scores("a=7; a+? == 18; a-? == -4", perfect, [(3, 11)])
    assert two.loss == pytest.approx(one.loss, abs=0.1)
    assert half.loss == pytest.approx(one.loss, abs=0.1)
    assert not two.satisfied and not half.satisfied


def test_a_program_that_fails_is_not_believed_however_near_its_state(perfect: Interpreter) -> None:
    right, failed = scores("a=71; b = 4 // ?; a == 71", perfect, [(2,), (0,)])
    assert right.satisfied and right.loss < 1
    assert not failed.satisfied and failed.loss > 10


@pytest.mark.slow
def test_a_loop_without_end_fails(perfect: Interpreter) -> None:
    ended, endless = scores(
        "a = 3\nwhile a > ?:\n    a = a * 1 - 1\n    a = max(a, -1)\na == -1", perfect, [(-1,), (-2,)]
    )
    assert ended.satisfied and not endless.satisfied


def test_the_prefix_runs_once(perfect: PerfectInterpreter) -> None:
    scores("a=71; b=a+1; c=b*1; c+? == 18", perfect, [(value,) for value in range(20)])
    assert perfect.executed == 3 + 20


def test_a_prefix_that_fails_says_so(perfect: Interpreter) -> None:
    with pytest.raises(ProgramError, match="ZeroDivisionError"):
        scores("a = 1 // 0; a + ? == 3", perfect, [(1,)])


def test_examples_count_by_mean_and_worst(perfect: Interpreter) -> None:
    body = "def f(a):\n    return a + ?\n"
    (both,) = scores(f"{body}f(8) == 18\nf(3) == 18", perfect, [(10,)])
    (first,), (second,) = (scores(f"{body}f({value}) == 18", perfect, [(10,)]) for value in (8, 3))
    assert first.satisfied and not second.satisfied and not both.satisfied
    assert both.loss == pytest.approx(((first.loss + second.loss) / 2 + second.loss) / 2)


def test_an_outcome_tells_which_way_a_program_went(perfect: Interpreter) -> None:
    body = "def f(a):\n    if a > ?:\n        return a + ?\n    return 12 // ?\n"
    problem = specify(f"{body}f(2) == 5\nf(4) == 5", names={}, defined=frozenset(), limits=perfect.config)
    machine = Machine(perfect)
    starts = [run_prefix(example, machine, machine.empty_state(), frozenset()) for example in problem.examples]
    objective = Objective(problem, machine, starts)
    objective.score([(3, 1, 4), (3, 1, 0), (1, 1, 0)])
    condition, adds, divides = range(3)
    ways = [objective.outcomes[filling].paths for filling in [(3, 1, 4), (3, 1, 0), (1, 1, 0)]]
    assert ways[0] == ({condition, divides}, {condition, adds})
    assert ways[1] == (None, {condition, adds})
    assert ways[2] == ({condition, adds}, {condition, adds})


def test_true_and_one_are_equal_as_in_python() -> None:
    vocabulary = Vocabulary.fresh(1, 9)
    logits = np.full((2, 2, len(vocabulary)), -20.0)
    logits[0, 0, vocabulary.value_id(True)] = logits[1, 0, vocabulary.value_id(2)] = 20
    logits[:, 1, vocabulary.status_id("ok")] = 20
    losses, reached = read_targets(logits, [Target(Slot(0), 1)], vocabulary)
    assert reached.tolist() == [True, False]
    assert losses[0] < 1e-6
    assert losses[1] == pytest.approx(40 - math.log(2), abs=0.01)


def test_a_status_that_is_not_ok_costs() -> None:
    vocabulary = Vocabulary.fresh(1, 9)
    logits = np.full((1, 2, len(vocabulary)), -20.0)
    logits[0, 0, vocabulary.value_id(1)] = logits[0, 1, vocabulary.status_id("OverflowError")] = 20
    losses, reached = read_targets(logits, [Target(Slot(0), 1)], vocabulary)
    assert not reached.item()
    assert losses.item() == pytest.approx(40, abs=0.1)
