"""The search: a Gaussian process over code latents, Thompson sampling on a pool of fillings.

Every filling of the template decodes to itself, so a pool of fillings is a pool of decodable points: the process
sees each string once, at its own code latents. A space that can be listed is the pool itself; in a larger one the
pool lies in a trust region around the best filling.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest

import numpy as np
import torch

from latent_repl.synthesis.fills import Fill, Filling
from latent_repl.synthesis.geometry import Geometry
from latent_repl.synthesis.process import Process
from latent_repl.synthesis.rivals import History, draw_likely
from latent_repl.synthesis.space import Space
from latent_repl.synthesis.trust_region import TrustRegion

# The process is held to its nearest points: a fit costs their number cubed.
NEAREST = 200
# A space of so many fillings is the pool itself: encoding it takes a second. Chosen.
LISTED = 4_000
# In a space of up to so many the candidates of a round come from everywhere; beyond, from the trust region alone.
OPEN = 100_000
# Such candidates, and the best fillings whose neighbours are candidates too, so many of one hole's fills. Chosen.
POOL, PARENTS, SIBLINGS = 1_000, 3, 400
# Evaluations before the first fit, for each hole: half of them spread over the space, half of them likely. Chosen.
WARM_START = 8
# Evaluations of a round: few where a fit has little to say yet, more in a larger space. Chosen by measurement.
SMALL_BATCH, BATCH = 4, 12
# A listed space's batch grows with what is known: one evaluation more a round for so many made. Chosen.
GROWTH = 10


class GaussianProcessSearch:
    """Bayesian optimisation of the objective over the points that a geometry gives to the fillings."""

    def __init__(self, space: Space, geometry: Geometry, seed: int) -> None:
        self.space, self.geometry = space, geometry
        self.generator = random.Random(seed)
        self.process = Process(geometry.widths)
        self.region = TrustRegion()
        self.listed = list(space) if space.size <= LISTED else []

    def propose(self, history: History) -> Sequence[Filling]:
        """Return the fillings that the process holds best, by its mean and by its samples."""
        warm = WARM_START * len(self.space.domains)
        if len(history) - self.region.start < warm:
            return self._likely(warm, history)
        if self.space.size > OPEN:
            self._move(history)
            if self.region.exhausted:
                self.region = TrustRegion(start=len(history))
                return self._likely(warm, history)
        pool = self._pool(history)
        count = max(SMALL_BATCH, len(history) // GROWTH) if self.listed else BATCH
        if len(pool) <= count:
            return pool
        observed = self._nearest(history)
        losses = torch.tensor([history[filling] for filling in observed], dtype=torch.float64)
        seed = self.generator.getrandbits(31)
        points = [torch.from_numpy(self.geometry(fillings)) for fillings in (observed, pool)]
        places = self.process.propose(points[0], -losses.log1p(), points[1], count, seed)
        return [pool[place] for place in places]

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

    def _pool(self, history: History) -> list[Filling]:
        """Return unseen fillings: all of them, or draws from everywhere, or from the trust region, and neighbours."""
        if self.listed:
            return [filling for filling in self.listed if filling not in history]
        parents = nsmallest(PARENTS, self._since_start(history), key=history.__getitem__)
        pool = dict.fromkeys(child for parent in parents for child in self._children(parent))
        if self.space.size <= OPEN:
            pool |= dict.fromkeys(self.space.likely(self.generator) for _ in range(POOL))
        return [filling for filling in pool if filling not in history]

    def _children(self, parent: Filling) -> Iterator[Filling]:
        """Yield the parent with one hole changed, and with several changed to fills near in the geometry.

        The rank of such a fill is log-uniform: most are close, some are anywhere in the region.
        """
        near = [self._near(parent, hole) for hole in range(len(parent))]
        for hole, fills in enumerate(near):
            yield from ((*parent[:hole], fill, *parent[hole + 1 :]) for fill in fills)
        for _ in range(POOL // PARENTS if len(parent) > 1 else 0):
            yield tuple(fills[min(int(len(fills) ** self.generator.random()) - 1, len(fills) - 1)] for fills in near)

    def _near(self, parent: Filling, hole: int) -> list[Fill]:
        """Return the fills of one hole within the trust region around the parent, nearest first."""
        domain = self.space.domains[hole]
        every: Iterable[Fill] = (domain[index] for index in range(len(domain)))
        if len(domain) > SIBLINGS:
            every = (domain.likely(self.generator) for _ in range(SIBLINGS))
        siblings = [(*parent[:hole], fill, *parent[hole + 1 :]) for fill in dict.fromkeys([parent[hole], *every])]
        distances = np.linalg.norm(self.geometry(siblings) - self.geometry([parent]), axis=1)
        within = len(siblings) if self.space.size <= OPEN else max(2, int(len(siblings) * min(self.region.length, 1)))
        return [siblings[place][hole] for place in distances.argsort()[:within].tolist()]
