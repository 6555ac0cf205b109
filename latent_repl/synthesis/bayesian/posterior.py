"""The posterior of Gaussian processes at points, and what it would be if some of those were known.

What a search looks for is known: certain outputs, the targets. So a point's value is what the density at the targets
says, with an output's unknown scale integrated out, which leaves a Student t. A batch is chosen one by one, each as if
the outcomes of those before were known to be the expected ones, which is to fantasise: what would tell the same again
is then worth less.
Sources: Astudillo and Frazier, 2019, "Bayesian optimization of composite functions"; Ginsbourger et al., 2010,
"Kriging is well-suited to parallelize optimization", for the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from latent_repl.shapes import Float

if TYPE_CHECKING:
    from gpytorch.kernels import Kernel as BoTorchKernel

# The least variance of a prediction: its root is what tells neighbouring integers apart by value, a thousandth. Chosen.
SHARPEST = 1e-6

Squares = Sequence[Tensor]
"""Squared distances (... P, N) of points from the inputs, in each group of dimensions."""


def squared_distances(
    group_sizes: Sequence[int], left: Float[Tensor, "*b P F"], right: Float[Tensor, "*c N F"]
) -> list[Float[Tensor, "*b P N"]]:
    """Return the squared distances in each group of dimensions."""
    parts = zip(left.split(tuple(group_sizes), -1), right.split(tuple(group_sizes), -1), strict=True)
    return [torch.cdist(*pair).square() for pair in parts]


@dataclass(frozen=True)
class Kernel:
    """The squared exponential: a length scale for each group of dimensions, and the noise, in units of the variance.

    Another kernel is a subclass that has its own `covariance` and, for joint samples, its own `module`.
    """

    lengths: tuple[float, ...]
    noise: float

    def covariance(self, squares: Squares) -> Float[Tensor, "*b P N"]:
        """Return the covariance of points so far from each other; the noise is none of it."""
        factors = [-1 / (2 * length**2) for length in self.lengths]
        exponent = squares[0] * factors[0]
        for square, factor in zip(squares[1:], factors[1:], strict=True):
            exponent.add_(square, alpha=factor)
        return exponent.exp_()

    def module(self, dimensions: int) -> BoTorchKernel:
        """Return the same kernel in BoTorch, its length scales yet to be set."""
        from gpytorch.kernels import RBFKernel

        return RBFKernel(ard_num_dims=dimensions)


@dataclass(frozen=True)
class FittedGroup:
    """Outputs that share a kernel, given the inputs: their places, and variances in units of their deviation.

    whitening (N, N): the inverse of the covariance's Cholesky factor; white (N, K): the outputs under it.
    """

    kernel: Kernel
    places: Tensor
    whitening: Float[Tensor, "N N"]
    white: Float[Tensor, "N K"]
    variance: Float[Tensor, " K"]


@dataclass
class GroupPosterior:
    """The posterior of outputs that share a kernel, at P points: means, and variances as shares of the prior's.

    across (P, N): the points' covariance with the inputs, whitened.
    """

    group: FittedGroup
    across: Float[Tensor, "P N"]
    mean: Float[Tensor, "P K"]
    share: Float[Tensor, " P"]
    prior: Float[Tensor, " K"]
    _off: tuple[Tensor, Tensor] | None = None

    def off(self, target: Float[Tensor, " M"]) -> Float[Tensor, "P K"]:
        """Return how far each mean is from the target, squared; no fantasy changes that."""
        if self._off is None or self._off[0] is not target:
            self._off = target, (target[self.group.places] - self.mean).square()
        return self._off[1]

    @property
    def variance(self) -> Float[Tensor, "P K"]:
        """The variance of each output at each point."""
        return ((self.share + self.group.kernel.noise)[:, None] * self.prior).clamp(min=SHARPEST)

    def fantasise(self, place: int, squares: Squares) -> None:
        """Take a point's outputs for known, and for their means; squares (P, 1): how far the points are from it."""
        kernel = self.group.kernel
        covariance = kernel.covariance(squares)[:, 0] - self.across @ self.across[place]
        column = covariance / (self.share[place] + kernel.noise).sqrt()
        self.across = torch.cat([self.across, column[:, None]], 1)
        self.share = (self.share - column.square()).clamp(min=0)


@dataclass(frozen=True)
class GridPosterior:
    """The posterior of M outputs at each of P points on its own: of those that vary, given so many inputs.

    middle (M,): what an output that does not vary is everywhere.
    """

    groups: Sequence[GroupPosterior]
    points: int
    middle: Float[Tensor, " M"]
    inputs: int

    @property
    def mean(self) -> Float[Tensor, "P M"]:
        """The mean of each output at each point."""
        means = self.middle.repeat(self.points, 1)
        for group in self.groups:
            means[:, group.group.places] = group.mean
        return means

    @property
    def variance(self) -> Float[Tensor, "P M"]:
        """The variance of each output at each point."""
        variances = torch.full((self.points, len(self.middle)), SHARPEST, dtype=self.middle.dtype)
        for group in self.groups:
            variances[:, group.group.places] = group.variance
        return variances

    def log_density(self, target: Float[Tensor, " M"], weights: Float[Tensor, " M"]) -> Float[Tensor, " P"]:
        """Return how probable the target is, each output by its weight, up to a constant."""
        total = torch.zeros(self.points, dtype=target.dtype)
        for group in self.groups:
            places, variance = group.group.places, group.variance
            squared = group.off(target) / variance
            density = -(self.inputs + 1) / 2 * (squared / self.inputs).log1p() - variance.log() / 2
            total += density @ weights[places]
        return total

    def log_exceeds(self, threshold: float) -> Float[Tensor, "P M"]:
        """Return the log probability that each output lies above a threshold; 0 for outputs that do not vary."""
        exceeds = torch.zeros(self.points, len(self.middle), dtype=torch.float64)
        for group in self.groups:
            normal = (group.mean - threshold) / group.variance.sqrt()
            exceeds[:, group.group.places] = torch.special.log_ndtr(normal)
        return exceeds

    def fantasise(self, place: int, squares: Squares) -> None:
        """Take a point's outputs for known, and for their means."""
        for group in self.groups:
            group.fantasise(place, squares)


@dataclass(frozen=True)
class NormalPosterior:
    """The same of any model that has means and variances; what is fantasised teaches it nothing."""

    mean: Float[Tensor, "P M"]
    variance: Float[Tensor, "P M"]

    def log_density(self, target: Float[Tensor, " M"], weights: Float[Tensor, " M"]) -> Float[Tensor, " P"]:
        """Return how probable the target is, each output by its weight, up to a constant."""
        return -((target - self.mean).square() / self.variance + self.variance.log()) @ weights / 2

    def log_exceeds(self, threshold: float) -> Float[Tensor, "P M"]:
        """Return the log probability that each output lies above a threshold."""
        return torch.special.log_ndtr((self.mean - threshold) / self.variance.sqrt())

    def fantasise(self, place: int, squares: Squares) -> None:
        """Leave everything as it is."""
