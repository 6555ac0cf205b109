"""The Gaussian process itself: BoTorch's SingleTaskGP with its priors, fitted on a grid, sampled every round.

Source: Kandasamy et al., 2018, "Parallelised Bayesian optimisation via Thompson sampling"; BoTorch's tutorial on it.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float, Int
from torch import Tensor

if TYPE_CHECKING:
    from botorch.models import SingleTaskGP
    from gpytorch.kernels import Kernel

# The process is fitted again once it has this many times the points of the last fit. Chosen.
REFIT = 1.3
# The hyperparameters are the best of these by posterior density. With 200 points of two groups BoTorch's own fit takes
# 1.1 to 1.8 s and the grid 0.4 to 0.7 s (one busy core), and neither explains held-out losses better (correlation
# 0.35 against 0.36). In units of the cube.
LENGTHS = (0.1, 0.15, 0.22, 0.33, 0.5, 0.75, 1.1, 1.7)
NOISES = (1e-3, 1e-2, 1e-1)
# BoTorch's prior of a length scale: log-normal around LOCATION + log(dimensions) / 2.
# Source: Hvarfner et al., 2024, "Vanilla Bayesian optimization performs great in high dimensions".
LOCATION, SCALE = math.sqrt(2), math.sqrt(3)
# The share of a batch that the mean chooses. In 18 runs with two holes 0, a half and all of a batch solved 4, 7 and 8
# within 128 evaluations, and 13, 13 and 12 within 512.
GREEDY = 0.5
# Joint samples are drawn on the best so many of a pool, by mean and two deviations: they cost the number cubed.
SHORTLIST = 500
DEVIATIONS = 2.0


class Process:
    """A Gaussian process over points in the unit cube, of which it keeps the hyperparameters from round to round.

    widths: how many dimensions each group has; a group has one length scale. The latent space's own distance is what
    the search relies on, so its dimensions do not get scales of their own.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        self.widths = tuple(widths)
        self.lengths, self.noise, self.fitted = (1.0,) * len(self.widths), NOISES[0], 0

    def propose(
        self,
        inputs: Float[Tensor, "N F"],
        outputs: Float[Tensor, " N"],
        pool: Float[Tensor, "M F"],
        count: int,
        seed: int,
    ) -> list[int]:
        """Return the places of `count` points of the pool: half of them best by the mean, half by posterior samples."""
        from linear_operator.utils.errors import NotPSDError

        with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
            # Jitter on a covariance is told as a warning, which is not the user's concern.
            warnings.simplefilter("ignore")
            torch.manual_seed(seed)
            try:
                process = self.condition(inputs, outputs)
                with torch.no_grad():
                    places = self._shortlist(inputs, outputs, pool)
                    posterior = process.posterior(pool[places])
                    samples = posterior.rsample(torch.Size([count]))[..., 0]
                    samples[: round(GREEDY * count)] = posterior.mean[:, 0]
            except (NotPSDError, RuntimeError):  # what torch and linear_operator say of a covariance that is none
                # A round at random: more points may make the next one possible.
                places = torch.randperm(len(pool))[:SHORTLIST]
                samples = torch.rand(count, len(places))
        return [int(places[place]) for place in distinct_maxima(samples)]

    def condition(self, inputs: Float[Tensor, "N F"], outputs: Float[Tensor, " N"]) -> SingleTaskGP:
        """Return BoTorch's process on these points, its hyperparameters fitted if there are enough new ones."""
        from botorch.models import SingleTaskGP
        from botorch.models.transforms import Standardize

        if len(inputs) >= REFIT * self.fitted or len(inputs) * REFIT < self.fitted:
            self._fit(inputs, outputs)
        process = SingleTaskGP(
            inputs, outputs[:, None], covar_module=group_kernel(self.widths), outcome_transform=Standardize(m=1)
        )
        kernels = getattr(process.covar_module, "kernels", [process.covar_module])
        for kernel, length in zip(kernels, self.lengths, strict=True):
            kernel.lengthscale = length
        process.likelihood.noise = self.noise
        process.eval()
        return process

    def _shortlist(
        self, inputs: Float[Tensor, "N F"], outputs: Float[Tensor, " N"], pool: Float[Tensor, "M F"]
    ) -> Int[Tensor, " K"]:
        """Return the places whose mean and deviations promise most; the same process, without its covariances."""
        if len(pool) <= SHORTLIST:
            return torch.arange(len(pool))
        covariance = self._kernel(inputs, inputs) + self.noise * torch.eye(len(inputs), dtype=inputs.dtype)
        lower = torch.linalg.cholesky(covariance)
        across = torch.linalg.solve_triangular(lower, self._kernel(inputs, pool), upper=False)
        white = torch.linalg.solve_triangular(lower, _standardised(outputs)[:, None], upper=False)
        deviations = (1 - across.square().sum(0)).clamp(min=0).sqrt()
        return ((across * white).sum(0) + DEVIATIONS * deviations).argsort(descending=True)[:SHORTLIST]

    def _kernel(self, left: Float[Tensor, "N F"], right: Float[Tensor, "M F"]) -> Float[Tensor, "N M"]:
        scales = torch.cat(
            [torch.full((width,), length) for width, length in zip(self.widths, self.lengths, strict=True)]
        )
        return torch.exp(-torch.cdist(left / scales, right / scales).square() / 2)

    def _fit(self, inputs: Float[Tensor, "N F"], outputs: Float[Tensor, " N"]) -> None:
        """Take the most probable hyperparameters of the grid, one group's length after the other."""
        standard = _standardised(outputs)
        squares = [torch.cdist(part, part).square() for part in inputs.split(self.widths, dim=1)]
        best = self._density(squares, standard, self.lengths, self.noise)
        for _ in range(2 if len(self.widths) > 1 else 1):
            for group in range(len(self.widths)):
                for length in LENGTHS:
                    for noise in NOISES:
                        lengths = (*self.lengths[:group], length, *self.lengths[group + 1 :])
                        density = self._density(squares, standard, lengths, noise)
                        if density > best:
                            best, self.lengths, self.noise = density, lengths, noise
        self.fitted = len(inputs)

    def _density(
        self,
        squares: Sequence[Float[Tensor, "N N"]],
        outputs: Float[Tensor, " N"],
        lengths: Sequence[float],
        noise: float,
    ) -> float:
        """Return the log density of the outputs and of the hyperparameters' priors, up to a constant."""
        exponent = sum(square / (2 * length**2) for square, length in zip(squares, lengths, strict=True))
        covariance = torch.exp(-torch.as_tensor(exponent)) + noise * torch.eye(len(outputs), dtype=outputs.dtype)
        lower, failed = torch.linalg.cholesky_ex(covariance)
        if failed:
            return -math.inf
        white = torch.linalg.solve_triangular(lower, outputs[:, None], upper=False)
        density = -float(white.square().sum()) / 2 - float(lower.diagonal().log().sum())
        return density + sum(_log_prior(length, width) for length, width in zip(lengths, self.widths, strict=True))


def _standardised(outputs: Float[Tensor, " N"]) -> Float[Tensor, " N"]:
    return (outputs - outputs.mean()) / outputs.std().clamp(min=1e-9)


def _log_prior(length: float, width: int) -> float:
    """Return BoTorch's log-normal prior of a length scale, up to a constant."""
    location = LOCATION + math.log(width) / 2
    return -math.log(length) - (math.log(length) - location) ** 2 / (2 * SCALE**2)


def group_kernel(widths: Sequence[int]) -> Kernel:
    """Return the product of one RBF kernel for each group of dimensions, each with BoTorch's prior."""
    from gpytorch.kernels import ProductKernel, RBFKernel
    from gpytorch.priors import LogNormalPrior

    kernels: list[Kernel] = []
    first = 0
    for width in widths:
        prior = LogNormalPrior(loc=LOCATION + math.log(width) / 2, scale=SCALE)
        dimensions = tuple(range(first, first + width))
        kernels.append(RBFKernel(active_dims=dimensions, lengthscale_prior=prior))
        first += width
    return kernels[0] if len(kernels) == 1 else ProductKernel(*kernels)


def distinct_maxima(samples: Float[Tensor, "B M"]) -> list[int]:
    """Return the place of each sample's maximum, or of its highest place that no earlier sample took."""
    places: list[int] = []
    for sample in samples:
        order = sample.argsort(descending=True)[: len(places) + 1].tolist()
        places.append(next(place for place in order if place not in places))
    return places
