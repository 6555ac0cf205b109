"""CEM and CMA-ES in the box of code latents: points are drawn, decoded under the templates and encoded again.

Every point counts as an evaluation, also one whose filling has been scored before.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from latent_repl.errors import UsageError
from latent_repl.shapes import Float
from latent_repl.synthesis.bayesian.inputs import CodeInputs
from latent_repl.synthesis.problem.decoding import Decoder
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.searches.base import History, Setting, draw_likely

# Points of a generation, and the share that makes the next. Source: Rubinstein and Kroese, 2004, for the share.
GENERATION, ELITE = 32, 0.25
# What keeps the spread of CEM from collapsing onto one string, in units of the box. Chosen.
LEAST_SPREAD = 0.02
# Generations that find nothing new before the search begins again elsewhere. Chosen.
PATIENCE = 4


class _Evolution:
    """What both share: the box, its decoder, and the points spent on strings that were known."""

    def __init__(self, setting: Setting) -> None:
        self.space, self.inputs = setting.space, CodeInputs(setting.space, setting.model)
        self.decoder = Decoder(setting.space, setting.model)
        self.generator, self.noise = random.Random(setting.seed), np.random.default_rng(setting.seed)
        self.points, self.idle = 0, 0
        self.generation: list[Filling] = []

    def decode(self, points: Float[np.ndarray, "N F"]) -> list[Filling]:
        return self.decoder(self.inputs.latents(points))

    def unseen(self, history: History) -> list[Filling]:
        """Return what of the generation is to be scored; the rest of its points are spent."""
        new = [filling for filling in dict.fromkeys(self.generation) if filling not in history]
        self.points += len(self.generation) - len(new)
        self.idle = 0 if new else self.idle + 1
        return new


class CrossEntropyMethod(_Evolution):
    """Draws each generation from a normal distribution fitted to the best of the last."""

    def propose(self, history: History) -> Sequence[Filling]:
        """Return the new strings of the next generation that has any; none when the search has run dry."""
        while self.idle < PATIENCE:
            if not self.generation or any(filling not in history for filling in self.generation):
                self.generation = draw_likely(self.space, GENERATION, self.generator, seen=history)
            else:
                self.generation = self.decode(self._draw(history))
            new = self.unseen(history)
            if new:
                return new
        self.generation, self.idle = [], 0
        return draw_likely(self.space, GENERATION, self.generator, seen=history)

    def _draw(self, history: History) -> Float[np.ndarray, "N F"]:
        best = sorted(set(self.generation), key=history.__getitem__)[: max(2, int(ELITE * GENERATION))]
        elite = self.inputs(best)
        spread = np.maximum(elite.std(0), LEAST_SPREAD)
        return elite.mean(0) + spread * self.noise.normal(size=(GENERATION, elite.shape[1]))


class CovarianceMatrixAdaptation(_Evolution):
    """CMA-ES by its author's own package. Source: Hansen, 2016, "The CMA evolution strategy: a tutorial"."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.strategy: Any = None
        self.asked: list[np.ndarray] = []

    def propose(self, history: History) -> Sequence[Filling]:
        """Return the new strings of the next generation that has any."""
        for _ in range(PATIENCE):
            if self.asked and all(filling in history for filling in self.generation):
                self.strategy.tell(self.asked, [history[filling] for filling in self.generation])
            if self.strategy is None or self.strategy.stop():
                self.strategy = self._begin(history)
            self.asked = self.strategy.ask()
            self.generation = self.decode(np.array(self.asked))
            new = self.unseen(history)
            if new:
                return new
        self.strategy, self.asked = None, []
        return draw_likely(self.space, GENERATION // 4, self.generator, seen=history)

    def _begin(self, history: History) -> Any:
        try:
            import cma
        except ImportError as error:
            raise UsageError("search cma needs the package cma: pip install 'latent-repl[rivals]'") from error
        start = self.inputs([self.space.likely(self.generator)])[0]
        options = {"verbose": -9, "verb_log": 0, "seed": self.generator.randrange(1, 2**31), "popsize": GENERATION // 2}
        return cma.CMAEvolutionStrategy(start, 0.2, options)
