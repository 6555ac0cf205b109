"""Inputs that several processes learn from."""

from __future__ import annotations

import pytest
import torch

from latent_repl.synthesis.bayesian.design import Design
from latent_repl.synthesis.bayesian.model import GridProcess
from latent_repl.synthesis.bayesian.posterior import Kernel, squared_distances
from tests.latent_repl.synthesis.bayesian.conftest import FAR, LINE, PLACES, conditioned, outputs

KERNEL = Kernel((0.25,), 1e-3)


def test_a_factor_is_that_of_the_covariance_with_its_noise_and_is_computed_once() -> None:
    design = Design([1], LINE)
    covariance = KERNEL.covariance(squared_distances([1], LINE, LINE)) + 1e-3 * torch.eye(len(LINE))
    lower, log_diagonal, failed = design.factor(KERNEL)
    assert not failed
    torch.testing.assert_close(lower @ lower.T, covariance)
    torch.testing.assert_close(2 * log_diagonal, covariance.logdet())
    torch.testing.assert_close(design.whitening(KERNEL) @ lower, torch.eye(len(LINE)).double())
    assert design.factor(KERNEL).lower is lower
    assert design.whitening(KERNEL) is design.whitening(KERNEL)


def test_points_that_are_no_numbers_have_no_factor() -> None:
    design = Design([1], torch.full((3, 1), torch.nan).double())
    assert design.factor(KERNEL).failed
    with pytest.raises(RuntimeError):
        design.whitening(KERNEL)


def test_processes_that_share_a_design_learn_what_each_would_alone() -> None:
    design, shared = Design([1], LINE), [GridProcess([1]), GridProcess([1])]
    for process, sign in zip(shared, (1, -1), strict=True):
        process.condition(LINE, sign * outputs(LINE), design)
    alone, theirs = conditioned().pool_posterior(PLACES, FAR), shared[0].pool_posterior(PLACES, FAR)
    assert torch.equal(alone.mean, theirs.mean) and torch.equal(alone.variance, theirs.variance)
    torch.testing.assert_close(shared[1].pool_posterior(PLACES, FAR).mean, -theirs.mean)
