"""Points drawn uniformly from the box that the Gaussian process of `--search box` searches: its control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from latent_repl.synthesis.problem.box import Box, Point
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.searches.base import BATCH, Setting

# Draws that are decoded at once, and after how many such a round ends whose names were all tried. Chosen.
DRAWN, TIMES = 32, 16


class UniformPoints:
    """Draws, each scored at the point itself; what was asked once is not asked again, as in the search it controls."""

    def __init__(self, setting: Setting) -> None:
        self.box, self.generator = Box(setting.space, setting.model), np.random.default_rng(setting.seed)
        self._drawn = list[Point]()

    def propose(self, history: Mapping[Point, float]) -> Sequence[Point]:
        """Return the next points, each of another name that was not tried; of any name where none is met."""
        tried, new = {point.filling for point in history}, dict[Filling, Point]()
        for _ in range(TIMES):
            self._drawn = self._drawn or self._draws(DRAWN)
            while self._drawn and len(new) < BATCH:
                point = self._drawn.pop(0)
                if point.filling not in tried:
                    new.setdefault(point.filling, point)
            if len(new) == BATCH:
                break
        return [*new.values()] or self._draws(BATCH)

    def _draws(self, count: int) -> list[Point]:
        return self.box.points(self.generator.uniform(size=(count, self.box.dimensions)))
