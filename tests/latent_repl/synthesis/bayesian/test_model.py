"""The Gaussian processes: what they hold likely, and how they are fitted."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from botorch.models import SingleTaskGP

from latent_repl.synthesis.bayesian.acquisition import distinct_minima
from latent_repl.synthesis.bayesian.model import KERNELS, BoTorchProcess, GridProcess, Process
from latent_repl.synthesis.bayesian.posterior import squared_distances

INPUTS = torch.linspace(0, 1, 12, dtype=torch.float64)[:, None]
POOL = torch.linspace(0.01, 0.99, 50, dtype=torch.float64)[:, None]

EVEN = torch.full((3,), 1 / 3, dtype=torch.float64)
FAR = squared_distances([1], POOL, INPUTS)


def outputs(inputs: torch.Tensor) -> torch.Tensor:
    """Two outputs that vary at their own pace, and one that never does."""
    return torch.cat([2 * inputs, torch.sin(7 * inputs), torch.ones_like(inputs)], 1)


def conditioned(inputs: torch.Tensor = INPUTS) -> GridProcess:
    process = GridProcess([inputs.shape[1]])
    process.condition(inputs, outputs(inputs))
    return process


def test_a_target_is_held_likeliest_where_it_is() -> None:
    density = (
        conditioned()
        .pool_posterior(POOL, FAR)
        .log_density(outputs(torch.tensor([[0.7]], dtype=torch.float64))[0], EVEN)
    )
    assert abs(float(POOL[density.argmax()]) - 0.7) < 0.02


def test_samples_are_nearest_to_the_target_where_it_is() -> None:
    torch.manual_seed(0)
    distances = conditioned().sampled_distances(POOL, outputs(torch.tensor([[0.7]], dtype=torch.float64))[0], 4)
    assert distances.shape == (4, len(POOL))
    assert all(abs(float(POOL[place]) - 0.7) < 0.05 for place in distances.argmin(1))


def test_predictions_are_botorchs() -> None:
    process = conditioned()
    for posterior in process.pool_posterior(POOL, FAR).groups:
        group, place = posterior.group, posterior.group.places[:1]
        scale = group.variance[:1].sqrt() * process.spread[place]
        with torch.no_grad():
            theirs = process.botorch(group).posterior(POOL)
        torch.testing.assert_close(
            theirs.mean * scale + process.middle[place], posterior.mean[:, :1], atol=1e-5, rtol=0
        )
        noise = group.kernel.noise * scale.square()
        torch.testing.assert_close(
            theirs.variance * scale.square() + noise, posterior.variance[:, :1], atol=1e-5, rtol=0
        )


@pytest.mark.parametrize("process", [GridProcess([1]), BoTorchProcess([1], SingleTaskGP)])
def test_posteriors_are_what_botorch_expects_and_what_pools_are_given(process: Process) -> None:
    process.condition(INPUTS, outputs(INPUTS))
    one: Any = process.posterior(POOL[:, None])  # the base class of posteriors names no mean
    joint: Any = process.posterior(POOL)
    assert one.mean.shape == (50, 1, 3) and one.rsample(torch.Size([4])).shape == (4, 50, 1, 3)
    pool = process.pool_posterior(POOL, FAR)
    torch.testing.assert_close(one.mean[:, 0], pool.mean, atol=1e-5, rtol=0)
    torch.testing.assert_close(joint.mean, pool.mean, atol=1e-5, rtol=0)
    assert process.sampled_distances(POOL, outputs(POOL)[7], 4).shape == (4, 50)


def test_fantasising_is_conditioning_on_what_was_expected() -> None:
    """The variances after are those of a process with one more point."""
    process = conditioned(INPUTS[4:8])
    far = squared_distances([1], POOL, INPUTS[4:8])
    posterior, place = process.pool_posterior(POOL, far), 2
    first = posterior.groups[0]
    before = first.share.clone()
    posterior.fantasise(place, squared_distances([1], POOL, POOL[place : place + 1]))
    kernel, inputs = first.group.kernel, torch.cat([INPUTS[4:8], POOL[place : place + 1]])
    covariance = kernel.covariance(squared_distances([1], inputs, inputs)) + kernel.noise * torch.eye(len(inputs))
    across = kernel.covariance(squared_distances([1], POOL, inputs))
    share = 1 - (across @ covariance.inverse() * across).sum(-1)
    torch.testing.assert_close(first.share, share.clamp(min=0), atol=1e-6, rtol=0)
    assert first.share[place] < before[place] / 2


def test_outputs_have_few_kernels_between_them_and_constant_ones_none() -> None:
    process = conditioned()
    assert 1 <= len(process.groups) <= KERNELS
    assert sorted(int(place) for group in process.groups for place in group.places) == [0, 1]


def test_each_group_has_a_length_of_its_own() -> None:
    points = torch.rand(40, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    process = GridProcess([1, 1])
    process.condition(points, torch.sin(12 * points[:, :1]))
    [group] = process.groups
    assert group.kernel.lengths[0] < group.kernel.lengths[1]


def test_the_kernels_are_kept_until_there_are_enough_new_points() -> None:
    process = conditioned(INPUTS[:10])
    assert process.fitted == 10
    process.condition(INPUTS, outputs(INPUTS))
    assert process.fitted == 10
    process.condition(INPUTS.repeat(2, 1), outputs(INPUTS.repeat(2, 1)))
    assert process.fitted == 24


def test_a_threshold_is_exceeded_where_the_outputs_are_high() -> None:
    process = GridProcess([1])
    process.condition(INPUTS, (INPUTS > 0.5).double())
    exceeds = process.pool_posterior(POOL, FAR).log_exceeds(0.5).exp()
    assert exceeds[POOL[:, 0] > 0.7].min() > 0.9
    assert exceeds[POOL[:, 0] < 0.3].max() < 0.1


@pytest.mark.parametrize("process", [GridProcess([1]), conditioned()])
def test_outputs_that_never_vary_leave_everything_alike(process: GridProcess) -> None:
    process.condition(INPUTS, torch.ones(12, 3, dtype=torch.float64))
    posterior, ones = process.pool_posterior(POOL, FAR), torch.ones(3).double()
    assert torch.equal(posterior.log_density(ones, ones / 3), torch.zeros(50).double())
    assert torch.equal(posterior.log_exceeds(0.5), torch.zeros(50, 3).double())


def test_samples_with_one_minimum_take_the_next_places() -> None:
    assert distinct_minima(torch.tensor([[1.0, -3.0, -2.0], [1.0, -3.0, -2.0], [-5.0, 0.0, 1.0]])) == [1, 2, 0]
