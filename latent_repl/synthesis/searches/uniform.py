"""Points drawn uniformly from the box that the Gaussian process of `--search box` searches: its control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from latent_repl.synthesis.problem.box import Box, Point
from latent_repl.synthesis.searches.base import BATCH, Setting

# Draws of a round, of which the first that name something new are scored. Chosen: as many as the process's own.
POOL = 512


class UniformPoints:
    """Draws, each scored at the point itself; what was asked once is not asked again, as in the search it controls."""

    def __init__(self, setting: Setting) -> None:
        self.box, self.generator = Box(setting.space, setting.model), np.random.default_rng(setting.seed)

    def propose(self, history: Mapping[Point, float]) -> Sequence[Point]:
        """Return the next points, each of another name that was not tried; of any name where none is met."""
        drawn = self.box.points(self.generator.uniform(size=(POOL, self.box.dimensions)))
        tried = {point.filling for point in history}
        first = {point.filling: point for point in reversed(drawn)}
        new = [point for point in drawn if point is first[point.filling] and point.filling not in tried]
        return (new or drawn)[:BATCH]
