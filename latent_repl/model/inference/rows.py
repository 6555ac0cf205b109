"""One step of lines on rows: what moves is moved, what is arithmetic goes on as it does without rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from latent_repl.language.vocabulary import LEFT, Vocabulary
from latent_repl.model.heap import HEADER, Heap, LatentOperands, Places, carry_out, follow_references
from latent_repl.model.inference.executor import READINGS, Executor, Reading
from latent_repl.model.inference.mover import Mover
from latent_repl.model.interface import Array
from latent_repl.model.memory import Memory
from latent_repl.shapes import Float


class RowReading(NamedTuple):
    """What a line asks for: of the executor, the slot that it writes, its operator, the slots that its operands lie
    in, -1 for literals, and the literals' latents (2, D)."""

    executor: Reading
    target: int
    operator: int
    addresses: list[int]
    literals: Array


class RowsExecutor:
    """(state latent, heap, code latent) -> next state latent and heap."""

    def __init__(self, executor: Executor, mover: Mover, places: Places, literals: Float[Array, "V D"]) -> None:
        """literals: the latents of all values that a line can write."""
        self.executor, self.mover, self.places, self.literals = executor, mover, places, literals
        self._readings: Memory[bytes, RowReading] = Memory(READINGS)

    def __call__(
        self, states: Float[Array, "B S D"], codes: Float[Array, "B C"], heaps: Sequence[Heap]
    ) -> tuple[Float[Array, "B S D"], tuple[Heap, ...]]:
        """Return the next state latents and heaps."""
        readings = self.read(codes)
        steps = [
            follow_references(self.places, state[reading.target], *self._operands(state, reading))
            for state, reading in zip(states, readings, strict=True)
        ]
        decided = self._decided(readings, steps, heaps)
        counts = [place for place, classes in enumerate(decided) if not classes["moves"]]
        after, heaps_after = states.copy(), list(heaps)
        if counts:
            after[counts] = self.executor(states[counts], [readings[place].executor for place in counts])
        for place, classes in enumerate(decided):
            if classes["moves"]:
                moved = carry_out(self.places, steps[place], classes, heaps[place], self._follow)
                after[place, readings[place].target], after[place, -1], heaps_after[place] = moved
        return after, tuple(heaps_after)

    def read(self, codes: Float[Array, "B C"]) -> list[RowReading]:
        """Return what each line asks for."""
        return self._readings.results([code.tobytes() for code in codes], lambda places: self._read(codes[places]))

    def _decided(
        self, readings: Sequence[RowReading], steps: Sequence[LatentOperands], heaps: Sequence[Heap]
    ) -> list[dict[str, int]]:
        """Return the class of each field for each line, computed once for equal operators and what is seen."""
        operators = [reading.operator for reading in readings]
        keys = [self._seen(*each) for each in zip(operators, steps, heaps, strict=True)]

        def decide(places: list[int]) -> list[dict[str, int]]:
            seen = np.array([steps[place].seen(self.places, heaps[place]) for place in places])
            return self.mover.decide(np.array([operators[place] for place in places]), seen)

        return self.executor.memory.results(keys, decide)

    def _seen(self, operator: int, step: LatentOperands, heap: Heap) -> tuple[int | bytes, ...]:
        """Return the bytes of what the mover decides by: of each operand that it asks for what is seen of it."""
        seen: list[int | bytes] = [operator]
        for asked, cell, row in zip(self.mover.asks[operator], step.shown(self.places), step.rows, strict=True):
            if asked:
                seen += [cell.tobytes(), b"" if row is None else heap.rows[row][:HEADER].tobytes()]
        return tuple(seen)

    def _read(self, codes: Float[Array, "B C"]) -> list[RowReading]:
        return [self._with_rows(reading) for reading in self.executor.read(codes)]

    def _with_rows(self, reading: Reading) -> RowReading:
        operands, (target, addresses) = reading.tokens[2:], reading.addresses
        told = np.tanh(self.executor.literal(operands) + self.mover.correction(operands))
        distances = ((told[:, None] - self.literals) ** 2).sum(-1)
        operator = int(self.mover.operator(reading.tokens[1]).argmax())
        return RowReading(reading, target, operator, addresses, self.literals[distances.argmin(-1)])

    def _follow(self, reference: Float[Array, " D"]) -> Float[Array, " D"]:
        return self.places.following[self.mover.follow(reference)]

    def _operands(self, state: Float[Array, "S D"], reading: RowReading) -> list[Array]:
        return [
            literal if address < 0 else state[address]
            for address, literal in zip(reading.addresses, reading.literals, strict=True)
        ]


def literal_ids(vocabulary: Vocabulary) -> list[int]:
    """Return the ids of all values that a core line can write, `none` for an operand that there is not included."""
    return sorted(vocabulary.ids[word] for word in vocabulary.places[LEFT] if word not in vocabulary.addresses)
