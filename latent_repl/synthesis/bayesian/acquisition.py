"""What a search has learnt from its evaluations: which way programs go, and where each way leads.

What is wanted is known, so a point is worth what the processes' density at the wanted outputs says. A program that ends
has gone by certain lines with holes, and what it led to depends on their fills alone, not on those of a branch that it
passed by. So each way of an example has processes of its own, the ways have one of where they are taken, and the
example is worth the mixture. A program that fails goes no way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from latent_repl.synthesis.bayesian.model import CONSTANT, Process
from latent_repl.synthesis.bayesian.posterior import Squares, squared_distances
from latent_repl.synthesis.objective import Outcome, Way

# Programs that must have gone a way before its outcomes are modelled. Chosen.
FEWEST = 3


@dataclass(frozen=True)
class Lead:
    """Where a way leads in one example.

    rows: the inputs that went it; those that are the same to it only once. weights (M,): of each output that varies,
    together one: they are features of one value, and know no more together than one of them.
    """

    example: int
    way: Way
    rows: tuple[int, ...]
    process: Process
    wanted: Float[Tensor, " M"]
    weights: Float[Tensor, " M"]


class Surrogate:
    """Processes over points in the unit cube, kept from round to round.

    widths: the dimensions of each group. owners (F,): which line with holes a dimension tells of.
    """

    def __init__(
        self, widths: Sequence[int], owners: Int[np.ndarray, " F"], wanted: Sequence[Float[np.ndarray, " M"]]
    ) -> None:
        self.widths, self.owners, self.all_lines = tuple(widths), owners, frozenset(owners.tolist())
        self.wanted = [torch.from_numpy(features.astype(np.float64)) for features in wanted]
        self.takes, self.processes = Process(widths), dict[tuple[int, Way], Process]()
        self.inputs: Float[Tensor, "N F"] = torch.zeros(0, sum(widths))
        self.leads: list[Lead] = []

    def condition(self, points: Float[np.ndarray, "N F"], outcomes: Sequence[Outcome]) -> bool:
        """Learn what these points led to; return whether enough programs ended for that."""
        self.inputs = torch.from_numpy(points)
        went: dict[tuple[int, Way], list[int]] = {}
        for row, outcome in enumerate(outcomes):
            for example, way in enumerate(outcome.ways):
                if way is not None:
                    went.setdefault((example, way), []).append(row)
        went = {key: rows for key, rows in went.items() if len(rows) >= FEWEST}
        if not went:
            return False
        taken = torch.zeros(len(points), len(went), dtype=torch.float64)
        for column, rows in enumerate(went.values()):
            taken[rows, column] = 1
        self.takes.condition(self.inputs, taken)
        self.leads = [self._lead(*key, rows, outcomes) for key, rows in went.items()]
        return True

    def _lead(self, example: int, way: Way, rows: Sequence[int], outcomes: Sequence[Outcome]) -> Lead:
        """Learn where a way led."""
        inputs = self.seen(way, self.inputs[rows])
        first = np.unique(inputs.numpy(), axis=0, return_index=True)[1]
        kept = [rows[place] for place in sorted(first)]
        features = torch.from_numpy(np.stack([outcomes[row].features[example] for row in kept]).astype(np.float64))
        process = self.processes.setdefault((example, way), Process(self.widths))
        process.condition(self.seen(way, self.inputs[kept]), features)
        varies = (process.spread > CONSTANT).double()
        weights = varies / varies.sum().clamp(min=1)
        return Lead(example, way, tuple(kept), process, self.wanted[example], weights)

    def seen(self, way: Way, points: Float[Tensor, "N F"]) -> Float[Tensor, "N F"]:
        """Return what a way sees of points: the dimensions of the lines that it goes by, the others at zero."""
        return points * torch.from_numpy(np.isin(self.owners, [*way])).double()

    def at(self, points: Float[np.ndarray, "P F"]) -> Expectation:
        """Return what to expect at these points."""
        return Expectation(self, torch.from_numpy(points))

    def away(self, points: Float[np.ndarray, "P F"], count: int, seed: int) -> Float[Tensor, "C P"]:
        """Return how far joint samples of all examples' outputs lie from what is wanted, on their likeliest ways."""
        expectation = self.at(points)
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            torch.manual_seed(seed)
            each = [
                lead.process.away(self.seen(lead.way, expectation.points), lead.wanted, count) * likeliest
                for lead, likeliest in zip(self.leads, expectation.likeliest().T, strict=True)
            ]
        return torch.stack(each).sum(0)


class Expectation:
    """What is expected of P points, before and after some of their outcomes are taken for known."""

    def __init__(self, surrogate: Surrogate, points: Float[Tensor, "P F"]) -> None:
        self.surrogate, self.points = surrogate, points
        squares = self._squares(surrogate.inputs)
        self.takes = surrogate.takes.beliefs(squares[surrogate.all_lines])
        of_rows = {
            (way, rows): [square[:, list(rows)] for square in squares[way]]
            for way, rows in {(lead.way, lead.rows) for lead in surrogate.leads}
        }
        self.leads = [(lead, lead.process.beliefs(of_rows[lead.way, lead.rows])) for lead in surrogate.leads]

    def worth(self) -> Float[Tensor, " P"]:
        """Return how likely each program is held to end where it should, in nats and up to a constant."""
        ways: dict[int, list[Tensor]] = {}
        for (lead, beliefs), takes in zip(self.leads, self.takes.log_exceeds(0.5).T, strict=True):
            ways.setdefault(lead.example, []).append(takes + beliefs.log_density(lead.wanted, lead.weights))
        return torch.stack([torch.stack(each).logsumexp(0) for each in ways.values()]).sum(0)

    def likeliest(self) -> Float[Tensor, "P L"]:
        """Return 1 where a lead's way is held to be its example's likeliest, else 0."""
        takes = self.takes.log_exceeds(0.5)
        most: dict[int, Tensor] = {}
        for (lead, _), column in zip(self.leads, takes.T, strict=True):
            most[lead.example] = torch.maximum(column, most.get(lead.example, column))
        of_lead = torch.stack([most[lead.example] for lead, _ in self.leads], 1)
        return (takes == of_lead).double()

    def believe(self, place: int) -> None:
        """Take a point's outcome for known, and for just what is expected of it."""
        squares = self._squares(self.points[place : place + 1])
        self.takes.believe(place, squares[self.surrogate.all_lines])
        for (lead, beliefs), taken in zip(self.leads, self.likeliest()[place].tolist(), strict=True):
            if taken:
                beliefs.believe(place, squares[lead.way])

    def _squares(self, others: Float[Tensor, "N F"]) -> dict[Way, Squares]:
        """Return how far the points are from others, as each way sees them."""
        surrogate = self.surrogate
        return {
            way: squared_distances(surrogate.widths, surrogate.seen(way, self.points), surrogate.seen(way, others))
            for way in {surrogate.all_lines, *(lead.way for lead in surrogate.leads)}
        }
