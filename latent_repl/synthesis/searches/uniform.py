"""Points drawn uniformly from the box that the Gaussian process of `--search box` searches: its control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from latent_repl.synthesis.problem.box import Box, Point
from latent_repl.synthesis.searches.base import BATCH, Setting


class UniformPoints:
    """Independent draws; each is scored at the point itself."""

    def __init__(self, setting: Setting) -> None:
        self.box, self.generator = Box(setting.space, setting.model), np.random.default_rng(setting.seed)

    def propose(self, history: Mapping[Point, float]) -> Sequence[Point]:
        """Return the next points."""
        return self.box.points(self.generator.uniform(size=(BATCH, self.box.dimensions)))
