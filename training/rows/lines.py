"""Core lines of every operator, with literals of every kind, as token ids: what the mover has to read."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from grammar.core_lines.arithmetic import Ints
from latent_repl.language.operators import TABLE
from latent_repl.language.values import INT
from latent_repl.language.vocabulary import PLACES, Vocabulary
from training.losses import LEAD
from training.operands import literal_ids

# Shares of operands that are literals, and of literals that are numbers, log-uniform half of the time. Chosen: 0 and 1
# stand in programs far more often than any other number.
LITERALS, NUMBERS = 0.5, 0.4
# Lines that wait to be drawn again at most. Chosen.
KEPT = 20_000


class Lines:
    """Draws lines for one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.operators = np.array([vocabulary.ids[symbol] for symbol in vocabulary.operators])
        self.arity = np.array([TABLE[symbol].arity for symbol in vocabulary.operators])
        self.none = vocabulary.value_id(None)
        literals = [each for each in literal_ids(vocabulary) if each != self.none]
        self.words = np.array([each for each in literals if vocabulary.kind(each) is not INT])
        self.numbers = np.array([each for each in literals if vocabulary.kind(each) is INT])

    def draw(self, generator: np.random.Generator, count: int) -> tuple[Ints, Ints]:
        """Return the places of the operators (B,) in the vocabulary's, and the lines (B, 4)."""
        operators = generator.integers(0, len(self.operators), count)
        sides = [
            np.where(self.arity[operators] > side, self._operands(generator, count), self.none) for side in range(2)
        ]
        targets = self._slots(generator, count)
        return operators, np.stack([targets, self.operators[operators], *sides], axis=1)

    def _operands(self, generator: np.random.Generator, count: int) -> Ints:
        small = self.numbers[(len(self.numbers) ** generator.random(count)).astype(int) - 1]
        numbers = np.where(generator.random(count) < 0.5, small, generator.choice(self.numbers, count))
        literals = np.where(generator.random(count) < NUMBERS, numbers, generator.choice(self.words, count))
        return np.where(generator.random(count) < LITERALS, literals, self._slots(generator, count))

    def _slots(self, generator: np.random.Generator, count: int) -> Ints:
        return self.vocabulary.ids["s0"] + generator.integers(0, self.vocabulary.slots, count)


class HardLines:
    """Lines whose words led by less than LEAD nats when they were last read: they are drawn until they lead clearly.

    lines: those that wait.
    """

    def __init__(self, share: float) -> None:
        """share: of a batch, if as many wait."""
        self._share, self.lines = share, torch.zeros((0, len(PLACES)), dtype=torch.long)

    def among(self, lines: Int[Tensor, "B T"], generator: np.random.Generator) -> Int[Tensor, "B T"]:
        """Return lines, the last ones of them replaced by hard ones, which wait no longer."""
        order = torch.from_numpy(generator.permutation(len(self.lines)))
        many = min(round(len(lines) * self._share), len(order))
        again, self.lines = self.lines[order[:many]], self.lines[order[many:]]
        return torch.cat([lines[: len(lines) - many], again])

    def note(self, lines: Int[Tensor, "B T"], leads: Float[Tensor, " B"]) -> None:
        """Let those lines wait whose least lead is small."""
        self.lines = torch.cat([self.lines, lines[leads < LEAD].cpu()])[-KEPT:]
