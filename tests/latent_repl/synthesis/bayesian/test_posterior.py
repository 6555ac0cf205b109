"""Posteriors at points: what fantasised outcomes teach, where a threshold is passed, and what a target is worth."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.synthesis.bayesian.model import GridProcess
from latent_repl.synthesis.bayesian.posterior import Kernel, NormalPosterior, squared_distances
from tests.latent_repl.synthesis.bayesian.conftest import FAR, LINE, PLACES, conditioned


def test_fantasising_is_conditioning_on_what_was_expected() -> None:
    """The variances after are those of a process with one more point."""
    process = conditioned(LINE[4:8])
    far = squared_distances([1], PLACES, LINE[4:8])
    posterior, place = process.pool_posterior(PLACES, far), 2
    first = posterior.groups[0]
    before = first.share.clone()
    posterior.fantasise(place, squared_distances([1], PLACES, PLACES[place : place + 1]))
    kernel, inputs = first.group.kernel, torch.cat([LINE[4:8], PLACES[place : place + 1]])
    covariance = kernel.covariance(squared_distances([1], inputs, inputs)) + kernel.noise * torch.eye(len(inputs))
    across = kernel.covariance(squared_distances([1], PLACES, inputs))
    share = 1 - (across @ covariance.inverse() * across).sum(-1)
    torch.testing.assert_close(first.share, share.clamp(min=0), atol=1e-6, rtol=0)
    assert first.share[place] < before[place] / 2


def test_a_threshold_is_exceeded_where_the_outputs_are_high() -> None:
    process = GridProcess([1])
    process.condition(LINE, (LINE > 0.5).double())
    exceeds = process.pool_posterior(PLACES, FAR).log_exceeds(0.5).exp()
    assert exceeds[PLACES[:, 0] > 0.7].min() > 0.9
    assert exceeds[PLACES[:, 0] < 0.3].max() < 0.1


@pytest.mark.parametrize("process", [GridProcess([1]), conditioned()])
def test_outputs_that_never_vary_leave_everything_alike(process: GridProcess) -> None:
    process.condition(LINE, torch.ones(12, 3, dtype=torch.float64))
    posterior, ones = process.pool_posterior(PLACES, FAR), torch.ones(3).double()
    assert torch.equal(posterior.log_density(ones, ones / 3), torch.zeros(50).double())
    assert torch.equal(posterior.log_exceeds(0.5), torch.zeros(50, 3).double())


def test_distances_of_the_groups_add_up_to_those_of_the_whole() -> None:
    points = torch.rand(5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    parts = squared_distances([1, 2, 3], points[:2], points)
    assert [part.shape for part in parts] == [(2, 5)] * 3
    torch.testing.assert_close(parts[0] + parts[1] + parts[2], torch.cdist(points[:2], points).square())


@given(st.lists(st.floats(0.1, 5), min_size=2, max_size=2), st.floats(0, 3), st.floats(0, 3))
def test_covariance_is_one_at_the_same_place_and_falls_with_the_distance_in_lengths(
    lengths: list[float], near: float, far: float
) -> None:
    kernel = Kernel(tuple(lengths), noise=1e-6)
    squares = [torch.tensor([[0.0, min(near, far), max(near, far)]], dtype=torch.float64)] * 2
    [[same, first, second]] = kernel.covariance(squares).tolist()
    assert same == 1 >= first >= second >= 0
    longer = Kernel((lengths[0] * 2, lengths[1]), noise=1e-6).covariance(squares)
    assert (longer >= kernel.covariance(squares)).all()


def test_a_kernel_is_botorchs_own_squared_exponential() -> None:
    points = torch.rand(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    kernel = Kernel((0.7, 0.7), 1e-6)
    theirs = kernel.module(3)
    theirs.lengthscale = 0.7
    ours = kernel.covariance(squared_distances([1, 2], points, points))
    torch.testing.assert_close(ours, theirs(points).to_dense().double().detach(), atol=1e-5, rtol=0)


def test_a_normal_posterior_holds_a_target_likeliest_at_its_mean_and_a_threshold_evenly_there() -> None:
    means = torch.linspace(0, 1, 11, dtype=torch.float64)[:, None]
    posterior = NormalPosterior(means, torch.full_like(means, 0.04))
    density = posterior.log_density(torch.tensor([0.3]).double(), torch.ones(1).double())
    assert int(density.argmax()) == 3
    assert posterior.log_exceeds(0.5).exp()[5].item() == pytest.approx(0.5)
    posterior.fantasise(3, [])
    assert torch.equal(posterior.log_density(torch.tensor([0.3]).double(), torch.ones(1).double()), density)
