"""One step of lines on rows: what moves is moved, what is arithmetic goes on as it does without rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from latent_repl.model.heap import Heap, LatentOperands, Places, carry_out, follow_references, seen
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
        """Return the class of each field for each line, computed once for equal operators and what is seen."""
        operators, asks = [reading.operator for reading in readings], self.mover.asks
        keys = [
            (operator, *step.key(self.places, heap, asks[operator]))
            for operator, step, heap in zip(operators, steps, heaps, strict=True)
        ]

        def decide(places: list[int]) -> list[dict[str, int]]:
            of_new = seen(self.places, [steps[place] for place in places], [heaps[place] for place in places])
            return self.mover.decide(np.array([operators[place] for place in places]), of_new)

        return self.executor.memory.results(keys, decide)

    def _follow(self, reference: Float[Array, " D"]) -> Float[Array, " D"]:
        return self.places.following[self.mover.follow(reference)]
