"""What the machine reads of heaps: rows, decoded where something is shown, and places, given free when there are none.

reader.rows([((Reference(0),), heap)])      [(Row("list", (1, 2)),)]
reader.reclaimed([frame], heap)             the frame and the heap without the rows that nothing refers to
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from latent_repl.language.heap import reached
from latent_repl.language.values import Cells, Reference, Row, Rows, Value, written
from latent_repl.model.heap import HEADER, Heap
from latent_repl.model.interface import Array, Interpreter
from latent_repl.model.rows import empty_heap
from latent_repl.shapes import Float

# Rows that are remembered as they were decoded: states share most of them. Chosen.
REMEMBERED = 4_096
NOT_REACHED = Row("list", ())
"""What stands in the place of a row that nothing in question refers to."""


class HeapReader:
    """Decodes the rows of one model's heaps, each array once."""

    def __init__(self, model: Interpreter) -> None:
        self.model, self.empty = model, empty_heap(model)
        references = [[model.vocabulary.value_id(Reference(index)) for index in range(len(self.empty.rows))]]
        self._references = model.encode_states(np.array(references))[0]
        self._nothing = model.encode_states(np.array([[model.vocabulary.value_id(None)]]))[0, 0]
        self._decoded: dict[int, tuple[Array, Row, frozenset[int]]] = {}

    def rows(self, states: Sequence[tuple[Cells, Heap]]) -> list[Rows]:
        """Return the rows that the cells of each state reach, at their places in its heap."""
        waiting = [_referred(cells) for cells, _ in states]
        if not any(waiting):
            return [()] * len(states)
        found = [dict[int, Row]() for _ in states]
        while any(waiting):
            self._decode([heap.rows[index] for (_, heap), new in zip(states, waiting, strict=True) for index in new])
            for place, (_, heap) in enumerate(states):
                new = {index: self._decoded[id(heap.rows[index])] for index in waiting[place]}
                found[place] |= {index: row for index, (_, row, _) in new.items()}
                waiting[place] = frozenset().union(*(further for *_, further in new.values())) - found[place].keys()
        return [tuple(each.get(index, NOT_REACHED) for index in range(max(each, default=-1) + 1)) for each in found]

    def reclaimed(self, frames: Sequence[Float[Array, "S D"]], heap: Heap) -> tuple[list[Float[Array, "S D"]], Heap]:
        """Return frames and a heap in which the rows that the frames reach come first, and all others are free."""
        cells = [self.model.vocabulary.values(ids) for ids in self.model.decode_states(np.stack(frames))[0].tolist()]
        [rows] = self.rows([(tuple(cell for frame in cells for cell in frame), heap)])
        places = {index: place for place, index in enumerate(sorted(reached(cells, rows)))}

        def moved(latents: Array, held: Cells, first: int = 0) -> Array:
            after = latents.copy()
            for place, cell in enumerate(held, start=first):
                if isinstance(cell, Reference):
                    after[place] = self._references[places[cell.index]]
            return after

        kept = [moved(heap.rows[index], rows[index].cells, HEADER) for index in places]
        free = self._references[len(kept)] if len(kept) < len(heap.rows) else self._nothing
        after = Heap(free, (*kept, *self.empty.rows[len(kept) :]))
        return [moved(*pair) for pair in zip(frames, cells, strict=True)], after

    def _decode(self, arrays: Sequence[Array]) -> None:
        new = {id(array): array for array in arrays if id(array) not in self._decoded}
        if len(self._decoded) + len(new) > REMEMBERED:
            self._decoded.clear()
            new = {id(array): array for array in arrays}
        if new:
            ids, _ = self.model.decode_states(np.stack([*new.values()]))
            for (key, array), row_ids in zip(new.items(), ids.tolist(), strict=True):
                row = self._row(row_ids)
                self._decoded[key] = array, row, _referred(row.cells)

    def _row(self, ids: Sequence[int]) -> Row:
        """Return the row that the ids of its kind, its length and its cells spell; a length that is none is 0."""
        kind, length, *cells = self.model.vocabulary.values(ids)
        name = kind.__name__ if isinstance(kind, type) else written(kind)
        count = length if type(length) is int else 0
        return Row(name, tuple(cell for cell in cells[: max(count, 0)] if cell is not None))


def _referred(cells: Iterable[Value | None]) -> frozenset[int]:
    return frozenset(cell.index for cell in cells if isinstance(cell, Reference))
