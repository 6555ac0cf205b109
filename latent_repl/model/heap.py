"""Rows as latents: a heap, and how a move of the mover's changes it. Latents are copied as they are, bit for bit.

row[0], row[1], row[2:]    the latents of its kind, its length, and its cells; empty from its length on
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from latent_repl.language.operators import FULL, STATUS_OK
from latent_repl.language.values import NUMBERS, ROW_KINDS, Reference, written
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.fields import SOURCES, STATUSES, TAILS, WRITES, Fields
from latent_repl.model.memory import Memory, keys_of
from latent_repl.shapes import Float

HEADER = 2
"""The latents of a row before its cells: kind and length."""
# Square of the distance from which on a latent is no reference. Chosen: the closest two tokens of `base` are twice
# as far apart as its root.
NOWHERE = 1.0
# Cells of which is kept what they are. Chosen.
CELLS_KEPT = 8_192
NONE_ALIKE = (False, False, False)


@dataclass(frozen=True, slots=True, eq=False)
class Heap:
    """The rows of one state. Nothing changes it or its arrays: states share them.

    next: the latent (D,) of the next free row's reference, that of an empty slot where there is none.
    rows: one array (C + 2, D) each; all that are empty are the same.
    """

    next: Float[np.ndarray, " D"]
    rows: tuple[Float[np.ndarray, "C D"], ...]


class Places:
    """The latents that moving needs to know: of constants, references, statuses and what is empty."""

    def __init__(self, table: Float[np.ndarray, "A D"], vocabulary: Vocabulary, rows: int, cells: int) -> None:
        """table: the latents of all active tokens, by their ids."""
        self.fields, self.cells = Fields(vocabulary, cells), cells
        self.empty = table[vocabulary.value_id(None)]
        self.references = table[[vocabulary.value_id(Reference(index)) for index in range(rows)]]
        self.following = np.concatenate([self.references, self.empty[None]])
        self.constants = table[[vocabulary.ids[token] for token in self.fields.constants]]
        self.lengths = table[[vocabulary.ids[written(length)] for length in range(cells + 1)]]
        self.kinds = table[[vocabulary.ids[kind] for kind in ROW_KINDS]]
        self.statuses = table[[vocabulary.status_id(status) for status in STATUSES]]
        self.full = table[vocabulary.status_id(FULL)]
        self.empty_row = np.repeat(self.empty[None], HEADER + cells, axis=0)
        self.keys = keys_of(self.references)
        kinds = [vocabulary.kind(each) for each in range(len(table))]
        values = [each for each, kind in enumerate(kinds) if kind is not None]
        self._values, self._counts = table[values], [kinds[each] in NUMBERS for each in values]
        self._halves = (self._values**2).sum(-1) / 2
        self.number = table[vocabulary.value_id(0)]
        self.number_key = self.number.tobytes()
        self._known: Memory[bytes, tuple[int | None, bool]] = Memory(CELLS_KEPT)

    def empty_heap(self) -> Heap:
        """Return a heap without rows."""
        return Heap(self.references[0], (self.empty_row,) * len(self.references))

    def row_of(self, cell: Float[np.ndarray, " D"]) -> int | None:
        """Return which row a cell refers to, None for a cell that is no reference."""
        return self.known(cell[None], [cell.tobytes()])[0][0]

    def known(self, cells: Float[np.ndarray, "N D"], keys: Sequence[bytes]) -> list[tuple[int | None, bool]]:
        """Return of each cell which row it refers to, and whether it is a number; keys: their bytes."""
        return self._known.results(keys, lambda places: [self._look(cells[place]) for place in places])

    def _look(self, cell: Float[np.ndarray, " D"]) -> tuple[int | None, bool]:
        row = self._row_of(cell)
        return row, row is None and self._counts[int((self._values @ cell - self._halves).argmax())]

    def _row_of(self, cell: Float[np.ndarray, " D"]) -> int | None:
        distances = ((self.references - cell) ** 2).sum(-1)
        nearest = int(distances.argmin())
        return nearest if distances[nearest] < NOWHERE else None


@dataclass(frozen=True, slots=True)
class LatentOperands:
    """One line on rows: the latents of own, left and right, their bytes, which rows they refer to, and which are
    numbers that are seen as any number is."""

    cells: Float[np.ndarray, "3 D"]
    keys: Sequence[bytes]
    rows: Sequence[int | None]
    alike: Sequence[bool]

    def key(self, places: Places, heap: Heap, asked: Sequence[bool]) -> tuple[bytes, ...]:
        """Return the bytes of what is seen, of those of own, left and right that are asked for."""
        told: list[bytes] = []
        shown_as = shown_rows(*self.rows)
        for asks, key, row, shown, alike in zip(asked, self.keys, self.rows, shown_as, self.alike, strict=True):
            if asks and row is not None and shown is not None:
                told += (places.keys[shown], heap.rows[row][:HEADER].tobytes())
            elif asks:
                told += (places.number_key if alike else key, b"")
        return tuple(told)

    def sees_numbers(self, asked: Sequence[bool]) -> bool:
        """Return whether all that is asked for, of own, left and right, are numbers that are seen as any number is."""
        return all(alike for asks, alike in zip(asked, self.alike, strict=True) if asks)


def seen(places: Places, steps: Sequence[LatentOperands], heaps: Sequence[Heap]) -> Float[np.ndarray, "B N D"]:
    """Return what the mover decides by: three cells, as it sees them, then kind and length of each one's row."""
    cells = np.array([step.cells for step in steps])
    cells[np.array([step.alike for step in steps])] = places.number
    headers = np.broadcast_to(places.empty_row[:HEADER], (len(steps), 3, HEADER, cells.shape[-1])).copy()
    for place, (step, heap) in enumerate(zip(steps, heaps, strict=True)):
        for operand, (row, shown) in enumerate(zip(step.rows, shown_rows(*step.rows), strict=True)):
            if row is not None and shown is not None:
                cells[place, operand], headers[place, operand] = places.references[shown], heap.rows[row][:HEADER]
    return np.concatenate([cells, headers.reshape(len(steps), -1, cells.shape[-1])], axis=1)


def shown_rows(own: int | None, left: int | None, right: int | None) -> tuple[int | None, int | None, int | None]:
    """Return as which rows own, left and right are seen: as the first, a right one other than the left as the second.

    Which row it is decides nothing; so there is nothing to learn of it.
    """
    seen = None if right is None else int(right != left)
    return None if own is None else 0, None if left is None else 0, seen


def follow_references(
    places: Places, cells: Float[np.ndarray, "B 3 D"], on_numbers: Sequence[bool]
) -> list[LatentOperands]:
    """Return steps on own, left and right each, whose references are followed.

    on_numbers: whether the line's operator is one on numbers. Then which number a cell holds moves nothing.
    """
    flat = cells.reshape(-1, cells.shape[-1])
    keys = keys_of(flat)
    known, steps = places.known(flat, keys), []
    for place, (each, counts) in enumerate(zip(cells, on_numbers, strict=True)):
        own = slice(3 * place, 3 * place + 3)
        rows, numbers = zip(*known[own], strict=True)
        steps.append(LatentOperands(each, keys[own], rows, numbers if counts else NONE_ALIKE))
    return steps


def carry_out(
    places: Places,
    step: LatentOperands,
    classes: Mapping[str, int],
    heap: Heap,
    follow: Callable[[Float[np.ndarray, " D"]], Float[np.ndarray, " D"]],
) -> tuple[Float[np.ndarray, " D"], Float[np.ndarray, " D"], Heap]:
    """Return the target's latent, the status's, and the heap after a move, whose fields are given by their classes.

    follow: gives the reference after the heap's next one.
    """
    own, left, right = step.cells
    writes = WRITES[classes["writes"]]
    free = places.row_of(heap.next) if writes == "new" else step.rows[0]
    status = places.statuses[classes["status"]]
    if STATUSES[classes["status"]] != STATUS_OK:
        return own, status, heap
    if writes == "new" and free is None:
        return own, places.full, heap
    sources = (own, left, right, heap.next, None, places.constants[classes["constant"]])
    value = sources[classes["value"]]
    if SOURCES[classes["value"]] == "item":
        value = _cells(places, step, heap, 1)[min(classes["place"], places.cells - 1)]
    assert value is not None
    if writes == "nothing" or free is None:
        return value, status, heap
    rows = (*heap.rows[:free], _written(places, step, classes, heap), *heap.rows[free + 1 :])
    return value, status, Heap(follow(heap.next) if writes == "new" else heap.next, rows)


def _cells(places: Places, step: LatentOperands, heap: Heap, operand: int) -> Float[np.ndarray, "C D"]:
    """Return the cells of the row that an operand refers to; any other cell is a row of itself."""
    row = step.rows[operand]
    if row is not None:
        return heap.rows[row][HEADER:]
    alone = places.empty_row[HEADER:].copy()
    alone[0] = step.cells[operand]
    return alone


def _written(places: Places, step: LatentOperands, classes: Mapping[str, int], heap: Heap) -> Float[np.ndarray, "C D"]:
    row = places.empty_row.copy()
    row[0], row[1] = places.kinds[classes["kind"]], places.lengths[classes["length"]]
    cells, split, length = row[HEADER:], classes["split"], classes["length"]
    base = _cells(places, step, heap, 0 if classes["own_base"] else 1)
    along = np.arange(split)
    cells[:split] = base[(classes["shift"] + (-along if classes["backwards"] else along)).clip(0, places.cells - 1)]
    tail = TAILS[classes["tail"]]
    if length > split and tail != "nothing":
        whole = _cells(places, step, heap, 2) if tail == "right" else step.cells[1][None]
        cells[split:length][: len(whole)] = whole[: length - split]
    if WRITES[classes["writes"]] == "own" and classes["place"] < places.cells:
        cells[classes["place"]] = step.cells[2]
    return row
