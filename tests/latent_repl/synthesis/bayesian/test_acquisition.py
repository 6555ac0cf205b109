"""What a search has learnt, and what another evaluation would add to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from botorch.optim.optimize import optimize_acqf_discrete

from latent_repl.synthesis.bayesian.acquisition import TargetDensity, choose_greedily
from latent_repl.synthesis.bayesian.path_models import FEWEST, OutcomeModel
from latent_repl.synthesis.objective import Outcome

INPUTS = np.array([[0.0], [0.1], [0.3], [0.7], [0.9], [1.0]])
ONLY = frozenset({0})
POOL = torch.linspace(0, 1, 101, dtype=torch.float64)[:, None]


def outcomes(inputs: np.ndarray, fails_above: float = 2.0) -> list[Outcome]:
    """Two examples: one output runs up with the input, the other down; higher inputs may fail in the second."""
    return [Outcome((place, 1 - place), (ONLY, ONLY if place[0] <= fails_above else None)) for place in inputs]


def learnt(target: float, fails_above: float = 2.0) -> OutcomeModel:
    model = OutcomeModel([1], np.array([0]), [np.array([target]), np.array([1 - target])])
    assert model.condition(INPUTS, outcomes(INPUTS, fails_above))
    return model


def value(model: OutcomeModel, points: torch.Tensor = POOL) -> torch.Tensor:
    return TargetDensity(model)(points[:, None])


def test_a_point_is_worth_most_where_all_examples_are_at_the_targets() -> None:
    values = value(learnt(0.5))
    assert abs(float(POOL[int(values.argmax()), 0]) - 0.5) < 0.03


def test_a_point_where_an_example_fails_is_worth_less() -> None:
    lost = value(learnt(0.5, fails_above=0.8)) - value(learnt(0.5))
    assert float(lost[-1]) < float(lost[20]) - 1


def test_too_few_that_end_teach_nothing() -> None:
    model = OutcomeModel([1], np.array([0]), [np.array([0.5])])
    failing = [Outcome((place,), (None,)) for place in INPUTS]
    ended = [Outcome((place,), (ONLY,)) for place in INPUTS]
    assert not model.condition(INPUTS, failing)
    assert not model.condition(INPUTS, ended[: FEWEST - 1] + failing[FEWEST - 1 :])
    assert model.condition(INPUTS, ended[:FEWEST] + failing[FEWEST:])


def test_a_fantasised_outcome_makes_its_neighbours_worth_less() -> None:
    """The target lies beyond all outputs, so only what is not known yet can hold it."""
    acquisition = TargetDensity(learnt(3.0))
    before = acquisition(POOL[:, None])
    best = int(before.argmax())
    acquisition.set_X_pending(POOL[[best]])
    lost = before - acquisition(POOL[:, None])
    assert lost[best] > 0
    assert lost[best] > lost[(best + 50) % 101]


@pytest.mark.parametrize("pool", [POOL, POOL[::2]], ids=["of the pool", "beside it"])
def test_pending_points_count_wherever_they_lie_and_until_they_are_withdrawn(pool: torch.Tensor) -> None:
    acquisition = TargetDensity(learnt(3.0))
    before = acquisition(pool[:, None])
    acquisition.set_X_pending(POOL[[31, 77]])
    pending = acquisition(pool[:, None])
    again = TargetDensity(learnt(3.0))
    again.set_X_pending(POOL[[31, 77]])
    assert torch.allclose(again(POOL[:, None])[:: round(101 / len(pool))], pending)
    assert not torch.allclose(pending, before)
    acquisition.set_X_pending(None)
    assert torch.equal(acquisition(pool[:, None]), before)


def test_greedy_choices_are_those_of_botorch() -> None:
    points, zero = POOL[:-1:3], torch.zeros(34, dtype=torch.float64)
    ours = choose_greedily(TargetDensity(learnt(0.5)), points, zero, 5)
    theirs, _ = optimize_acqf_discrete(TargetDensity(learnt(0.5)), 5, points)
    assert torch.equal(points[ours], theirs)


def test_samples_are_the_seeds_alone() -> None:
    model, state = learnt(0.5), torch.get_rng_state()
    first, again, other = (model.sampled_distances(POOL, 3, seed) for seed in (1, 1, 2))
    assert first.shape == (3, len(POOL))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize("fails_above", [2.0, 0.8])
def test_examples_are_known_apart(fails_above: float) -> None:
    model = learnt(0.5, fails_above)
    assert [each.example for each in model.path_models] == [0, 1]
    assert [len(each.rows) for each in model.path_models] == [6, int((fails_above >= INPUTS).sum())]


BELOW, ABOVE = frozenset({0, 1}), frozenset({0, 2})
GRID = np.array([[first, second, third] for first in (0.1, 0.2, 0.8, 0.9) for second in (0, 1) for third in (0, 0.5)])


def branch(place: np.ndarray) -> Outcome:
    """The first line decides which of the two others is run."""
    return Outcome((place[1:2] + 2,), (BELOW,)) if place[0] < 0.5 else Outcome((-place[2:],), (ABOVE,))


def test_where_a_path_leads_depends_on_its_own_lines_alone() -> None:
    model = OutcomeModel([1, 1, 1], np.array([0, 1, 2]), [np.array([-0.25])])
    assert model.condition(GRID, [branch(place) for place in GRID])
    below, above = model.path_models
    assert (below.path, above.path) == (BELOW, ABOVE)
    assert [len(each.rows) for each in (below, above)] == [4, 4]  # what the other line holds makes no difference
    pool = [[0.9, 0.0, 0.25], [0.9, 1.0, 0.25], [0.9, 0.0, 0.0], [0.1, 0.0, 0.25], [0.1, 1.0, 0.25]]
    values = value(model, torch.tensor(pool, dtype=torch.float64))
    assert float(values[0]) == pytest.approx(float(values[1]), abs=0.1)
    assert min(values[:2]) > max(values[2:])


def test_what_is_fantasised_says_nothing_of_another_path() -> None:
    model = OutcomeModel([1, 1, 1], np.array([0, 1, 2]), [np.array([-0.25])])
    model.condition(GRID, [branch(place) for place in GRID])
    pool = model.pool(torch.tensor([[0.9, 0.5, 0.25], [0.1, 0.5, 0.25]], dtype=torch.float64))
    assert pool.likeliest().tolist() == [[0, 1], [1, 0]]
    outcomes: list[Any] = pool.outcomes
    before = [outcome.groups[0].share.clone() for outcome in outcomes]
    pool.fantasise(0)
    after = [outcome.groups[0].share for outcome in outcomes]
    assert torch.equal(before[0], after[0])
    assert float(after[1][0]) < float(before[1][0])


def test_the_posterior_mixes_the_paths_by_how_likely_they_are() -> None:
    model = OutcomeModel([1, 1, 1], np.array([0, 1, 2]), [np.array([-0.25])])
    model.condition(GRID, [branch(place) for place in GRID])
    points = torch.tensor([[[0.9, 0.0, 0.5]], [[0.1, 0.0, 0.5]]], dtype=torch.float64)
    posterior: Any = model.posterior(points)  # the base class of posteriors names no mean
    assert posterior.mean.shape == posterior.variance.shape == (2, 1, 1)
    assert posterior.mean.flatten().tolist() == pytest.approx([-0.5, 2.0], abs=0.2)
    assert posterior.rsample(torch.Size([3])).shape == (3, 2, 1, 1)
