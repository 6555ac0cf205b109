"""What is read of states: values and rows as the decoder shows them, and what a failed step says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from latent_repl.heaps import HeapReader
from latent_repl.language.messages import failed
from latent_repl.language.movement import named
from latent_repl.language.operators import OVERFLOW
from latent_repl.language.program import CoreLine, Hole, Operand, Slot
from latent_repl.language.python_values import python_value
from latent_repl.language.values import Cells, Rows, Value
from latent_repl.model.heap import Heap
from latent_repl.model.interface import Array, Interpreter
from latent_repl.records import Decoded
from latent_repl.running import Frame, Running
from latent_repl.shapes import Float

States = Float[Array, "B S D"] | Sequence[Float[Array, "S D"]]
"""The latents of B states."""
SURE = 0.999
"""Confidence below which a result is shown as unsure: none of 20,000 right lines that were looked at has less."""
DECODED_AT_ONCE = 4_096
"""States in one batch of the decoder: the logits of all states of many long loops would fill the memory. Chosen."""


class Snapped(NamedTuple):
    """States that were decoded and encoded again, the tokens of their statuses, and the product of the decoder's
    probabilities over what was decoded of each."""

    latents: Float[Array, "B S D"]
    statuses: list[int]
    certain: list[float]


class Reader:
    """Decodes one model's states. heaps: what reads their rows, None for a checkpoint that has none."""

    def __init__(self, model: Interpreter) -> None:
        self.model = model
        self.heaps = HeapReader(model) if model.vocabulary.knows_rows else None

    def states(self, latents: States, heaps: Sequence[Heap | None]) -> list[Decoded]:
        """Return what the decoder makes of state latents, and of the rows that they refer to."""
        read = self.model.vocabulary
        tokens, confidences = list[list[int]](), list[float]()
        for first in range(0, len(latents), DECODED_AT_ONCE):
            ids, probability = self.model.decode_states(np.array(latents[first : first + DECODED_AT_ONCE]))
            tokens += ids.tolist()
            confidences += probability.prod(-1).tolist()
        every = [read.values(row[:-1]) for row in tokens]
        rows = self._rows([*zip(every, heaps, strict=True)])
        return [
            Decoded(values, read.status(row[-1]), confidence, own)
            for row, values, confidence, own in zip(tokens, every, confidences, rows, strict=True)
        ]

    def values(self, wanted: Sequence[tuple[Running, Sequence[Slot]]]) -> list[list[Any]]:
        """Return the Python values of slots, of each program's own frame."""
        latents = [row.frame.latents[slot.index] for row, slots in wanted for slot in slots]
        tokens = self.model.decode_states(np.array(latents)[None])[0][0].tolist() if latents else []
        cells = iter([self.model.vocabulary.value(token) for token in tokens])
        states = [(tuple([next(cells) for _ in slots]), row.heap) for row, slots in wanted]
        found = zip(states, self._rows(states), strict=True)
        return [[python_value(cell, rows) for cell in held] for (held, _), rows in found]

    def snapped(self, frames: Sequence[Frame], after: Float[Array, "B S D"]) -> Snapped:
        """Decode and encode again what a step in each frame has changed, or all of a frame that was not snapped."""
        changed = (after != np.array([frame.latents for frame in frames])).any(-1)
        changed[[not frame.snapped for frame in frames]] = changed[:, -1] = True
        ids, probabilities = self.model.decode_states(after[changed][None])
        snapped, ends = after.copy(), changed.sum(-1).cumsum()
        snapped[changed] = self.model.encode_states(ids)[0]
        certain = np.multiply.reduceat(probabilities[0], [0, *ends[:-1]])
        return Snapped(snapped, ids[0, ends - 1].tolist(), certain.tolist())

    def statuses(self, after: Float[Array, "B S D"]) -> list[int]:
        """Return the tokens of the statuses after steps."""
        tokens: list[int] = self.model.decode_states(after[None, :, -1])[0][0].tolist()
        return tokens

    def cell(self, row: Running, operand: Operand | None) -> Float[Array, " D"]:
        """Return the latent of what a core line reads: a slot's as it is, a literal's is its value's."""
        if isinstance(operand, Slot):
            latent: Array = row.frame.latents[operand.index]
            return latent
        assert not isinstance(operand, Hole), "lines that run have no holes"
        return self.model.encode_states(np.array([[self.model.vocabulary.value_id(operand)]]))[0, 0]

    def message(self, row: Running, core_line: CoreLine, status: str) -> tuple[str, str]:
        """Return the error's kind and message for a step that failed, from what its operands decode to."""
        if status == OVERFLOW:
            return status, "the result is outside the range of this checkpoint"
        [decoded] = self.states(row.frame.latents[None], [row.heap])
        parts = (core_line.target, core_line.left, core_line.right)
        own, left, right = (named(_cell(part, decoded.values), decoded.rows) for part in parts)
        return failed(status, str(core_line.operator), own, left, right, self.model.config.cells, core_line.says)

    def _rows(self, states: Sequence[tuple[Cells, Heap | None]]) -> list[Rows]:
        if self.heaps is None:
            return [()] * len(states)
        return self.heaps.rows([(cells, heap or self.heaps.empty) for cells, heap in states])


def _cell(operand: Operand | None, values: Cells) -> Value | None:
    if isinstance(operand, Slot):
        return values[operand.index]
    return None if isinstance(operand, Hole) else operand
