"""What a search has learnt, and what another evaluation would add to it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_repl.synthesis.objective import Outcome
from latent_repl.synthesis.surrogate import FEWEST, Surrogate

INPUTS = np.array([[0.0], [0.1], [0.3], [0.7], [0.9], [1.0]])
POOL = np.linspace(0, 1, 101)[:, None]


def outcomes(inputs: np.ndarray, fails_above: float = 2.0) -> list[Outcome]:
    """Two examples: one output runs up with the input, the other down; higher inputs may fail in the second."""
    return [Outcome((place, 1 - place), (True, bool(place[0] <= fails_above))) for place in inputs]


def learnt(wanted: float, fails_above: float = 2.0) -> Surrogate:
    surrogate = Surrogate([1], [np.array([wanted]), np.array([1 - wanted])])
    assert surrogate.condition(INPUTS, outcomes(INPUTS, fails_above))
    return surrogate


def test_a_point_is_worth_most_where_all_examples_are_as_wanted() -> None:
    worth = learnt(0.5).at(POOL).worth()
    assert abs(float(POOL[int(worth.argmax()), 0]) - 0.5) < 0.03


def test_a_point_where_an_example_fails_is_worth_less() -> None:
    lost = learnt(0.5, fails_above=0.8).at(POOL).worth() - learnt(0.5).at(POOL).worth()
    assert float(lost[-1]) < float(lost[20]) - 1


def test_too_few_that_end_teach_nothing() -> None:
    surrogate = Surrogate([1], [np.array([0.5])])
    failing = [Outcome((place,), (False,)) for place in INPUTS]
    ended = [Outcome((place,), (True,)) for place in INPUTS]
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
    assert surrogate.known == [0, 1]
    assert surrogate.ended.sum(0).tolist() == [6, int((fails_above >= INPUTS).sum())]
