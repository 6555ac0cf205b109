"""TuRBO's trust region, as a value: what it was goes in, what it becomes comes out.

Source: Eriksson et al., 2019, "Scalable global optimization via local Bayesian optimization", and BoTorch's tutorial
on it, whose state this follows. The region bounds the steps of numbers, it is no box of latents: the search moves among
strings, and the latents have no axes of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

# In units of the inputs' cube, as in the tutorial.
LONGEST, FIRST, SHORTEST = 1.6, 0.8, 0.5**4
# Rounds in a row before the region grows or shrinks. Chosen: the tutorial's grow with the dimensions, which here are
# many and mostly idle.
GROW_AFTER, SHRINK_AFTER = 2, 2
# A round succeeds if it betters the best loss by this share. Source: the tutorial.
LEAST_GAIN = 1e-3


@dataclass(frozen=True)
class TrustRegion:
    """The region and what the last rounds brought.

    length: how far a number may move, relative to the farthest. best: the smallest loss since the last start.
    start: how many evaluations came before that start.
    """

    length: float = FIRST
    successes: int = 0
    failures: int = 0
    best: float = float("inf")
    start: int = 0

    def after(self, loss: float) -> TrustRegion:
        """Return the region after a round whose smallest loss this was."""
        better = loss < self.best - LEAST_GAIN * abs(self.best) if self.best < float("inf") else True
        successes, failures = (self.successes + 1, 0) if better else (0, self.failures + 1)
        length = self.length
        if successes == GROW_AFTER:
            length, successes = min(2 * length, LONGEST), 0
        elif failures == SHRINK_AFTER:
            length, failures = length / 2, 0
        return replace(self, length=length, successes=successes, failures=failures, best=min(self.best, loss))

    @property
    def exhausted(self) -> bool:
        """Whether the region has become too small to go on: start again elsewhere."""
        return self.length < SHORTEST
