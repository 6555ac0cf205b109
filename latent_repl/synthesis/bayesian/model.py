"""The Gaussian processes themselves: BoTorch models of several outputs over the same points.

GridProcess(group_sizes)                        kernels from a grid, shared by outputs: what searches use
GridProcess(group_sizes, kernel=...)            with another kernel, a subclass of `posterior.Kernel`
BoTorchProcess(group_sizes, SingleTaskGP)       any model that BoTorch can make of inputs and outputs

Kernels are fitted on a grid; the covariance of joint samples is BoTorch's.
Source: Kandasamy et al., 2018, "Parallelised Bayesian optimisation via Thompson sampling".
"""

from __future__ import annotations

import math
import warnings
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import torch
from botorch.models import SingleTaskGP
from botorch.models.model import Model
from botorch.posteriors.gpytorch import GPyTorchPosterior
from botorch.posteriors.posterior import Posterior
from gpytorch.distributions import MultitaskMultivariateNormal, MultivariateNormal
from torch import Tensor

from latent_repl.shapes import Float
from latent_repl.synthesis.bayesian.design import Design
from latent_repl.synthesis.bayesian.posterior import (
    SHARPEST,
    FittedGroup,
    GridPosterior,
    GroupPosterior,
    Kernel,
    NormalPosterior,
    Squares,
    squared_distances,
)

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


Roots = dict[Kernel, Tensor]
"""What joint samples of points are drawn by, for each kernel."""


class Process(Model):
    """A model of several outputs over points in the unit cube, taught anew as a search goes on.

    group_sizes: how many dimensions each group of inputs has.
    """

    def __init__(self, group_sizes: Sequence[int]) -> None:
        super().__init__()
        self.group_sizes = tuple(group_sizes)
        self.spread: Tensor = torch.ones(0)

    @abstractmethod
    def condition(
        self, inputs: Float[Tensor, "N F"], outputs: Float[Tensor, "N M"], design: Design | None = None
    ) -> None:
        """Learn from these points, and from no earlier ones; set `spread`, each output's deviation.

        design: of the same inputs, where other processes learn from them too.
        """

    @abstractmethod
    def pool_posterior(self, points: Float[Tensor, "P F"], squares: Squares) -> GridPosterior | NormalPosterior:
        """Return the posterior at many points, each on its own; squares: how far they are from the inputs."""

    def sampled_distances(
        self, points: Float[Tensor, "P F"], target: Float[Tensor, " M"], count: int, roots: Roots
    ) -> Float[Tensor, "C P"]:
        """Return how far joint samples of the outputs lie from the target: squared, in deviations, a mean.

        roots: of the points' covariance, as other processes that learnt from the same inputs have computed them.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # near points need jitter, which BoTorch adds and tells
            sampled = self.posterior(points).rsample(torch.Size([count]))
        return ((sampled - target) / self.spread).square().mean(-1)

    def skip_samples(self, points: Float[Tensor, "P F"], count: int) -> None:
        """Draw the random numbers of such samples and leave them, so that those of other processes stay the same."""
        self.sampled_distances(points, torch.zeros_like(self.spread), count, {})


class BoTorchProcess(Process):
    """A process that is a new BoTorch model after every round. make: of inputs and outputs, fitted or not."""

    def __init__(self, group_sizes: Sequence[int], make: Callable[[Tensor, Tensor], Model]) -> None:
        super().__init__(group_sizes)
        self.make = make

    def condition(
        self, inputs: Float[Tensor, "N F"], outputs: Float[Tensor, "N M"], design: Design | None = None
    ) -> None:
        """Make the model of these points."""
        self.spread = outputs.std(0, correction=0).clamp(min=CONSTANT)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # outputs are not standard in BoTorch's sense
            self.model = self.make(inputs, outputs)

    def posterior(self, X: Tensor, *arguments: Any, **named: Any) -> Posterior:
        """Return the model's own."""
        return self.model.posterior(X, *arguments, **named)

    def pool_posterior(self, points: Float[Tensor, "P F"], squares: Squares) -> NormalPosterior:
        """Return the model's means and variances."""
        posterior: Any = self.posterior(points[:, None])
        return NormalPosterior(posterior.mean[:, 0].detach(), posterior.variance[:, 0].detach().clamp(min=SHARPEST))


class GridProcess(Process):
    """Processes of which the kernels come from a grid and are kept from round to round; a group has one length scale.

    BoTorch's own fit of its own models is some hundred times slower (see the grid): that is why this one exists.
    """

    def __init__(self, group_sizes: Sequence[int], kernel: type[Kernel] = Kernel) -> None:
        super().__init__(group_sizes)
        self.kernel = kernel
        self.kernels: list[Kernel] = []
        self.fitted = 0
        self.inputs = torch.zeros(0)
        self.groups: list[FittedGroup] = []

    @property
    def num_outputs(self) -> int:
        """How many outputs there are."""
        return len(self.spread)

    def condition(
        self, inputs: Float[Tensor, "N F"], outputs: Float[Tensor, "N M"], design: Design | None = None
    ) -> None:
        """Learn from these points; the kernels are fitted if there are enough new ones."""
        self.inputs, design = inputs, design or Design(self.group_sizes, inputs)
        self.middle, self.spread = outputs.mean(0), outputs.std(0, correction=0).clamp(min=CONSTANT)
        self.standard = (outputs - self.middle) / self.spread
        self.moving = torch.nonzero(self.spread > CONSTANT)[:, 0]
        self._moving = self.standard[:, self.moving]
        if len(inputs) >= REFIT * self.fitted or len(inputs) * REFIT < self.fitted:
            self._fit(design)
        best = torch.stack([self._density(design, kernel) for kernel in self.kernels]).argmax(0)
        served = [self.moving[best == place] for place in range(len(self.kernels))]
        pairs = zip(self.kernels, served, strict=True)
        self.groups = [self._group(design, kernel, places) for kernel, places in pairs if len(places)]

    def posterior(
        self,
        X: Tensor,
        output_indices: list[int] | None = None,
        observation_noise: bool | Tensor = False,
        posterior_transform: Any = None,
    ) -> Posterior:
        """Return the joint posterior of points (b x q x F), as BoTorch's models have it."""
        kept = range(self.num_outputs) if output_indices is None else output_indices
        still = torch.eye(X.shape[-2], dtype=X.dtype).expand(*X.shape[:-1], X.shape[-2]) * SHARPEST
        normals = {place: (self.middle[place].expand(X.shape[:-1]), still) for place in range(self.num_outputs)}
        for group in self.groups:
            across = group.kernel.covariance(squared_distances(self.group_sizes, X, self.inputs)) @ group.whitening.T
            share = group.kernel.covariance(squared_distances(self.group_sizes, X, X)) - across @ across.mT
            noise = group.kernel.noise * (observation_noise is not False)
            for column, place in enumerate(group.places.tolist()):
                mean = across @ group.white[:, column] * self.spread[place] + self.middle[place]
                scale = group.variance[column] * self.spread[place] ** 2
                normals[place] = mean, (share + noise * torch.eye(X.shape[-2], dtype=X.dtype)) * scale + still
        each = [MultivariateNormal(*normals[place]) for place in kept]
        joint = each[0] if len(each) == 1 else MultitaskMultivariateNormal.from_independent_mvns(each)
        posterior = GPyTorchPosterior(joint)
        return posterior if posterior_transform is None else posterior_transform(posterior)

    def pool_posterior(self, points: Float[Tensor, "P F"], squares: Squares) -> GridPosterior:
        """Return the posterior at many points, each on its own."""
        groups = [self._group_posterior(group, squares) for group in self.groups]
        return GridPosterior(groups, len(squares[0]), self.middle, len(self.inputs))

    def _group_posterior(self, group: FittedGroup, squares: Squares) -> GroupPosterior:
        across, places = group.kernel.covariance(squares) @ group.whitening.T, group.places
        mean = across @ group.white * self.spread[places] + self.middle[places]
        share = (1 - across.square().sum(-1)).clamp(min=0)
        return GroupPosterior(group, across, mean, share, group.variance * self.spread[places].square())

    def sampled_distances(
        self, points: Float[Tensor, "P F"], target: Float[Tensor, " M"], count: int, roots: Roots
    ) -> Float[Tensor, "C P"]:
        """Return how far joint samples of the outputs lie from the target: squared, in deviations, a mean.

        Only of the largest group that shares a kernel: each group costs a covariance of the points, which is BoTorch's.
        """
        if not self.groups:
            return torch.zeros(count, len(points), dtype=points.dtype)
        group = self._largest
        largest = self._group_posterior(group, squared_distances(self.group_sizes, points, self.inputs))
        if group.kernel not in roots:
            values, vectors = torch.linalg.eigh(self.botorch(group)(points).covariance_matrix)
            roots[group.kernel] = vectors * values.clamp(min=0).sqrt()  # a factor there may be none, in float64
        drawn = roots[group.kernel] @ torch.randn(count, *largest.mean.shape, dtype=points.dtype)
        off = (largest.mean - target[group.places]) / self.spread[group.places]
        return (off + drawn * group.variance.sqrt()).square().mean(-1)

    def skip_samples(self, points: Float[Tensor, "P F"], count: int) -> None:
        """Draw the random numbers of such samples and leave them."""
        if self.groups:
            torch.randn(count, len(points), len(self._largest.places), dtype=points.dtype)

    @property
    def _largest(self) -> FittedGroup:
        return max(self.groups, key=lambda each: len(each.places))

    def botorch(self, group: FittedGroup) -> SingleTaskGP:
        """Return BoTorch's process of the first of a group's outputs, in units of its deviation around the prior."""
        outputs = self.standard[:, group.places[:1]] / group.variance[:1].sqrt()
        kernel = group.kernel.module(sum(self.group_sizes))
        scales = zip(self.group_sizes, group.kernel.lengths, strict=True)
        every = [length for size, length in scales for _ in range(size)]
        kernel.lengthscale = torch.tensor(every, dtype=torch.float64)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the output is not standard in BoTorch's sense
            process = SingleTaskGP(self.inputs, outputs, covar_module=kernel, outcome_transform=None)
        process.likelihood.noise = group.kernel.noise
        return process.eval()

    def _group(self, design: Design, kernel: Kernel, places: Tensor) -> FittedGroup:
        whitening = design.whitening(kernel)
        white = whitening @ self.standard[:, places]
        return FittedGroup(kernel, places, whitening, white, _variance(white))

    def _fit(self, design: Design) -> None:
        """Find the kernels of the grid that explain most outputs best, one group's length after the other."""
        known = dict[Kernel, Float[Tensor, " M"]]()
        kernels = self.kernels or [self.kernel((FIRST,) * len(self.group_sizes), NOISES[-1])]
        for group in [*range(len(self.group_sizes) + 1)] * SWEEPS:
            every = list(dict.fromkeys(each for kernel in kernels for each in _neighbours(kernel, group)))
            known |= {kernel: self._density(design, kernel) for kernel in every if kernel not in known}
            best = torch.stack([known[kernel] for kernel in every]).argmax(0).tolist()
            kernels = [every[place] for place, _ in Counter(best).most_common(KERNELS)] or kernels
        self.kernels, self.fitted = kernels, len(self.inputs)

    def _density(self, design: Design, kernel: Kernel) -> Float[Tensor, " M"]:
        """Return the log density of each output that is not constant, its scale integrated out, and of the lengths."""
        lower, log_diagonal, failed = design.factor(kernel)
        if failed:
            return torch.full((len(self.moving),), -math.inf, dtype=lower.dtype)
        white = torch.linalg.solve_triangular(lower, self._moving, upper=False)
        prior = sum(map(_log_prior, kernel.lengths, self.group_sizes))
        return prior - log_diagonal - len(lower) / 2 * _variance(white).log()


def _neighbours(kernel: Kernel, group: int) -> list[Kernel]:
    """Return a kernel with every length for a group of dimensions; with every noise for the group after the last."""
    if group == len(kernel.lengths):
        return [replace(kernel, noise=noise) for noise in NOISES]
    before, after = kernel.lengths[:group], kernel.lengths[group + 1 :]
    return [replace(kernel, lengths=(*before, length, *after)) for length in LENGTHS]


def _variance(white: Float[Tensor, "N K"]) -> Float[Tensor, " K"]:
    return white.square().mean(0).clamp(min=1e-9)


@cache
def _log_prior(length: float, size: int) -> float:
    """Return BoTorch's log-normal prior of a length scale, up to a constant."""
    location = LOCATION + math.log(size) / 2
    return -math.log(length) - (math.log(length) - location) ** 2 / (2 * SCALE**2)
