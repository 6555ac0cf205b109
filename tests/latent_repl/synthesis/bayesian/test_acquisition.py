"""What a search has learnt, and what another evaluation would add to it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_repl.synthesis.bayesian.acquisition import FEWEST, Surrogate
from latent_repl.synthesis.objective import Outcome

INPUTS = np.array([[0.0], [0.1], [0.3], [0.7], [0.9], [1.0]])
ONLY = frozenset({0})
POOL = np.linspace(0, 1, 101)[:, None]


def outcomes(inputs: np.ndarray, fails_above: float = 2.0) -> list[Outcome]:
    """Two examples: one output runs up with the input, the other down; higher inputs may fail in the second."""
    return [Outcome((place, 1 - place), (ONLY, ONLY if place[0] <= fails_above else None)) for place in inputs]


def learnt(wanted: float, fails_above: float = 2.0) -> Surrogate:
    surrogate = Surrogate([1], np.array([0]), [np.array([wanted]), np.array([1 - wanted])])
    assert surrogate.condition(INPUTS, outcomes(INPUTS, fails_above))
    return surrogate


def test_a_point_is_worth_most_where_all_examples_are_as_wanted() -> None:
    worth = learnt(0.5).at(POOL).worth()
    assert abs(float(POOL[int(worth.argmax()), 0]) - 0.5) < 0.03


def test_a_point_where_an_example_fails_is_worth_less() -> None:
    lost = learnt(0.5, fails_above=0.8).at(POOL).worth() - learnt(0.5).at(POOL).worth()
    assert float(lost[-1]) < float(lost[20]) - 1


def test_too_few_that_end_teach_nothing() -> None:
    surrogate = Surrogate([1], np.array([0]), [np.array([0.5])])
    failing = [Outcome((place,), (None,)) for place in INPUTS]
    ended = [Outcome((place,), (ONLY,)) for place in INPUTS]
    assert not surrogate.condition(INPUTS, failing)
    assert not surrogate.condition(INPUTS, ended[: FEWEST - 1] + failing[FEWEST - 1 :])
    assert surrogate.condition(INPUTS, ended[:FEWEST] + failing[FEWEST:])


def test_an_outcome_taken_for_known_makes_its_neighbours_worth_less() -> None:
    """What is wanted lies beyond all outputs, so only what is not known yet can hold it."""
    expectation = learnt(3.0).at(POOL)
    before = expectation.worth()
    best = int(before.argmax())
    expectation.believe(best)
    lost = before - expectation.worth()
    assert lost[best] > 0
    assert lost[best] > lost[(best + 50) % 101]


def test_samples_are_the_seeds_alone() -> None:
    surrogate, state = learnt(0.5), torch.get_rng_state()
    first, again, other = (surrogate.away(POOL, 3, seed) for seed in (1, 1, 2))
    assert first.shape == (3, len(POOL))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize("fails_above", [2.0, 0.8])
def test_examples_are_known_apart(fails_above: float) -> None:
    surrogate = learnt(0.5, fails_above)
    assert [lead.example for lead in surrogate.leads] == [0, 1]
    assert [len(lead.rows) for lead in surrogate.leads] == [6, int((fails_above >= INPUTS).sum())]


BELOW, ABOVE = frozenset({0, 1}), frozenset({0, 2})
GRID = np.array([[first, second, third] for first in (0.1, 0.2, 0.8, 0.9) for second in (0, 1) for third in (0, 0.5)])


def branch(place: np.ndarray) -> Outcome:
    """The first line decides which of the two others is run."""
    return Outcome((place[1:2] + 2,), (BELOW,)) if place[0] < 0.5 else Outcome((-place[2:],), (ABOVE,))


def test_where_a_way_leads_depends_on_its_own_lines_alone() -> None:
    surrogate = Surrogate([1, 1, 1], np.array([0, 1, 2]), [np.array([-0.25])])
    assert surrogate.condition(GRID, [branch(place) for place in GRID])
    below, above = surrogate.leads
    assert (below.way, above.way) == (BELOW, ABOVE)
    assert [len(lead.rows) for lead in (below, above)] == [4, 4]  # what the other line holds makes no difference
    pool = np.array([[0.9, 0.0, 0.25], [0.9, 1.0, 0.25], [0.9, 0.0, 0.0], [0.1, 0.0, 0.25], [0.1, 1.0, 0.25]])
    worth = surrogate.at(pool).worth()
    assert float(worth[0]) == pytest.approx(float(worth[1]), abs=0.1)
    assert min(worth[:2]) > max(worth[2:])


def test_what_is_taken_for_known_says_nothing_of_another_way() -> None:
    surrogate = Surrogate([1, 1, 1], np.array([0, 1, 2]), [np.array([-0.25])])
    surrogate.condition(GRID, [branch(place) for place in GRID])
    expectation = surrogate.at(np.array([[0.9, 0.5, 0.25], [0.1, 0.5, 0.25]]))
    assert expectation.likeliest().tolist() == [[0, 1], [1, 0]]
    before = [beliefs.beliefs[0].share.clone() for _, beliefs in expectation.leads]
    expectation.believe(0)
    after = [beliefs.beliefs[0].share for _, beliefs in expectation.leads]
    assert torch.equal(before[0], after[0])
    assert float(after[1][0]) < float(before[1][0])
