"""The Gaussian processes themselves: one for each output, over the same points, in groups that share a kernel.

Kernels are fitted on a grid; the covariance of joint samples is BoTorch's.
Source: Kandasamy et al., 2018, "Parallelised Bayesian optimisation via Thompson sampling".
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

from latent_repl.synthesis.bayesian.posterior import Belief, Beliefs, Kernel, Posterior, Squares, squared_distances

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
# Standard deviation below which an output counts as constant. Chosen.
CONSTANT = 1e-4


class Process:
    """Processes over points in the unit cube, of which it keeps the kernels from round to round.

    widths: how many dimensions each group has; a group has one length scale.
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
        self.middle, self.spread = outputs.mean(0), outputs.std(0, correction=0).clamp(min=CONSTANT)
        self.standard = (outputs - self.middle) / self.spread
        self._squares = squared_distances(self.widths, inputs, inputs)
        self.moving = torch.nonzero(self.spread > CONSTANT)[:, 0]
        if len(inputs) >= REFIT * self.fitted or len(inputs) * REFIT < self.fitted:
            self._fit()
        best = torch.stack([self._density(kernel) for kernel in self.kernels]).argmax(0)
        served = [self.moving[best == place] for place in range(len(self.kernels))]
        pairs = zip(self.kernels, served, strict=True)
        self.posteriors = [self._posterior(kernel, places) for kernel, places in pairs if len(places)]

    def beliefs(self, squares: Squares) -> Beliefs:
        """Return what the processes believe of points so far from the inputs."""
        beliefs = []
        for posterior in self.posteriors:
            across = posterior.kernel.covariance(squares) @ posterior.whitening.T
            places = posterior.places
            mean = across @ posterior.white * self.spread[places] + self.middle[places]
            share = (1 - across.square().sum(-1)).clamp(min=0)
            beliefs.append(Belief(posterior, across, mean, share, posterior.variance * self.spread[places].square()))
        return Beliefs(beliefs, len(squares[0]), len(self.spread), len(self.inputs))

    def away(self, points: Float[Tensor, "P F"], wanted: Float[Tensor, " M"], count: int) -> Float[Tensor, "C P"]:
        """Return how far joint samples of the outputs lie from the wanted ones: squared, in deviations, a mean.

        Only of the largest group that shares a kernel: each group costs a covariance of the points, which is BoTorch's.
        """
        beliefs = self.beliefs(squared_distances(self.widths, points, self.inputs)).beliefs
        if not beliefs:
            return torch.zeros(count, len(points), dtype=points.dtype)
        belief = max(beliefs, key=lambda each: len(each.posterior.places))
        posterior, places = belief.posterior, belief.posterior.places
        values, vectors = torch.linalg.eigh(self.botorch(posterior)(points).covariance_matrix)
        root = vectors * values.clamp(min=0).sqrt()  # a Cholesky factor there may be none, in float64
        drawn = root @ torch.randn(count, *belief.mean.shape, dtype=points.dtype)
        off = (belief.mean - wanted[places]) / self.spread[places]
        return (off + drawn * posterior.variance.sqrt()).square().mean(-1)

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

    def _posterior(self, kernel: Kernel, places: Tensor) -> Posterior:
        lower = torch.linalg.cholesky(self._covariance(kernel))
        whitening = torch.linalg.solve_triangular(lower, torch.eye(len(lower), dtype=lower.dtype), upper=False)
        white = whitening @ self.standard[:, places]
        return Posterior(kernel, places, whitening, white, _variance(white))

    def _covariance(self, kernel: Kernel) -> Float[Tensor, "N N"]:
        noise = kernel.noise * torch.eye(len(self.inputs), dtype=self.inputs.dtype)
        return kernel.covariance(self._squares) + noise

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


def _log_prior(length: float, width: int) -> float:
    """Return BoTorch's log-normal prior of a length scale, up to a constant."""
    location = LOCATION + math.log(width) / 2
    return -math.log(length) - (math.log(length) - location) ** 2 / (2 * SCALE**2)


def group_kernel(widths: Sequence[int], lengths: Sequence[float]) -> BoTorchKernel:
    """Return the RBF kernel with one length scale for each group of dimensions."""
    from gpytorch.kernels import RBFKernel

    kernel = RBFKernel(ard_num_dims=sum(widths))
    scales = [length for width, length in zip(widths, lengths, strict=True) for _ in range(width)]
    kernel.lengthscale = torch.tensor(scales, dtype=torch.float64)
    return kernel
