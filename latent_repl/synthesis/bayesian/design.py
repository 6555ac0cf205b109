"""Where outcomes are known: the inputs that processes learn from, and what a kernel makes of them.

That depends on no output. So it is computed once, for all fits that meet the kernel again, and for all processes that
learn from the same inputs, as those of several examples do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from latent_repl.shapes import Float
from latent_repl.synthesis.bayesian.posterior import Kernel, squared_distances


class Factor(NamedTuple):
    """A covariance's Cholesky factor, and the sum of its diagonal's logs. failed: whether there is none."""

    lower: Float[Tensor, "N N"]
    log_diagonal: Tensor
    failed: bool


class Design:
    """Inputs (N, F) in groups of dimensions of such sizes, and the factors of their covariance under each kernel."""

    def __init__(self, group_sizes: Sequence[int], inputs: Float[Tensor, "N F"]) -> None:
        self.inputs = inputs
        self._squares = squared_distances(group_sizes, inputs, inputs)
        self._factors: dict[Kernel, Factor] = {}
        self._whitenings: dict[Kernel, Tensor] = {}

    def factor(self, kernel: Kernel) -> Factor:
        """Return the factor of the inputs' covariance under a kernel, noise included."""
        if kernel not in self._factors:
            covariance = kernel.covariance(self._squares)
            covariance.diagonal().add_(kernel.noise)
            lower, failed = torch.linalg.cholesky_ex(covariance)
            self._factors[kernel] = Factor(lower, lower.diagonal().log().sum(), bool(failed))
        return self._factors[kernel]

    def whitening(self, kernel: Kernel) -> Float[Tensor, "N N"]:
        """Return the inverse of the factor. Raises RuntimeError if there is no factor."""
        if kernel not in self._whitenings:
            lower, _, failed = self.factor(kernel)
            if failed:
                raise RuntimeError("the covariance has no Cholesky factor")
            unit = torch.eye(len(lower), dtype=lower.dtype)
            self._whitenings[kernel] = torch.linalg.solve_triangular(lower, unit, upper=False)
        return self._whitenings[kernel]
