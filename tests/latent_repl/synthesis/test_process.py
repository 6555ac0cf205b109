"""The Gaussian process: what it proposes, and how it is fitted."""

from __future__ import annotations

import pytest
import torch
from linear_operator.utils.errors import NotPSDError

from latent_repl.synthesis.process import SHORTLIST, Process, distinct_maxima

INPUTS = torch.linspace(0, 1, 12, dtype=torch.float64)[:, None]
POOL = torch.linspace(0.01, 0.99, 50, dtype=torch.float64)[:, None]


def test_proposals_lie_where_the_outputs_are_high() -> None:
    places = Process([1]).propose(INPUTS, -((INPUTS[:, 0] - 0.7) ** 2), POOL, 4, 0)
    assert len(set(places)) == 4
    assert all(abs(float(POOL[place]) - 0.7) < 0.2 for place in places)


def test_a_long_pool_is_cut_to_what_promises_most() -> None:
    pool = torch.linspace(0, 1, 4 * SHORTLIST, dtype=torch.float64)[:, None]
    places = Process([1]).propose(INPUTS, -((INPUTS[:, 0] - 0.7) ** 2), pool, 4, 0)
    assert all(abs(float(pool[place]) - 0.7) < 0.2 for place in places)


def test_the_shortlist_is_ordered_as_botorchs_posterior_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("latent_repl.synthesis.process.SHORTLIST", 10)
    process, outputs = Process([1]), torch.sin(7 * INPUTS[:, 0])
    with torch.no_grad():
        posterior = process.condition(INPUTS, outputs).posterior(POOL)
        bound = posterior.mean[:, 0] + 2 * posterior.variance[:, 0].sqrt()
        shortlist = process._shortlist(INPUTS, outputs, POOL)
    assert set(shortlist.tolist()) == set(bound.argsort(descending=True)[:10].tolist())


def test_each_group_has_a_length_of_its_own() -> None:
    points = torch.rand(40, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    process = Process([1, 1])
    process.condition(points, torch.sin(12 * points[:, 0]))
    assert process.lengths[0] < process.lengths[1]


def test_the_hyperparameters_are_kept_until_there_are_enough_new_points() -> None:
    process = Process([1])
    process.condition(INPUTS[:10], INPUTS[:10, 0])
    assert process.fitted == 10
    process.condition(INPUTS[:12], INPUTS[:12, 0])
    assert process.fitted == 10
    process.condition(INPUTS.repeat(2, 1), INPUTS.repeat(2, 1)[:, 0])
    assert process.fitted == 24


def test_equal_outputs_do_not_stop_the_process() -> None:
    assert len(set(Process([1]).propose(INPUTS, torch.ones(12, dtype=torch.float64), INPUTS, 4, 0))) == 4


def test_a_round_that_cannot_be_sampled_is_drawn_at_random(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise NotPSDError

    monkeypatch.setattr(Process, "condition", fail)
    assert len(set(Process([1]).propose(INPUTS, INPUTS[:, 0], INPUTS, 4, 0))) == 4


def test_samples_with_one_maximum_take_the_next_places() -> None:
    assert distinct_maxima(torch.tensor([[1.0, 3.0, 2.0], [1.0, 3.0, 2.0], [5.0, 0.0, 1.0]])) == [1, 2, 0]
