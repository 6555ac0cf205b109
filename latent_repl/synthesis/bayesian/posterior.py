"""What Gaussian processes believe of points' outputs, and what they would if some of those were known.

What a search wants is known: certain outputs. So a point is worth what the density at the wanted outputs says, with an
output's unknown scale integrated out, which leaves a Student t. A batch is chosen one by one, each as if the outcomes
of those before were known to be the expected ones: what would tell the same again is then worth less.
Sources: Astudillo and Frazier, 2019, "Bayesian optimization of composite functions"; Ginsbourger et al., 2010,
"Kriging is well-suited to parallelize optimization", for the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

# The least variance of a prediction: its root is what tells neighbouring integers apart by value, a thousandth. Chosen.
SHARPEST = 1e-6

Squares = Sequence[Tensor]
"""Squared distances (P, N) of points from the inputs, in each group of dimensions."""


def squared_distances(
    widths: Sequence[int], left: Float[Tensor, "P F"], right: Float[Tensor, "N F"]
) -> list[Float[Tensor, "P N"]]:
    """Return the squared distances in each group of dimensions."""
    parts = zip(left.split(tuple(widths), 1), right.split(tuple(widths), 1), strict=True)
    return [torch.cdist(*pair).square() for pair in parts]


@dataclass(frozen=True)
class Kernel:
    """A length scale for each group of dimensions, and the noise, in units of the variance."""

    lengths: tuple[float, ...]
    noise: float

    def covariance(self, squares: Squares) -> Float[Tensor, "P N"]:
        """Return the covariance of points so far from each other; the noise is none of it."""
        exponent = torch.zeros_like(squares[0])
        for square, length in zip(squares, self.lengths, strict=True):
            exponent.add_(square, alpha=-1 / (2 * length**2))
        return exponent.exp_()


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


@dataclass
class Belief:
    """What is believed of P points' outputs that share a kernel: means, and variances as shares of the prior's.

    across (P, N): the points' covariance with the inputs, whitened.
    """

    posterior: Posterior
    across: Float[Tensor, "P N"]
    mean: Float[Tensor, "P K"]
    share: Float[Tensor, " P"]
    prior: Float[Tensor, " K"]

    @property
    def variance(self) -> Float[Tensor, "P K"]:
        """The variance of each output at each point."""
        return ((self.share + self.posterior.kernel.noise)[:, None] * self.prior).clamp(min=SHARPEST)

    def believe(self, place: int, squares: Squares) -> None:
        """Take a point's outputs for known, and for their means; squares (P, 1): how far the points are from it."""
        kernel = self.posterior.kernel
        covariance = kernel.covariance(squares)[:, 0] - self.across @ self.across[place]
        column = covariance / (self.share[place] + kernel.noise).sqrt()
        self.across = torch.cat([self.across, column[:, None]], 1)
        self.share = (self.share - column.square()).clamp(min=0)


@dataclass(frozen=True)
class Beliefs:
    """What is believed of P points' M outputs: of those that vary, given so many inputs."""

    beliefs: Sequence[Belief]
    points: int
    outputs: int
    inputs: int

    def log_density(self, wanted: Float[Tensor, " M"], weights: Float[Tensor, " M"]) -> Float[Tensor, " P"]:
        """Return how probable the wanted outputs are, each by its weight, up to a constant."""
        total = torch.zeros(self.points, dtype=wanted.dtype)
        for belief in self.beliefs:
            places, variance = belief.posterior.places, belief.variance
            squared = (wanted[places] - belief.mean).square() / variance
            density = -(self.inputs + 1) / 2 * (squared / self.inputs).log1p() - variance.log() / 2
            total += density @ weights[places]
        return total

    def log_exceeds(self, threshold: float) -> Float[Tensor, "P M"]:
        """Return the log probability that each output lies above a threshold; 0 for outputs that do not vary."""
        exceeds = torch.zeros(self.points, self.outputs, dtype=torch.float64)
        for belief in self.beliefs:
            normal = (belief.mean - threshold) / belief.variance.sqrt()
            exceeds[:, belief.posterior.places] = torch.special.log_ndtr(normal)
        return exceeds

    def believe(self, place: int, squares: Squares) -> None:
        """Take a point's outputs for known, and for their means."""
        for belief in self.beliefs:
            belief.believe(place, squares)
