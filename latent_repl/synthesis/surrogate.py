"""What a search has learnt from its evaluations: which programs end, and what those that end lead to.

What is wanted is known, so a point is worth what the processes' density at the wanted outputs says, one process for
each example, and one for whether a program ends at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from latent_repl.synthesis.beliefs import Beliefs, squared_distances
from latent_repl.synthesis.objective import Outcome
from latent_repl.synthesis.process import Process

# Programs that must have ended before an example's outcomes are modelled. Chosen.
FEWEST = 3


class Surrogate:
    """Processes over points in the unit cube, kept from round to round; widths: the dimensions of each group."""

    def __init__(self, widths: Sequence[int], wanted: Sequence[Float[np.ndarray, " M"]]) -> None:
        self.widths = tuple(widths)
        self.wanted = [torch.from_numpy(features.astype(np.float64)) for features in wanted]
        self.ends, self.outcomes = Process(widths), [Process(widths) for _ in wanted]
        self.inputs: Float[Tensor, "N F"] = torch.zeros(0, sum(widths))
        self.ended: Bool[Tensor, "N E"] = torch.zeros(0, len(wanted), dtype=torch.bool)
        self.known: list[int] = []

    def condition(self, points: Float[np.ndarray, "N F"], outcomes: Sequence[Outcome]) -> bool:
        """Learn what these points led to; return whether enough programs ended for that."""
        self.inputs = torch.from_numpy(points)
        self.ended = torch.tensor([outcome.ended for outcome in outcomes])
        self.ends.condition(self.inputs, self.ended.double())
        self.known = [place for place, count in enumerate(self.ended.sum(0).tolist()) if count >= FEWEST]
        for place in self.known:
            rows = self.ended[:, place]
            features = np.stack([outcome.features[place] for outcome in outcomes]).astype(np.float64)
            self.outcomes[place].condition(self.inputs[rows], torch.from_numpy(features)[rows])
        return bool(self.known)

    def at(self, points: Float[np.ndarray, "P F"]) -> Expectation:
        """Return what to expect at these points."""
        return Expectation(self, torch.from_numpy(points))

    def away(self, points: Float[np.ndarray, "P F"], count: int, seed: int) -> Float[Tensor, "C P"]:
        """Return how far joint samples of all examples' outputs lie from what is wanted."""
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            torch.manual_seed(seed)
            each = [
                self.outcomes[place].away(torch.from_numpy(points), self.wanted[place], count) for place in self.known
            ]
        return torch.stack(each).sum(0)


class Expectation:
    """What is expected of P points, before and after some of their outcomes are taken for known."""

    def __init__(self, surrogate: Surrogate, points: Float[Tensor, "P F"]) -> None:
        squares = squared_distances(surrogate.widths, points, surrogate.inputs)
        self.widths, self.points = surrogate.widths, points
        self.ends = surrogate.ends.beliefs(squares)
        self.outcomes: list[tuple[Beliefs, Float[Tensor, " M"]]] = []
        for place in surrogate.known:
            from_known = [square[:, surrogate.ended[:, place]] for square in squares]
            self.outcomes.append((surrogate.outcomes[place].beliefs(from_known), surrogate.wanted[place]))

    def worth(self) -> Float[Tensor, " P"]:
        """Return how likely each program is held to end where it should, in nats and up to a constant."""
        densities = [beliefs.log_density(wanted) for beliefs, wanted in self.outcomes]
        return torch.stack(densities).sum(0) + self.ends.log_exceeds(0.5)

    def believe(self, place: int) -> None:
        """Take a point's outcome for known, and for just what is expected of it."""
        squares = squared_distances(self.widths, self.points, self.points[place : place + 1])
        for beliefs in (self.ends, *(beliefs for beliefs, _ in self.outcomes)):
            beliefs.believe(place, squares)
