"""What a point is worth to the search: a BoTorch acquisition function, and a batch of points chosen by one.

Any other acquisition function over an `OutcomeModel` does as well: it reads `model.posterior(X)` and `model.target`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from botorch.acquisition.acquisition import AcquisitionFunction
from torch import Tensor

from latent_repl.shapes import Float
from latent_repl.synthesis.bayesian.path_models import OutcomeModel, PoolPosterior


class TargetDensity(AcquisitionFunction):
    """How likely a point is held to lead to every target, in nats and up to a constant.

    Pending points are fantasised: taken to lead to just what is expected of them. The posterior of a pool is kept
    while the pool is the same, so that each pending point costs a column and not the pool's posterior anew.
    """

    def __init__(self, model: OutcomeModel) -> None:
        super().__init__(model)
        self.outcomes = model
        self._pool: PoolPosterior | None = None
        self._points, self._fantasised = torch.zeros(0), 0
        self.set_X_pending()

    def set_X_pending(self, X_pending: Tensor | None = None) -> None:
        """Let these points, and no others, count as evaluated; more points must follow those before."""
        if X_pending is None or len(X_pending) < self._fantasised:
            self._pool = None
        super().set_X_pending(X_pending)

    def forward(self, X: Float[Tensor, "P 1 F"]) -> Float[Tensor, " P"]:
        """Return the value of each point."""
        points = X.squeeze(-2)
        pending = points[:0] if self.X_pending is None else self.X_pending
        if self._pool is None or not torch.equal(self._points, points):
            self._begin(points, points)
        while self._fantasised < len(pending):
            self._fantasise(pending)
        assert self._pool is not None, "it was made above"
        return self._pool.log_density()[: len(points)]

    def _begin(self, points: Tensor, every: Tensor) -> None:
        self._points, self._pool, self._fantasised = points, self.outcomes.pool(every), 0

    def _fantasise(self, pending: Tensor) -> None:
        """Fantasise the next pending point; one that is not of the pool goes along behind it, as do all others."""
        assert self._pool is not None, "a pool has begun"
        places = torch.nonzero((self._pool.points == pending[self._fantasised]).all(-1))[:, 0].tolist()
        if places:
            self._pool.fantasise(places[0])
            self._fantasised += 1
        else:
            self._begin(self._points, torch.cat([self._points, pending]))


def choose_greedily(
    acquisition: AcquisitionFunction, points: Float[Tensor, "P F"], prior: Float[Tensor, " P"], count: int
) -> list[int]:
    """Return the places of points chosen in turn, each where acquisition value and prior are highest together, with
    those before it pending; none twice.

    So does BoTorch's `optimize_acqf_discrete`, which is not used: it knows points, where the prior is a filling's and
    several fillings may lie at one point; and it takes each choice out of its pool, which is another pool then, of
    which the posterior is computed anew.
    """
    chosen: list[int] = []
    for _ in range(count):
        values = prior + acquisition(points[:, None])
        values[chosen] = -torch.inf
        chosen.append(int(values.argmax()))
        acquisition.set_X_pending(points[chosen])
    return chosen


def distinct_minima(samples: Float[Tensor, "B M"]) -> Sequence[int]:
    """Return the place of each sample's minimum, or of its lowest place that no earlier sample took."""
    places: list[int] = []
    for sample in samples:
        order = sample.argsort()[: len(places) + 1].tolist()
        places.append(next(place for place in order if place not in places))
    return places
