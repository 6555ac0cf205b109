"""Hill climbing on strings: small changes of the best filling's text, without any latents."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from latent_repl.language.operators import BINARY_OPERATORS
from latent_repl.synthesis.problem.domains import Assignment, Atoms, Domain, Fill, Filling
from latent_repl.synthesis.searches.base import BATCH, History, Setting, draw_likely

# How far a literal moves: the digits of a number as one would try them. Chosen.
STRIDES = (1, 2, 5, 10, 20, 50)
# Rounds without a gain before the climb begins again elsewhere, and draws to find an unseen neighbour. Chosen.
PATIENCE, ATTEMPTS = 5, 200


class HillClimbing:
    """Scores neighbours of the best filling since its last start; starts anew where none is better."""

    def __init__(self, setting: Setting) -> None:
        self.space, self.generator = setting.space, random.Random(setting.seed)
        self.start, self.best, self.waited = 0, float("inf"), 0

    def propose(self, history: History) -> Sequence[Filling]:
        """Return neighbours of the best filling, or likely fillings where a climb begins."""
        climbed = list(history)[self.start :]
        if not climbed:
            return draw_likely(self.space, BATCH, self.generator, seen=history)
        top = min(climbed, key=history.__getitem__)
        self.waited = 0 if history[top] < self.best else self.waited + 1
        self.best = min(self.best, history[top])
        drawn = (self._neighbour(top) for _ in range(ATTEMPTS))
        batch = [filling for filling in dict.fromkeys(drawn) if filling not in history][:BATCH]
        if batch and self.waited < PATIENCE:
            return batch
        self.start, self.best, self.waited = len(history), float("inf"), 0
        return draw_likely(self.space, BATCH, self.generator, seen=history)

    def _neighbour(self, filling: Filling) -> Filling:
        hole = self.generator.randrange(len(filling))
        return (*filling[:hole], self._changed(filling[hole], self.space.domains[hole]), *filling[hole + 1 :])

    def _changed(self, fill: Fill, domain: Domain) -> Fill:
        if isinstance(fill, Assignment):
            return self._changed_line(fill, domain)
        if isinstance(fill, int) and isinstance(domain, Atoms) and self.generator.random() < 0.9:
            moved = fill + self.generator.choice(STRIDES) * self.generator.choice((1, -1))
            return moved if domain.literals and abs(moved) <= max(map(abs, domain.literals)) else fill
        return domain.likely(self.generator)

    def _changed_line(self, line: Assignment, domain: Domain) -> Fill:
        """Change one part of a line; a change that gives no line of the domain draws another line."""
        changed = line
        if isinstance(line.right, int) and self.generator.random() < 0.6:
            moved = line.right + self.generator.choice(STRIDES) * self.generator.choice((1, -1))
            changed = replace(line, right=moved)
        elif line.right is not None and isinstance(line.left, str) and self.generator.random() < 0.6:
            changed = replace(line, operator=self.generator.choice(BINARY_OPERATORS))
        return changed if changed != line and changed in domain else domain.likely(self.generator)
