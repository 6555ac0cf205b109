"""One step of lines on rows: what moves is moved, what is arithmetic goes on as it does without rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from latent_repl.model.heap import Heap, LatentOperands, Places, carry_out, follow_references, seen
from latent_repl.model.inference.executor import Executor
from latent_repl.model.inference.mover import Mover
from latent_repl.model.inference.reading import Reading, operands_of
from latent_repl.model.interface import Array
from latent_repl.model.memory import Memory
from latent_repl.shapes import Float


class RowsExecutor:
    """(state latent, heap, code latent) -> next state latent and heap."""

    def __init__(self, executor: Executor, mover: Mover, places: Places) -> None:
        self.executor, self.mover, self.places = executor, mover, places
        self._on_numbers: Memory[Any, dict[str, int]] = Memory(len(mover.asks))

    def __call__(
        self, states: Float[Array, "B S D"], codes: Float[Array, "B C"], heaps: Sequence[Heap], *, snapped: bool = False
    ) -> tuple[Float[Array, "B S D"], tuple[Heap, ...]]:
        """Return the next state latents and heaps; snapped: as in `Executor`."""
        readings = self.executor.read(codes)
        operands, targets = operands_of(states, readings), [reading.target for reading in readings]
        own = states[np.arange(len(states)), targets]
        cells, on_numbers = np.concatenate([own[:, None], operands], axis=1), self.mover.on_numbers
        steps = follow_references(self.places, cells, [on_numbers[reading.operator] for reading in readings])
        decided = self._decided(readings, steps, heaps)
        counts = [place for place, classes in enumerate(decided) if not classes["moves"]]
        after, heaps_after = states.copy(), list(heaps)
        if counts:
            asked = [readings[place] for place in counts]
            after[counts] = self.executor(states[counts], asked, operands[counts], snapped=snapped)
        for place, classes in enumerate(decided):
            if classes["moves"]:
                moved = carry_out(self.places, steps[place], classes, heaps[place], self._follow)
                after[place, targets[place]], after[place, -1], heaps_after[place] = moved
        return after, tuple(heaps_after)

    def _decided(
        self, readings: Sequence[Reading], steps: Sequence[LatentOperands], heaps: Sequence[Heap]
    ) -> list[dict[str, int]]:
        """Return the class of each field for each line, computed once for equal operators and what is seen.

        Numbers are seen alike, whichever they are: so what an operator does with them is decided once and for all.
        """
        operators, lines = [reading.operator for reading in readings], range(len(steps))
        asked = [self.mover.asks[operator] for operator in operators]
        keys = [(operators[line], *steps[line].key(self.places, heaps[line], asked[line])) for line in lines]
        on_numbers = [steps[line].sees_numbers(asked[line]) for line in lines]

        def results(memory: Memory[Any, dict[str, int]], lines: Sequence[int]) -> dict[int, dict[str, int]]:
            def decide(places: list[int]) -> list[dict[str, int]]:
                new = [lines[place] for place in places]
                of_new = seen(self.places, [steps[line] for line in new], [heaps[line] for line in new])
                return self.mover.decide(np.array([operators[line] for line in new]), of_new)

            return dict(zip(lines, memory.results([keys[line] for line in lines], decide), strict=True))

        decided = results(self._on_numbers, [line for line in lines if on_numbers[line]])
        decided |= results(self.executor.memory, [line for line in lines if not on_numbers[line]])
        return [decided[line] for line in lines]

    def _follow(self, reference: Float[Array, " D"]) -> Float[Array, " D"]:
        return self.places.following[self.mover.follow(reference)]
