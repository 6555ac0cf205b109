"""What a code latent asks for, read by the code decoder: the likeliest word at each place of the line.

Only words that may stand at a place are looked at, and as many operands as the operator takes, so that every point of
the box asks for some line. At a point that decodes to a line it is that line: there is nothing else that it could do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from latent_repl.language.operators import TABLE
from latent_repl.language.vocabulary import LEFT, OPERATOR, RIGHT, Vocabulary
from latent_repl.model.interface import Array
from latent_repl.shapes import Float, Int


class Reading(NamedTuple):
    """What a line asks for, whatever the state: the slot that it writes, its operator's place in the vocabulary's, the
    slots that its operands lie in, -1 for literals, and the latents (K, D) of its literals."""

    target: int
    operator: int
    addresses: Sequence[int]
    literals: Float[Array, "K D"]


class CodeReader:
    """Reads code latents."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        logits: Callable[[Float[Array, "B C"]], Float[Array, "B T A"]],
        table: Float[Array, "A D"],
    ) -> None:
        """logits: of the words behind code latents. table: the latents of all words as values, by their ids."""
        self.logits, self.table, self.first, self.slots = logits, table, vocabulary.ids["s0"], vocabulary.slots
        ids = [sorted(vocabulary.ids[word] for word in words) for words in vocabulary.places]
        self.none = vocabulary.value_id(None)
        self.places = [np.array([each for each in some if each < len(table) and each != self.none]) for some in ids]
        self.symbols = vocabulary.operators
        self.operators = {vocabulary.ids[symbol]: place for place, symbol in enumerate(self.symbols)}
        self.arity = np.array([TABLE[symbol].arity for symbol in self.symbols])

    def words(self, codes: Float[Array, "B C"]) -> Int[Array, "B T"]:
        """Return the ids of the words that code latents are read as, `none` for an operand that there is not."""
        logits = self.logits(codes)
        told = [words[logits[:, place, words].argmax(-1)] for place, words in enumerate(self.places)]
        arity = self.arity[[self.operators[operator] for operator in told[OPERATOR].tolist()]]
        for place in (LEFT, RIGHT):
            told[place] = np.where(place - OPERATOR <= arity, told[place], self.none)
        return np.stack(told, 1)

    def __call__(self, codes: Float[Array, "B C"]) -> list[Reading]:
        """Return what each line asks for."""
        return [self._reading(*line) for line in self.words(codes).tolist()]

    def _reading(self, target: int, operator: int, *operands: int) -> Reading:
        slots = [operand - self.first for operand in operands]
        addresses = [slot if 0 <= slot < self.slots else -1 for slot in slots]
        return Reading(target - self.first, self.operators[operator], addresses, self.table[[*operands]])


def operands_of(states: Float[Array, "B S D"], readings: Sequence[Reading]) -> Float[Array, "B K D"]:
    """Return the latents of the operands that lines ask for: those of slots from states, and those of literals."""
    rows = np.arange(len(states))[:, None]
    operands = states[rows, np.array([asked.addresses for asked in readings])]
    for given, asked in zip(operands, readings, strict=True):
        for place, address in enumerate(asked.addresses):
            if address < 0:
                given[place] = asked.literals[place]
    return operands
