"""What a search has learnt, and what another evaluation would add to it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from botorch.optim.optimize import optimize_acqf_discrete

from latent_repl.synthesis.bayesian.acquisition import TargetDensity, choose_greedily, distinct_minima
from latent_repl.synthesis.bayesian.path_models import OutcomeModel
from tests.latent_repl.synthesis.bayesian.conftest import ABOVE, BELOW, GRID, POOL, branch, learnt


def value(model: OutcomeModel, points: torch.Tensor = POOL) -> torch.Tensor:
    return TargetDensity(model)(points[:, None])


def test_a_point_is_worth_most_where_all_examples_are_at_the_targets() -> None:
    values = value(learnt(0.5))
    assert abs(float(POOL[int(values.argmax()), 0]) - 0.5) < 0.03


def test_a_point_where_an_example_fails_is_worth_less() -> None:
    lost = value(learnt(0.5, fails_above=0.8)) - value(learnt(0.5))
    assert float(lost[-1]) < float(lost[20]) - 1


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


def test_samples_with_one_minimum_take_the_next_places() -> None:
    assert distinct_minima(torch.tensor([[1.0, -3.0, -2.0], [1.0, -3.0, -2.0], [-5.0, 0.0, 1.0]])) == [1, 2, 0]
