"""The search: Gaussian processes over code latents, asked where the wanted state latents are likeliest.

Every filling of the template decodes to itself, so a pool of fillings is a pool of decodable points: the processes
see each string once, at its own code latents. They model what an evaluation leads to, the latents of the wanted slots,
rather than how far that is from what is wanted, since what is wanted is known. A
space that can be listed is the pool itself; in a larger one the pool climbs from the best fillings, in steps that a
trust region bounds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from heapq import nlargest, nsmallest
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from latent_repl.synthesis.fills import Fill, Filling
from latent_repl.synthesis.geometry import Geometry
from latent_repl.synthesis.objective import Outcome
from latent_repl.synthesis.process import Process, squared_distances
from latent_repl.synthesis.rivals import History, draw_likely
from latent_repl.synthesis.space import Space
from latent_repl.synthesis.trust_region import TrustRegion

# The processes are held to the points nearest to the best one: a fit costs their number cubed.
NEAREST = 200
# A space of so many fillings is the pool itself: encoding it takes a second. Chosen.
LISTED = 4_000
# In a space of more than this numbers move within a trust region, which begins anew elsewhere when it has shrunk.
OPEN = 100_000
# Likely fillings in a pool, the fillings it climbs from, so many siblings by one hole and by several, and how often.
# Chosen.
POOL, PARENTS, SIBLINGS, CLIMBS = 500, 8, 12, 5
# How far a number may move at once where the trust region is largest, and how often one moves rather than that any
# likely fill takes its place; how often a fill changes where several may. Chosen.
FARTHEST, NEAR, CHANGED = 500.0, 0.6, 0.6
# Evaluations before the first fit, for each hole: half of them spread over the space, half of them likely. Chosen.
WARM_START = 8
# Evaluations of a round, in a listed space and in a larger one. Chosen.
SMALL_BATCH, BATCH = 4, 8
# The share of a batch that the density chooses; samples choose the rest, among the densest so many. Chosen.
GREEDY, SHORTLIST = 0.5, 100


@runtime_checkable
class Aim(Protocol):
    """What the search is told of the objective."""

    @property
    def wanted(self) -> tuple[Float[np.ndarray, " WD"], ...]:
        """The wanted latents, example by example."""

    @property
    def outcomes(self) -> Mapping[Filling, Outcome]:
        """Where each evaluation led."""


class GaussianProcessSearch:
    """Bayesian optimisation of a composite: processes of the outcome's latents, under a known aim."""

    def __init__(self, space: Space, geometry: Geometry, aim: Aim, seed: int) -> None:
        self.space, self.geometry, self.aim = space, geometry, aim
        self.generator = random.Random(seed)
        self.wanted = [torch.from_numpy(latents.astype(np.float64)) for latents in aim.wanted]
        self.processes = [Process(geometry.widths) for _ in self.wanted]
        self.ends = Process(geometry.widths)
        self.region = TrustRegion()
        self.listed = list(space) if space.size <= LISTED else []

    def propose(self, history: History) -> Sequence[Filling]:
        """Return the fillings where the processes hold what is wanted likeliest, by density and by samples."""
        warm = WARM_START * len(self.space.domains)
        if len(history) - self.region.start < warm:
            return self._likely(warm, history)
        if self.space.size > OPEN:
            self._move(history)
            if self.region.exhausted:
                self.region = TrustRegion(start=len(history))
                return self._likely(warm, history)
        count = SMALL_BATCH if self.listed else BATCH
        try:
            learnt = self._condition(self._nearest(history))
        except (
            RuntimeError
        ):  # torch has no factor of a covariance: points that are no numbers, as a damaged checkpoint gives
            learnt = False
        if not learnt:
            return self._likely(BATCH, history)
        pool = [filling for filling in self.listed if filling not in history] or self._climb(history)
        return pool if len(pool) <= count else self._choose(pool, count)

    def _condition(self, fillings: Sequence[Filling]) -> bool:
        """Let the processes learn these outcomes; return whether any is known of a program that ran to its end."""
        outcomes = [self.aim.outcomes[filling] for filling in fillings]
        self.inputs = torch.from_numpy(self.geometry(fillings))
        self.ended = torch.tensor([outcome.ended for outcome in outcomes])
        self.ends.condition(self.inputs, self.ended.double())
        self.known = [place for place, count in enumerate(self.ended.sum(0).tolist()) if count > 2]
        for place in self.known:
            latents = np.stack([outcome.latents[place] for outcome in outcomes]).astype(np.float64)
            rows = self.ended[:, place]
            self.processes[place].condition(self.inputs[rows], torch.from_numpy(latents)[rows])
        return bool(self.known)

    def _worth(self, fillings: Sequence[Filling]) -> Float[Tensor, " P"]:
        """Return how likely the processes hold it that each filling ends where it should, in nats."""
        points = torch.from_numpy(self.geometry(fillings))
        squares = squared_distances(self.geometry.widths, points, self.inputs)
        worth = self.ends.log_exceeds(squares, 0.5)
        for place in self.known:
            from_known = [square[:, self.ended[:, place]] for square in squares]
            worth += self.processes[place].log_density(from_known, self.wanted[place])
        return worth

    def _choose(self, pool: Sequence[Filling], count: int) -> list[Filling]:
        """Return a batch: some by the density, the others each nearest to what is wanted in one joint sample."""
        worth = self._worth(pool)
        dense = [pool[place] for place in worth.argsort(descending=True)[:SHORTLIST].tolist()]
        greedy = round(GREEDY * count)
        points = torch.from_numpy(self.geometry(dense[greedy:]))
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            torch.manual_seed(self.generator.getrandbits(31))
            pairs = [(self.processes[place], self.wanted[place]) for place in self.known]
            away = torch.stack([process.away(points, wanted, count - greedy) for process, wanted in pairs]).sum(0)
        return dense[:greedy] + [dense[greedy + place] for place in distinct_minima(away)]

    def _likely(self, count: int, history: History) -> list[Filling]:
        return draw_likely(self.space, count, self.generator, seen=history)

    def _since_start(self, history: History) -> list[Filling]:
        """Return the fillings scored since the region's last start, in their order."""
        return list(history)[self.region.start :]

    def _best(self, history: History) -> Filling:
        return min(self._since_start(history), key=history.__getitem__)

    def _move(self, history: History) -> None:
        """Let the region learn what the last round brought."""
        last = self._since_start(history)[-BATCH:]
        self.region = self.region.after(min(history[filling] for filling in last))

    def _nearest(self, history: History) -> list[Filling]:
        """Return the scored fillings nearest to the best one."""
        fillings = list(history)
        if len(fillings) <= NEAREST:
            return fillings
        points = self.geometry(fillings)
        distances = np.linalg.norm(points - self.geometry([self._best(history)]), axis=1)
        return [fillings[place] for place in distances.argsort()[:NEAREST].tolist()]

    def _climb(self, history: History) -> list[Filling]:
        """Return unseen fillings: likely ones, and those met on a climb of the processes' worth from the best ones."""
        parents = nsmallest(PARENTS, self._since_start(history), key=history.__getitem__)
        new = [self.space.likely(self.generator) for _ in range(POOL)]
        found = dict[Filling, float]()
        for _ in range(CLIMBS):
            new += [child for parent in parents for child in self._children(parent)]
            unmet = [filling for filling in dict.fromkeys(new) if filling not in found and filling not in history]
            if not unmet:
                break
            found.update(zip(unmet, self._worth(unmet).tolist(), strict=True))
            parents, new = nlargest(PARENTS, found, key=found.__getitem__), []
        return nlargest(SHORTLIST, found, key=found.__getitem__)

    def _children(self, parent: Filling) -> Iterator[Filling]:
        """Yield the parent with one hole changed, and with several."""
        for hole in range(len(parent)):
            for _ in range(SIBLINGS):
                yield (*parent[:hole], self._changed(parent, hole), *parent[hole + 1 :])
        for _ in range(SIBLINGS if len(parent) > 1 else 0):
            yield tuple(
                self._changed(parent, hole) if self.generator.random() < CHANGED else fill
                for hole, fill in enumerate(parent)
            )

    def _changed(self, parent: Filling, hole: int) -> Fill:
        """Return another fill of a hole: a near number, all orders of nearness alike, or any likely fill."""
        domain, fill = self.space.domains[hole], parent[hole]
        if isinstance(fill, int) and self.generator.random() < NEAR:
            farthest = max(2.0, FARTHEST * min(self.region.length, 1.0))
            moved = fill + self.generator.choice((1, -1)) * int(farthest ** self.generator.random())
            return moved if moved in domain else fill
        return domain.likely(self.generator)


def distinct_minima(samples: Float[Tensor, "B M"]) -> list[int]:
    """Return the place of each sample's minimum, or of its lowest place that no earlier sample took."""
    places: list[int] = []
    for sample in samples:
        order = sample.argsort()[: len(places) + 1].tolist()
        places.append(next(place for place in order if place not in places))
    return places
