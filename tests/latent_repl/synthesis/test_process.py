"""The Gaussian processes: what they hold likely, and how they are fitted."""

from __future__ import annotations

import pytest
import torch

from latent_repl.synthesis.gaussian_process import distinct_minima
from latent_repl.synthesis.process import KERNELS, Process, squared_distances

INPUTS = torch.linspace(0, 1, 12, dtype=torch.float64)[:, None]
POOL = torch.linspace(0.01, 0.99, 50, dtype=torch.float64)[:, None]

FAR = squared_distances([1], POOL, INPUTS)


def outputs(inputs: torch.Tensor) -> torch.Tensor:
    """Two outputs that vary at their own pace, and one that never does."""
    return torch.cat([2 * inputs, torch.sin(7 * inputs), torch.ones_like(inputs)], 1)


def conditioned(inputs: torch.Tensor = INPUTS) -> Process:
    process = Process([inputs.shape[1]])
    process.condition(inputs, outputs(inputs))
    return process


def test_the_wanted_outputs_are_held_likeliest_where_they_are() -> None:
    density = conditioned().log_density(FAR, outputs(torch.tensor([[0.7]], dtype=torch.float64))[0])
    assert abs(float(POOL[density.argmax()]) - 0.7) < 0.02


def test_samples_are_nearest_to_what_is_wanted_where_it_is() -> None:
    torch.manual_seed(0)
    away = conditioned().away(POOL, outputs(torch.tensor([[0.7]], dtype=torch.float64))[0], 4)
    assert away.shape == (4, len(POOL))
    assert all(abs(float(POOL[place]) - 0.7) < 0.05 for place in away.argmin(1))


def test_predictions_are_botorchs() -> None:
    process = conditioned()
    for posterior, mean, variance in process._predictions(FAR):
        place = posterior.places[:1]
        scale = posterior.variance[:1].sqrt() * process.spread[place]
        with torch.no_grad():
            theirs = process.botorch(posterior).posterior(POOL)
        torch.testing.assert_close(theirs.mean * scale + process.middle[place], mean[:, :1], atol=1e-5, rtol=0)
        noise = posterior.kernel.noise * scale.square()
        torch.testing.assert_close(theirs.variance * scale.square() + noise, variance[:, :1], atol=1e-5, rtol=0)


def test_outputs_have_few_kernels_between_them_and_constant_ones_none() -> None:
    process = conditioned()
    assert 1 <= len(process.posteriors) <= KERNELS
    assert sorted(int(place) for posterior in process.posteriors for place in posterior.places) == [0, 1]


def test_each_group_has_a_length_of_its_own() -> None:
    points = torch.rand(40, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    process = Process([1, 1])
    process.condition(points, torch.sin(12 * points[:, :1]))
    [posterior] = process.posteriors
    assert posterior.kernel.lengths[0] < posterior.kernel.lengths[1]


def test_the_kernels_are_kept_until_there_are_enough_new_points() -> None:
    process = conditioned(INPUTS[:10])
    assert process.fitted == 10
    process.condition(INPUTS, outputs(INPUTS))
    assert process.fitted == 10
    process.condition(INPUTS.repeat(2, 1), outputs(INPUTS.repeat(2, 1)))
    assert process.fitted == 24


def test_a_threshold_is_exceeded_where_the_outputs_are_high() -> None:
    process = Process([1])
    process.condition(INPUTS, (INPUTS > 0.5).double())
    exceeds = process.log_exceeds(FAR, 0.5).exp()
    assert exceeds[POOL[:, 0] > 0.7].min() > 0.9
    assert exceeds[POOL[:, 0] < 0.3].max() < 0.1


@pytest.mark.parametrize("process", [Process([1]), conditioned()])
def test_outputs_that_never_vary_leave_everything_alike(process: Process) -> None:
    process.condition(INPUTS, torch.ones(12, 3, dtype=torch.float64))
    assert torch.equal(process.log_density(FAR, torch.ones(3, dtype=torch.float64)), torch.zeros(50).double())


def test_samples_with_one_minimum_take_the_next_places() -> None:
    assert distinct_minima(torch.tensor([[1.0, -3.0, -2.0], [1.0, -3.0, -2.0], [-5.0, 0.0, 1.0]])) == [1, 2, 0]
