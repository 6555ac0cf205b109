"""Gaussian processes for many searches at once, one length scale each.

As `latent_repl.synthesis.bayesian.search` fits one: inputs in the unit cube, outputs standardised, squared exponential
kernel, BoTorch's dimension-scaled prior. Here the scale is the best of a grid by marginal likelihood and prior, the
variance is its closed form, and all searches go through one batched factorisation.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

# Length scales tried, as factors of the prior's median; observation noise in units of the variance. Chosen.
FACTORS = (0.015, 0.03, 0.06, 0.12, 0.25, 0.5, 1.0)
NOISE, JITTER = 1e-4, 1e-6


def thompson(inputs: Tensor, outputs: Tensor, pool: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Return the places (R x count) in R pools (R x M x D) where samples of R processes have their maxima.

    inputs: R x N x D. outputs: R x N, larger is better. A place comes up once in a row.
    """
    standardised = (outputs - outputs.mean(1, keepdim=True)) / outputs.std(1, keepdim=True).clamp_min(1e-9)
    squared = torch.cdist(inputs, inputs).square()
    scale = best_scale(squared, standardised, inputs.shape[2])
    factor = _factor(_kernel(squared, scale))
    weights = torch.cholesky_solve(standardised[..., None], factor)
    across = _kernel(torch.cdist(pool, inputs).square(), scale)
    solved = torch.linalg.solve_triangular(factor, across.mT, upper=False)
    mean = (across @ weights)[..., 0]
    variance = (standardised[..., None] * weights).mean(1)[..., None]
    covariance = _kernel(torch.cdist(pool, pool).square(), scale) - solved.mT @ solved
    roots = _factor(covariance) * variance.sqrt()
    draws = torch.randn(*mean.shape, count, generator=generator, dtype=mean.dtype)
    return distinct_maxima(mean[..., None] + roots @ draws)


def best_scale(squared: Tensor, outputs: Tensor, dimensions: int) -> Tensor:
    """Return each process's length scale (R) of highest posterior density, the variance at its best value."""
    median = math.exp(math.sqrt(2) + math.log(dimensions) / 2)
    densities = []
    for factor_of_median in FACTORS:
        factor = _factor(_kernel(squared, squared.new_full((len(squared),), factor_of_median * median)))
        fit = (outputs * torch.cholesky_solve(outputs[..., None], factor)[..., 0]).mean(1).clamp_min(1e-12)
        likelihood = -0.5 * outputs.shape[1] * fit.log() - factor.diagonal(dim1=1, dim2=2).log().sum(1)
        # The logarithm of LogNormal(sqrt 2 + log(D) / 2, sqrt 3) at this scale, up to a constant.
        densities.append(likelihood - math.log(factor_of_median) ** 2 / 6 - math.log(factor_of_median))
    return torch.tensor(FACTORS, dtype=outputs.dtype)[torch.stack(densities).argmax(0)] * median


def distinct_maxima(samples: Tensor) -> Tensor:
    """Return for R x M x count samples each one's highest place that no earlier sample of the row took."""
    samples, places = samples.clone(), []
    for index in range(samples.shape[2]):
        place = samples[..., index].argmax(1)
        samples[torch.arange(len(samples)), place] = -math.inf
        places.append(place)
    return torch.stack(places, dim=1)


def _kernel(squared: Tensor, scale: Tensor) -> Tensor:
    return torch.exp(-0.5 * squared / scale[:, None, None].square())


def _factor(correlation: Tensor) -> Tensor:
    """Return the lower factor; more jitter where it is needed, for repeated points."""
    noisy = correlation + (NOISE + JITTER) * torch.eye(correlation.shape[-1], dtype=correlation.dtype)
    factor, failed = torch.linalg.cholesky_ex(noisy)
    for jitter in (1e-4, 1e-3, 1e-2, 1e-1):
        if not failed.any():
            break
        noisy[failed > 0] += jitter * torch.eye(correlation.shape[-1], dtype=correlation.dtype)
        factor, failed = torch.linalg.cholesky_ex(noisy)
    return factor
