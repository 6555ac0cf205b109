"""The post's own search: a Gaussian process over the continuous box of code latents, each point scored at itself.

    points spread evenly --scored--> processes --> the points of a pool that hold the targets likeliest, and so on

What the processes model is the value that the state decoder reads at the end, since what it should be is known. They
know a point where the executor reads it: at the code latent of the line that it decodes to. Points spread over the
whole box and around the best ones are the pool. Where several lines have holes, or a whole line is one, hardly any
point of the whole box is a good one: it names numbers of any size, and lines of all operators. So points lie around the
latents of likely lines there, and how likely counts, as among strings. And where several lines have holes the pool
climbs: a point's latent of one line is exchanged for another point's, while its other lines stay.
Source: Garrido-Merchan and Hernandez-Lobato, 2020, "Dealing with categorical and integer-valued variables in Bayesian
optimization with Gaussian processes": where an objective rounds its points, the kernel is to see what they round to.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from latent_repl.shapes import Float
from latent_repl.synthesis.bayesian.inputs import CodeInputs
from latent_repl.synthesis.objective import Outcome
from latent_repl.synthesis.problem.box import Box, Point
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.searches.base import PRIOR, Setting

if TYPE_CHECKING:
    from botorch.acquisition.acquisition import AcquisitionFunction

    from latent_repl.synthesis.bayesian.path_models import OutcomeModel

# Points before the first fit, for each line with holes, and those of a round. Chosen.
FIRST, BATCH = 8, 4
# Points of a pool from the whole box and around the best ones, and how many those are. Chosen.
POOL, PARENTS = 512, 4
# So many dimensions of a parent change at once, as in TuRBO, by steps from the one size to the other in units of the
# cube, all orders alike. Chosen.
CHANGED, SMALLEST, LARGEST = 20, 1e-3, 0.3
# How far points lie from the latents of likely lines, a standard deviation in units of the cube. Chosen.
AROUND = 0.02
# The processes are held to the best points: a fit costs their number cubed. Chosen.
KEPT = 160
# How often a pool climbs where several lines have holes: from the best points first, then from the densest. Chosen.
CLIMBS = 3
# Where several lines have holes a round grows to a share of the evaluations before it: a climb costs time. Chosen: with
# one line, where there is none, growth only cost evaluations (11 of 11 runs that went beyond 80).
GROWTH = 16
# The share of a batch that the density chooses; samples choose the rest, among the densest so many. Chosen.
GREEDY, SHORTLIST = 0.75, 100


class ProcessInBox:
    """Bayesian optimisation over the box of a problem's lines with holes, several side by side."""

    def __init__(self, setting: Setting) -> None:
        self.box, self.objective, self.space = Box(setting.space, setting.model), setting.objective, setting.space
        self.codes = CodeInputs(setting.space, setting.model)
        self.several = len(setting.space.templates) > 1
        self.near_likely = self.several or any(template.line is None for template in setting.space.templates)
        self.generator, self.draws = np.random.default_rng(setting.seed), random.Random(setting.seed)
        self.spread = torch.quasirandom.SobolEngine(self.box.dimensions, scramble=True, seed=setting.seed)
        self.sources: dict[Point, str] = {}
        self.first = FIRST * len(setting.space.templates)

    def propose(self, history: Mapping[Point, float]) -> Sequence[Point]:
        """Return the points that hold the targets likeliest; the first ones, and where none is known, spread evenly."""
        points = self._chosen(history) if len(history) >= self.first else None
        source = "spread" if points is None else "box"
        if points is None:
            places = self._evenly(BATCH if history else self.first)
            points = _best_of_names(self.box.points(places), np.zeros(len(places)), history)
        self.sources |= dict.fromkeys(points, source)
        return points

    def source_of(self, point: Point) -> str:
        """Return whether the process chose a point, or it is one of those spread evenly."""
        return self.sources[point]

    def inputs(self, latents: Float[np.ndarray, "N F"]) -> Float[np.ndarray, "N D"]:
        """Return where points of the box lie for the processes."""
        return self.codes(self.box.decoder(latents))

    def make_acquisition(self, model: OutcomeModel) -> AcquisitionFunction:
        """Return what a round's points are valued by."""
        from latent_repl.synthesis.bayesian.acquisition import TargetDensity

        return TargetDensity(model)

    @cached_property
    def model(self) -> OutcomeModel:
        """What the search has learnt."""
        from latent_repl.synthesis.bayesian.path_models import OutcomeModel

        return OutcomeModel(self.codes.group_sizes, self.codes.line_groups, self.objective.target_features)

    @property
    def learnt(self) -> OutcomeModel | None:
        """The model once the processes have begun, None before."""
        return vars(self).get("model")

    def _outcome(self, point: Point) -> Outcome:
        """Return where a point led; one that meets the constraints and did not end the search leads nowhere."""
        outcome = self.objective.outcomes[point]
        return replace(outcome, paths=(None,) * len(outcome.paths)) if outcome.satisfied else outcome

    def _places(self, points: Sequence[Point]) -> Float[Tensor, "P D"]:
        return torch.from_numpy(self.codes([point.filling for point in points]))

    def _chosen(self, history: Mapping[Point, float]) -> list[Point] | None:
        """Return the next points by what these led to, None where that tells nothing."""
        from latent_repl.synthesis.bayesian.acquisition import choose_greedily, distinct_minima

        known = sorted(history, key=history.__getitem__)[:KEPT]
        try:
            if not self.model.condition(self._places(known).numpy(), [self._outcome(point) for point in known]):
                return None
        except RuntimeError:  # torch has no factor of the covariance
            return None
        self.objective.machine.watch(0)
        acquisition, parents = self.make_acquisition(self.model), self._parents(known)
        pool, values = self._climbed(acquisition, self._pool(parents), parents)
        pool = _best_of_names(pool, values, history)[: POOL if self.several else None]
        self.objective.machine.watch(0)
        places, count = self._places(pool), min(self._batch(history), len(pool))
        chosen = choose_greedily(acquisition, places, self._prior(pool), math.ceil(GREEDY * count))
        rest = [place for place in range(len(pool)) if place not in chosen][:SHORTLIST]
        if rest:
            seed = int(self.generator.integers(2**31))
            distances = self.model.sampled_distances(places[rest], count - len(chosen), seed)
            chosen += [rest[place] for place in distinct_minima(distances)]
        return [pool[place] for place in chosen]

    def _batch(self, history: Collection[Point]) -> int:
        return max(BATCH, len(history) // GROWTH) if self.several else BATCH

    def _parents(self, known: Sequence[Point]) -> list[Point]:
        """Return the best of the known points, which come first; none that meets the constraints and was refuted."""
        return [point for point in known if not self.objective.outcomes[point].satisfied][:PARENTS]

    def _climbed(
        self, acquisition: AcquisitionFunction, pool: list[Point], parents: Sequence[Point]
    ) -> tuple[list[Point], Float[np.ndarray, " P"]]:
        """Return these points, those met on a climb from the parents where several lines have holes, and all values."""
        lines, values = range(len(self.space.templates)), self._values(acquisition, pool)
        if not self.several:
            return pool, values
        others = [(line, other) for line in lines for other in self._of_line(pool, line)]
        met = {point.filling for point in pool}
        for _ in range(CLIMBS):
            self.objective.machine.watch(0)
            parents = parents or _best_of_names(pool, values, ())[:PARENTS]
            crossed = []
            for parent, (line, other) in product(parents, others):
                filling = self.space.crossed(parent.filling, other.filling, line)
                if filling not in met:
                    met.add(filling)
                    crossed.append(self.box.crossed(parent, other, line))
            if not crossed:
                break
            pool, values = [*pool, *crossed], np.concatenate([values, self._values(acquisition, crossed)])
            parents = []
        return pool, values

    def _of_line(self, points: Sequence[Point], line: int) -> list[Point]:
        """Return points that fill a line differently, one for each way."""
        places = [hole.number for hole in self.space.templates[line].holes]
        return [*{tuple([point.filling[place] for place in places]): point for point in points}.values()]

    def _values(self, acquisition: AcquisitionFunction, points: Sequence[Point]) -> Float[np.ndarray, " P"]:
        return (acquisition(self._places(points)[:, None]) + self._prior(points)).numpy()

    def _pool(self, parents: Sequence[Point]) -> list[Point]:
        """Return points of the whole box, and around where the parents are read."""
        dimensions, best = self.box.dimensions, np.full((1, self.box.dimensions), 0.5)
        if parents:
            best = self.box.coordinates(self.codes.latents(self._places(parents).numpy()))
        around = best[self.generator.integers(len(best), size=POOL)]
        sizes = np.exp(self.generator.uniform(np.log(SMALLEST), np.log(LARGEST), (POOL, 1)))
        changes = self.generator.random((POOL, dimensions)) < CHANGED / dimensions
        steps = sizes * self.generator.standard_normal((POOL, dimensions)) * changes
        anywhere = self._around_likely(POOL) if self.near_likely else self.generator.uniform(size=(POOL, dimensions))
        return self.box.points(np.concatenate([anywhere, np.clip(around + steps, 0, 1)]))

    def _evenly(self, count: int) -> Float[np.ndarray, "N D"]:
        """Return where the first points lie, and those of a round that nothing is known for."""
        return self._around_likely(count) if self.near_likely else self.spread.draw(count).double().numpy()

    def _around_likely(self, count: int) -> Float[np.ndarray, "N D"]:
        """Return places around the latents of fillings, drawn as programs use them."""
        fillings = [self.space.likely(self.draws) for _ in range(count)]
        places = self.box.coordinates(self.codes.latents(self.codes(fillings)))
        return np.clip(places + AROUND * self.generator.standard_normal(places.shape), 0, 1)

    def _prior(self, points: Sequence[Point]) -> Float[Tensor, " P"]:
        """Return how much more probable than others each filling was before, in nats; where points are of the whole
        box, all are held to be alike."""
        if not self.near_likely:
            return torch.zeros(len(points), dtype=torch.float64)
        likely = [self.space.log_probability(point.filling) for point in points]
        return PRIOR * torch.tensor(likely, dtype=torch.float64)


def _best_of_names(points: Sequence[Point], values: Float[np.ndarray, " P"], tried: Collection[Point]) -> list[Point]:
    """Return the most valuable point of each name that was not tried, the most valuable first; else of any name.

    Where a space agrees with itself, a point leads where another one of its name has led.
    """
    best, known = dict[Filling, Point](), {point.filling for point in tried}
    for place in (-values).argsort(kind="stable").tolist():
        best.setdefault(points[place].filling, points[place])
    return [point for name, point in best.items() if name not in known] or [*best.values()]
