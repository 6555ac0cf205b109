"""The Gaussian processes themselves: one for each output, over the same points, in groups that share a kernel.

What a search wants is known: certain outputs. So a point is worth what the processes' density at the wanted outputs
says, with an output's unknown scale integrated out, which leaves a Student t. Kernels are fitted on a grid; posterior
samples are BoTorch's. Sources: Astudillo and Frazier, 2019, "Bayesian optimization of composite functions"; Kandasamy
et al., 2018, "Parallelised Bayesian optimisation via Thompson sampling".
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

if TYPE_CHECKING:
    from botorch.models import SingleTaskGP
    from gpytorch.kernels import Kernel as BoTorchKernel

# The kernels are fitted again once there are this many times the points of the last fit. Chosen.
REFIT = 1.3
# The grid, in units of the cube and of an output's variance. With 200 points of two groups BoTorch's own fit of one
# output takes 1.1 to 1.8 s (one busy core), and explains held-out losses no better than a grid.
LENGTHS = (0.1, 0.25, 0.6, 1.5, 4.0, 10.0, 100.0)
NOISES = (1e-6, 1e-3)
# BoTorch's prior of a length scale: log-normal around LOCATION + log(dimensions) / 2.
# Source: Hvarfner et al., 2024, "Vanilla Bayesian optimization performs great in high dimensions".
LOCATION, SCALE = math.sqrt(2), math.sqrt(3)
# So many kernels serve all outputs: each costs time. Chosen.
KERNELS = 4
# The length that a fit begins with, and how often it goes through the groups. Chosen.
FIRST, SWEEPS = 1.5, 2
# Standard deviation below which an output counts as constant, and the least variance of a prediction, about a
# thousandth of the distance between latents of neighbouring integers. Chosen.
CONSTANT, SHARPEST = 1e-3, 1e-6


@dataclass(frozen=True)
class Kernel:
    """A length scale for each group of dimensions, and the noise, in units of the variance."""

    lengths: tuple[float, ...]
    noise: float


@dataclass(frozen=True)
class Posterior:
    """Outputs that share a kernel, given the points: their places, means, deviations, and variances in those units.

    whitening (N, N): the inverse of the covariance's Cholesky factor; white (N, K): the outputs under it.
    """

    kernel: Kernel
    places: Tensor
    whitening: Float[Tensor, "N N"]
    white: Float[Tensor, "N K"]
    variance: Float[Tensor, " K"]


Squares = Sequence[Tensor]
"""Squared distances (P, N) of points from the inputs, in each group of dimensions."""


class Process:
    """Processes over points in the unit cube, of which it keeps the kernels from round to round.

    widths: how many dimensions each group has; a group has one length scale. The latent space's own distance is what
    the search relies on, so its dimensions do not get scales of their own.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        self.widths = tuple(widths)
        self.kernels: list[Kernel] = []
        self.fitted = 0
        self.inputs = torch.zeros(0)
        self.posteriors: list[Posterior] = []

    def condition(self, inputs: Float[Tensor, "N F"], outputs: Float[Tensor, "N M"]) -> None:
        """Learn from these points; the kernels are fitted if there are enough new ones."""
        self.inputs = inputs
        self.middle, self.spread = outputs.mean(0), outputs.std(0).clamp(min=CONSTANT)
        self.standard = (outputs - self.middle) / self.spread
        self._squares = squared_distances(self.widths, inputs, inputs)
        self.moving = torch.nonzero(outputs.std(0) > CONSTANT)[:, 0]
        if len(inputs) >= REFIT * self.fitted or len(inputs) * REFIT < self.fitted:
            self._fit()
        best = torch.stack([self._density(kernel) for kernel in self.kernels]).argmax(0)
        served = [self.moving[best == place] for place in range(len(self.kernels))]
        pairs = zip(self.kernels, served, strict=True)
        self.posteriors = [self._posterior(kernel, places) for kernel, places in pairs if len(places)]

    def log_density(self, squares: Squares, wanted: Float[Tensor, " M"]) -> Float[Tensor, " P"]:
        """Return how probable the processes hold the wanted outputs, up to a constant, so far from the inputs."""
        total = torch.zeros(len(squares[0]), dtype=wanted.dtype)
        count = len(self.inputs)
        for posterior, mean, variance in self._predictions(squares):
            squared = (wanted[posterior.places] - mean).square() / variance
            total += (-(count + 1) / 2 * (squared / count).log1p() - variance.log() / 2).sum(-1)
        return total

    def log_exceeds(self, squares: Squares, threshold: float) -> Float[Tensor, " P"]:
        """Return the log probability that all outputs lie above a threshold, so far from the inputs."""
        total = torch.zeros_like(squares[0][:, 0])
        for _, mean, variance in self._predictions(squares):
            total += torch.special.log_ndtr((mean - threshold) / variance.sqrt()).sum(-1)
        return total

    def away(self, points: Float[Tensor, "P F"], wanted: Float[Tensor, " M"], count: int) -> Float[Tensor, "C P"]:
        """Return how far joint samples of the outputs lie from the wanted ones: squared, in deviations, summed.

        BoTorch's process gives the covariance of the points, which a group's outputs share.
        """
        total = torch.zeros(count, len(points), dtype=points.dtype)
        for posterior, mean, _ in self._predictions(squared_distances(self.widths, points, self.inputs)):
            covariance = self.botorch(posterior)(points).covariance_matrix
            values, vectors = torch.linalg.eigh(covariance)  # a Cholesky factor there may be none, in float64
            root = vectors * values.clamp(min=0).sqrt()
            drawn = root @ torch.randn(count, *mean.shape, dtype=mean.dtype)
            off = (mean - wanted[posterior.places]) / self.spread[posterior.places]
            total += (off + drawn * posterior.variance.sqrt()).square().sum(-1)
        return total

    def botorch(self, posterior: Posterior) -> SingleTaskGP:
        """Return BoTorch's process of the first of a group's outputs, in units of its deviation around the prior."""
        from botorch.models import SingleTaskGP

        outputs = self.standard[:, posterior.places[:1]] / posterior.variance[:1].sqrt()
        kernel = group_kernel(self.widths, posterior.kernel.lengths)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the output is not standard in BoTorch's sense
            process = SingleTaskGP(self.inputs, outputs, covar_module=kernel, outcome_transform=None)
        process.likelihood.noise = posterior.kernel.noise
        return process.eval()

    def _predictions(self, squares: Squares) -> Iterator[tuple[Posterior, Float[Tensor, "P K"], Float[Tensor, "P K"]]]:
        """Yield each group of outputs with their means and variances, so far from the inputs."""
        for posterior in self.posteriors:
            across = _covariance(squares, posterior.kernel.lengths) @ posterior.whitening.T
            spread, places = self.spread[posterior.places], posterior.places
            mean = across @ posterior.white * spread + self.middle[places]
            share = (1 - across.square().sum(-1)).clamp(min=0) + posterior.kernel.noise
            variance = (share[:, None] * posterior.variance * spread.square()).clamp(min=SHARPEST)
            yield posterior, mean, variance

    def _posterior(self, kernel: Kernel, places: Tensor) -> Posterior:
        lower = torch.linalg.cholesky(self._covariance(kernel))
        whitening = torch.linalg.solve_triangular(lower, torch.eye(len(lower), dtype=lower.dtype), upper=False)
        white = whitening @ self.standard[:, places]
        return Posterior(kernel, places, whitening, white, _variance(white))

    def _covariance(self, kernel: Kernel) -> Float[Tensor, "N N"]:
        noise = kernel.noise * torch.eye(len(self.inputs), dtype=self.inputs.dtype)
        return _covariance(self._squares, kernel.lengths) + noise

    def _fit(self) -> None:
        """Find the kernels of the grid that explain most outputs best, one group's length after the other."""
        known = dict[Kernel, Float[Tensor, " M"]]()
        kernels = self.kernels or [Kernel((FIRST,) * len(self.widths), NOISES[-1])]
        for group in [*range(len(self.widths) + 1)] * SWEEPS:
            every = list(dict.fromkeys(each for kernel in kernels for each in _neighbours(kernel, group)))
            known |= {kernel: self._density(kernel) for kernel in every if kernel not in known}
            best = torch.stack([known[kernel] for kernel in every]).argmax(0).tolist()
            kernels = [every[place] for place, _ in Counter(best).most_common(KERNELS)] or kernels
        self.kernels, self.fitted = kernels, len(self.inputs)

    def _density(self, kernel: Kernel) -> Float[Tensor, " M"]:
        """Return the log density of each output that is not constant, its scale integrated out, and of the lengths."""
        standard = self.standard[:, self.moving]
        lower, failed = torch.linalg.cholesky_ex(self._covariance(kernel))
        if failed:
            return torch.full((standard.shape[1],), -math.inf, dtype=standard.dtype)
        white = torch.linalg.solve_triangular(lower, standard, upper=False)
        prior = sum(_log_prior(length, width) for length, width in zip(kernel.lengths, self.widths, strict=True))
        return prior - lower.diagonal().log().sum() - len(lower) / 2 * _variance(white).log()


def _neighbours(kernel: Kernel, group: int) -> list[Kernel]:
    """Return a kernel with every length for a group of dimensions; with every noise for the group after the last."""
    if group == len(kernel.lengths):
        return [Kernel(kernel.lengths, noise) for noise in NOISES]
    before, after = kernel.lengths[:group], kernel.lengths[group + 1 :]
    return [Kernel((*before, length, *after), kernel.noise) for length in LENGTHS]


def _variance(white: Float[Tensor, "N K"]) -> Float[Tensor, " K"]:
    return white.square().mean(0).clamp(min=1e-9)


def squared_distances(
    widths: Sequence[int], left: Float[Tensor, "P F"], right: Float[Tensor, "N F"]
) -> list[Float[Tensor, "P N"]]:
    """Return the squared distances in each group of dimensions."""
    parts = zip(left.split(tuple(widths), 1), right.split(tuple(widths), 1), strict=True)
    return [torch.cdist(*pair).square() for pair in parts]


def _covariance(squares: Sequence[Float[Tensor, "N P"]], lengths: Sequence[float]) -> Float[Tensor, "N P"]:
    exponent = torch.zeros_like(squares[0])
    for square, length in zip(squares, lengths, strict=True):
        exponent.add_(square, alpha=-1 / (2 * length**2))
    return exponent.exp_()


def _log_prior(length: float, width: int) -> float:
    """Return BoTorch's log-normal prior of a length scale, up to a constant."""
    location = LOCATION + math.log(width) / 2
    return -math.log(length) - (math.log(length) - location) ** 2 / (2 * SCALE**2)


def group_kernel(widths: Sequence[int], lengths: Sequence[float]) -> BoTorchKernel:
    """Return the product of one RBF kernel for each group of dimensions."""
    from gpytorch.kernels import ProductKernel, RBFKernel

    kernels: list[BoTorchKernel] = []
    first = 0
    for width, length in zip(widths, lengths, strict=True):
        kernel = RBFKernel(active_dims=tuple(range(first, first + width)))
        kernel.lengthscale = length
        kernels.append(kernel)
        first += width
    return kernels[0] if len(kernels) == 1 else ProductKernel(*kernels)
