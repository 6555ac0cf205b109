"""The post's own search: a Gaussian process over the continuous box of code latents, each point scored at itself.

    first points, spread evenly --scored--> importance of each dimension --> processes --> the points of a pool that
    hold the targets likeliest, and so on

What the processes model is the value that the state decoder reads at the end, since what it should be is known, over
bare latents: nothing that the code decoder reads in them. BoTorch fits how much each dimension matters, and finds which
are idle; points spread over the whole box and around the best ones are the pool.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from latent_repl.shapes import Float
from latent_repl.synthesis.objective import Outcome
from latent_repl.synthesis.problem.box import Box, Point
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.searches.base import Setting

if TYPE_CHECKING:
    from botorch.acquisition.acquisition import AcquisitionFunction

    from latent_repl.synthesis.bayesian.path_models import OutcomeModel

# Points before the first fit, for each line with holes, and those of a round. Chosen.
FIRST, BATCH = 12, 4
# Points of a pool from the whole box and around the best ones, and how many those are. Chosen.
POOL, PARENTS = 512, 4
# So many dimensions of a parent change at once, as in TuRBO, by steps from the one size to the other in units of the
# cube, all orders alike. Chosen.
CHANGED, SMALLEST, LARGEST = 20, 1e-3, 0.3
# The processes are held to the best points: a fit costs their number cubed. Chosen.
KEPT = 160
# The importances are fitted again once there are this many times the points of the last fit, and none where so few
# dimensions leave none to be idle. Chosen.
REFIT, FEW = 2.0, 3
# The share of a batch that the density chooses; samples choose the rest, among the densest so many. Chosen.
GREEDY, SHORTLIST = 0.75, 100


class ProcessInBox:
    """Bayesian optimisation over the box of a problem's lines with holes, several side by side."""

    def __init__(self, setting: Setting) -> None:
        self.box, self.objective = Box(setting.space, setting.model), setting.objective
        self.generator = np.random.default_rng(setting.seed)
        self.spread = torch.quasirandom.SobolEngine(self.box.dimensions, scramble=True, seed=setting.seed)
        self.cube: dict[Point, Float[np.ndarray, " D"]] = {}
        self.sources: dict[Point, str] = {}
        self.first = FIRST * len(setting.space.templates)
        self.fitted, self.importances = 0, torch.ones(self.box.dimensions, dtype=torch.float64)
        self.learnt: OutcomeModel | None = None

    def propose(self, history: Mapping[Point, float]) -> Sequence[Point]:
        """Return the points that hold the targets likeliest; the first ones, and where none is known, spread evenly."""
        places = self._chosen(history) if len(history) >= self.first else None
        source = "spread" if places is None else "box"
        if places is None:
            places = self.spread.draw(BATCH if history else self.first).double().numpy()
            places = places[self._best_of_names(places, np.zeros(len(places)), {point.filling for point in history})]
        points = self.box.points(places)
        self.cube |= zip(points, places, strict=True)
        self.sources |= dict.fromkeys(points, source)
        return points

    def source_of(self, point: Point) -> str:
        """Return whether the process chose a point, or it is one of those spread evenly."""
        return self.sources[point]

    def inputs(self, latents: Float[np.ndarray, "N F"]) -> Float[np.ndarray, "N D"]:
        """Return where points of the box lie for the processes."""
        return self.box.coordinates(latents) * self.importances.numpy()

    def make_acquisition(self, model: OutcomeModel) -> AcquisitionFunction:
        """Return what a round's points are valued by."""
        from latent_repl.synthesis.bayesian.acquisition import TargetDensity

        return TargetDensity(model)

    @cached_property
    def _targets(self) -> tuple[Sequence[np.ndarray], list[np.ndarray]]:
        """The targets' features, and of each example's those that tell a word or a value: the others are curved."""
        features, width = self.objective.target_features, self.objective.table.shape[1]
        told = np.arange(len(self.objective.machine.model.vocabulary.symbols) + 2)
        return features, [(np.arange(0, len(each), width)[:, None] + told).ravel() for each in features]

    def _outcome(self, point: Point) -> Outcome:
        """Return where a point led; one that meets the constraints and did not end the search leads nowhere."""
        outcome, (_, columns) = self.objective.outcomes[point], self._targets
        told = tuple(features[of] for features, of in zip(outcome.features, columns, strict=True))
        return replace(outcome, features=told, paths=(None,) * len(told) if outcome.satisfied else outcome.paths)

    def _located(self, places: Float[np.ndarray, "N D"]) -> list[Point]:
        points = self.box.points(places)
        self.cube |= zip(points, places, strict=True)
        return points

    def _chosen(self, history: Mapping[Point, float]) -> Float[np.ndarray, "B D"] | None:
        """Return the next places by what these points led to, None where that tells nothing."""
        from latent_repl.synthesis.bayesian.acquisition import choose_greedily, distinct_minima

        known = sorted(history, key=history.__getitem__)[:KEPT]
        outcomes = [self._outcome(point) for point in known]
        inputs = np.stack([self.cube[point] for point in known])
        model = self._fitted(torch.from_numpy(inputs), outcomes)
        try:
            if not model.condition((torch.from_numpy(inputs) * self.importances).numpy(), outcomes):
                return None
        except RuntimeError:  # torch has no factor of the covariance
            return None
        self.objective.machine.watch(0)
        acquisition, pool = self.make_acquisition(model), self._pool(known)
        values = acquisition((torch.from_numpy(pool) * self.importances)[:, None]).numpy()
        pool = pool[self._best_of_names(pool, values, {point.filling for point in history})]
        self.objective.machine.watch(0)
        scaled, even = torch.from_numpy(pool) * self.importances, torch.zeros(len(pool), dtype=torch.float64)
        count = min(BATCH, len(pool))
        chosen = choose_greedily(acquisition, scaled, even, math.ceil(GREEDY * count))
        rest = [place for place in range(len(pool)) if place not in chosen][:SHORTLIST]
        if rest:
            distances = model.sampled_distances(scaled[rest], count - len(chosen), int(self.generator.integers(2**31)))
            chosen += [rest[place] for place in distinct_minima(distances)]
        return pool[chosen]

    def _best_of_names(
        self, pool: Float[np.ndarray, "P D"], values: Float[np.ndarray, " P"], tried: Collection[Filling]
    ) -> list[int]:
        """Return the most valuable point of each name that was not tried, the most valuable first; else of any name.

        Where a space agrees with itself, a point leads where another one of its name has led.
        """
        order = (-values).argsort(kind="stable").tolist()
        names = [point.filling for point in self.box.points(pool[order])]
        best = dict[Filling, int]()
        for name, place in zip(names, order, strict=True):
            best.setdefault(name, place)
        return [place for name, place in best.items() if name not in tried] or [*best.values()]

    def _fitted(self, places: Float[Tensor, "N D"], outcomes: Sequence[Outcome]) -> OutcomeModel:
        """Return the model, begun anew with what each dimension matters if there are enough new points."""
        from latent_repl.synthesis.bayesian.length_scales import importances
        from latent_repl.synthesis.bayesian.path_models import OutcomeModel

        if self.learnt is not None and len(places) < REFIT * self.fitted:
            return self.learnt
        outputs = torch.from_numpy(np.stack([np.concatenate(each.features) for each in outcomes]).astype(np.float64))
        centred = outputs - outputs.mean(0)
        leading = torch.linalg.svd(centred, full_matrices=False).Vh[0]
        self.fitted = len(places)
        if self.box.dimensions > FEW:
            self.importances = importances(places, centred @ leading)
        targets = [features[columns] for features, columns in zip(*self._targets, strict=True)]
        self.learnt = OutcomeModel([self.box.dimensions], self.box.line_groups, targets)
        return self.learnt

    def _pool(self, known: Sequence[Point]) -> Float[np.ndarray, "P D"]:
        """Return places of the whole box, and around the best of the known points, which come first."""
        dimensions = self.box.dimensions
        better = [self.cube[point] for point in known if not self.objective.outcomes[point].satisfied][:PARENTS]
        parents = np.stack(better or [np.full(dimensions, 0.5)])[self.generator.integers(len(better) or 1, size=POOL)]
        sizes = np.exp(self.generator.uniform(np.log(SMALLEST), np.log(LARGEST), (POOL, 1)))
        changes = self.generator.random((POOL, dimensions)) < CHANGED / dimensions
        steps = sizes * self.generator.standard_normal((POOL, dimensions)) * changes
        return np.concatenate([self.generator.uniform(size=(POOL, dimensions)), np.clip(parents + steps, 0, 1)])
