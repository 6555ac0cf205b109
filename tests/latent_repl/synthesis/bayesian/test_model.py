"""The Gaussian processes: what they hold likely, and how they are fitted."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from botorch.models import SingleTaskGP

from latent_repl.synthesis.bayesian.model import KERNELS, BoTorchProcess, GridProcess, Process
from latent_repl.synthesis.bayesian.posterior import Kernel
from tests.latent_repl.synthesis.bayesian.conftest import EVEN, FAR, LINE, PLACES, conditioned, outputs


def test_a_target_is_held_likeliest_where_it_is() -> None:
    density = (
        conditioned()
        .pool_posterior(PLACES, FAR)
        .log_density(outputs(torch.tensor([[0.7]], dtype=torch.float64))[0], EVEN)
    )
    assert abs(float(PLACES[density.argmax()]) - 0.7) < 0.02


def test_samples_are_nearest_to_the_target_where_it_is() -> None:
    torch.manual_seed(0)
    distances = conditioned().sampled_distances(PLACES, outputs(torch.tensor([[0.7]], dtype=torch.float64))[0], 4, {})
    assert distances.shape == (4, len(PLACES))
    assert all(abs(float(PLACES[place]) - 0.7) < 0.05 for place in distances.argmin(1))


def test_predictions_are_botorchs() -> None:
    process = conditioned()
    for posterior in process.pool_posterior(PLACES, FAR).groups:
        group, place = posterior.group, posterior.group.places[:1]
        scale = group.variance[:1].sqrt() * process.spread[place]
        with torch.no_grad():
            theirs = process.botorch(group).posterior(PLACES)
        torch.testing.assert_close(
            theirs.mean * scale + process.middle[place], posterior.mean[:, :1], atol=1e-5, rtol=0
        )
        noise = group.kernel.noise * scale.square()
        torch.testing.assert_close(
            theirs.variance * scale.square() + noise, posterior.variance[:, :1], atol=1e-5, rtol=0
        )


@pytest.mark.parametrize("process", [GridProcess([1]), BoTorchProcess([1], SingleTaskGP)])
def test_posteriors_are_what_botorch_expects_and_what_pools_are_given(process: Process) -> None:
    process.condition(LINE, outputs(LINE))
    one: Any = process.posterior(PLACES[:, None])  # the base class of posteriors names no mean
    joint: Any = process.posterior(PLACES)
    assert one.mean.shape == (50, 1, 3) and one.rsample(torch.Size([4])).shape == (4, 50, 1, 3)
    pool = process.pool_posterior(PLACES, FAR)
    torch.testing.assert_close(one.mean[:, 0], pool.mean, atol=1e-5, rtol=0)
    torch.testing.assert_close(joint.mean, pool.mean, atol=1e-5, rtol=0)
    assert process.sampled_distances(PLACES, outputs(PLACES)[7], 4, {}).shape == (4, 50)


def test_outputs_have_few_kernels_between_them_and_constant_ones_none() -> None:
    process = conditioned()
    assert 1 <= len(process.groups) <= KERNELS
    assert sorted(int(place) for group in process.groups for place in group.places) == [0, 1]


@pytest.mark.parametrize("process", [GridProcess([1]), BoTorchProcess([1], SingleTaskGP)])
def test_samples_that_are_skipped_leave_those_that_follow_as_they_were(process: Process) -> None:
    process.condition(LINE, outputs(LINE))
    target, follow = outputs(PLACES)[7], []
    for skip in (False, True):
        torch.manual_seed(0)
        if skip:
            process.skip_samples(PLACES, 4)
        else:
            process.sampled_distances(PLACES, target, 4, {})
        follow.append(process.sampled_distances(PLACES, target, 4, {}))
    assert torch.equal(*follow)


def test_a_root_is_computed_once_for_processes_of_the_same_inputs() -> None:
    roots: dict[Kernel, torch.Tensor] = {}
    first = conditioned().sampled_distances(PLACES, outputs(PLACES)[7], 4, roots)
    [kept] = roots.items()
    again = conditioned().sampled_distances(PLACES, outputs(PLACES)[7], 4, roots)
    assert first.shape == again.shape and [*roots.items()] == [kept]


def test_each_group_has_a_length_of_its_own() -> None:
    points = torch.rand(40, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    process = GridProcess([1, 1])
    process.condition(points, torch.sin(12 * points[:, :1]))
    [group] = process.groups
    assert group.kernel.lengths[0] < group.kernel.lengths[1]


def test_the_kernels_are_kept_until_there_are_enough_new_points() -> None:
    process = conditioned(LINE[:10])
    assert process.fitted == 10
    process.condition(LINE, outputs(LINE))
    assert process.fitted == 10
    process.condition(LINE.repeat(2, 1), outputs(LINE.repeat(2, 1)))
    assert process.fitted == 24
