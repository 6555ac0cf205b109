"""One step of lines on rows: what moves is moved, what is arithmetic goes on as it does without rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from latent_repl.model.heap import HEADER, Heap, LatentOperands, Places, carry_out, follow_references
from latent_repl.model.inference.executor import Executor
from latent_repl.model.inference.mover import Mover
from latent_repl.model.inference.reading import Reading, operands_of
from latent_repl.model.interface import Array
from latent_repl.shapes import Float


class RowsExecutor:
    """(state latent, heap, code latent) -> next state latent and heap."""

    def __init__(self, executor: Executor, mover: Mover, places: Places) -> None:
        self.executor, self.mover, self.places = executor, mover, places

    def __call__(
        self, states: Float[Array, "B S D"], codes: Float[Array, "B C"], heaps: Sequence[Heap]
    ) -> tuple[Float[Array, "B S D"], tuple[Heap, ...]]:
        """Return the next state latents and heaps."""
        readings = self.executor.read(codes)
        steps = [
            follow_references(self.places, state[reading.target], *operands)
            for state, reading, operands in zip(states, readings, operands_of(states, readings), strict=True)
        ]
        decided = self._decided(readings, steps, heaps)
        counts = [place for place, classes in enumerate(decided) if not classes["moves"]]
        after, heaps_after = states.copy(), list(heaps)
        if counts:
            after[counts] = self.executor(states[counts], [readings[place] for place in counts])
        for place, classes in enumerate(decided):
            if classes["moves"]:
                moved = carry_out(self.places, steps[place], classes, heaps[place], self._follow)
                after[place, readings[place].target], after[place, -1], heaps_after[place] = moved
        return after, tuple(heaps_after)

    def _decided(
        self, readings: Sequence[Reading], steps: Sequence[LatentOperands], heaps: Sequence[Heap]
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

    def _follow(self, reference: Float[Array, " D"]) -> Float[Array, " D"]:
        return self.places.following[self.mover.follow(reference)]
