"""What was learnt of execution paths: examples and paths apart, and their mixture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from latent_repl.synthesis.bayesian.path_models import FEWEST, OutcomeModel
from latent_repl.synthesis.bayesian.posterior import squared_distances
from latent_repl.synthesis.objective import Outcome
from tests.latent_repl.synthesis.bayesian.conftest import ABOVE, BELOW, GRID, INPUTS, ONLY, POOL, branch, learnt


def test_too_few_that_end_teach_nothing() -> None:
    model = OutcomeModel([1], np.array([0]), [np.array([0.5])])
    failing = [Outcome((place,), (None,)) for place in INPUTS]
    ended = [Outcome((place,), (ONLY,)) for place in INPUTS]
    assert not model.condition(INPUTS, failing)
    assert not model.condition(INPUTS, ended[: FEWEST - 1] + failing[FEWEST - 1 :])
    assert model.condition(INPUTS, ended[:FEWEST] + failing[FEWEST:])


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


def test_an_example_that_never_ended_is_held_to_lead_anywhere() -> None:
    model = OutcomeModel([1], np.array([0]), [np.array([0.5]), np.array([0.5])])
    assert model.condition(INPUTS, [Outcome((place, place), (ONLY, None)) for place in INPUTS])
    mean, variance = model.pool(POOL).moments()
    assert mean.shape == variance.shape == (101, model.num_outputs) == (101, 2)
    assert mean[:, 1].abs().max() == 0 and variance[:, 1].min() == variance[:, 1].max() == 1
    assert float(variance[:, 0].max()) < 0.1


def test_a_path_sees_the_dimensions_of_its_own_lines() -> None:
    model = OutcomeModel([1, 1, 1], np.array([0, 1, 2]), [np.array([0.0])])
    points = torch.ones(2, 3, dtype=torch.float64)
    assert model.seen(BELOW, points).tolist() == [[1, 1, 0]] * 2
    assert model.seen(ABOVE, points).tolist() == [[1, 0, 1]] * 2


def test_each_point_has_one_likeliest_path_in_each_example() -> None:
    model = OutcomeModel([1, 1, 1], np.array([0, 1, 2]), [np.array([-0.25])])
    model.condition(GRID, [branch(place) for place in GRID])
    pool = model.pool(torch.from_numpy(GRID))
    assert pool.likeliest().tolist() == [[1, 0] if place[0] < 0.5 else [0, 1] for place in GRID]


@pytest.mark.parametrize("line_groups", [[0, 0, 1, 2], [0, 1, 1, 2]])
def test_a_path_sees_of_a_pool_what_it_sees_of_points(line_groups: list[int]) -> None:
    """Whether each group of dimensions tells of one line or the first tells of two."""
    model = OutcomeModel([2, 1, 1], np.array(line_groups), [np.array([0.0])])
    points, others = torch.rand(5, 4, dtype=torch.float64), torch.rand(3, 4, dtype=torch.float64)
    every = squared_distances(model.group_sizes, points, others)
    seen = squared_distances(model.group_sizes, model.seen(BELOW, points), model.seen(BELOW, others))
    of_path = model.squares(BELOW, every)
    if line_groups[0] != line_groups[1]:
        assert of_path is None
    else:
        assert of_path is not None
        assert all(torch.equal(mine, theirs) for mine, theirs in zip(of_path, seen, strict=True))
