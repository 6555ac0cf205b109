"""Exact rows to a heap of latents and back.

heap = encode_heap(model, (Row("str", ("a", "b")),))
decode_heap(model, heap)                                  (Row("str", ("a", "b")),)
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, Protocol, runtime_checkable

import numpy as np

from latent_repl.language.values import Reference, Row, Value
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.heap import HEADER, Heap
from latent_repl.model.interface import Array
from latent_repl.shapes import Float, Int


@runtime_checkable
class StateCodec(Protocol):
    """What encodes and decodes states: of an `Interpreter` that part."""

    config: Any
    vocabulary: Vocabulary

    def encode_states(self, ids: Int[Array, "B S"]) -> Float[Array, "B S D"]:
        """Return the latents of states."""

    def decode_states(self, latents: Float[Array, "B S D"]) -> tuple[Int[Array, "B S"], Float[Array, "B S"]]:
        """Return each slot's most likely token and its probability."""


def empty_heap(model: StateCodec) -> Heap:
    """Return a heap without rows."""
    return encode_heap(model, ())


def encode_heap(model: StateCodec, rows: Sequence[Row]) -> Heap:
    """Return the latents of rows, the first of which r0 refers to. Raises ValueError for more, or longer, than fit."""
    most, cells = model.config.rows, model.config.cells
    if len(rows) > most or any(len(row.cells) > cells for row in rows):
        raise ValueError(f"a heap has {most} rows of {cells} cells")
    none, next_id = model.vocabulary.value_id(None), _reference_id(model, len(rows))
    ids = np.full((len(rows) + 1, HEADER + cells), none)
    for place, row in enumerate(rows):
        told = [model.vocabulary.ids[row.kind], *map(model.vocabulary.value_id, (len(row.cells), *row.cells))]
        ids[place, : len(told)] = told
    *latents, empty = model.encode_states(ids)
    return Heap(model.encode_states(np.array([[next_id]]))[0, 0], (*latents, *[empty] * (most - len(rows))))


def used_rows(model: StateCodec, heap: Heap) -> int:
    """Return how many rows of a heap are before the next free one."""
    [[following]] = _decoded(model, [heap.next[None]])
    return following.index if isinstance(following, Reference) else len(heap.rows)


def with_rows(model: StateCodec, heap: Heap, rows: Sequence[Row]) -> Heap:
    """Return a heap with rows at its end, those before them as they were. Raises ValueError as `encode_heap` does."""
    used = used_rows(model, heap)
    added = encode_heap(model, [*[Row("list", ())] * used, *rows])
    return Heap(added.next, (*heap.rows[:used], *added.rows[used:]))


def decode_heap(model: StateCodec, heap: Heap) -> tuple[Row, ...]:
    """Return the rows that a heap's latents decode to, those before the next free one."""
    rows = heap.rows[: used_rows(model, heap)]
    headers = _decoded(model, [row[:HEADER] for row in rows])
    counts = [max(length, 0) if isinstance(length, int) else 0 for _, length in headers]
    cells = _decoded(model, [row[HEADER : HEADER + count] for row, count in zip(rows, counts, strict=True)])
    return tuple(
        Row(_name(kind), tuple(cell for cell in row if cell is not None))
        for (kind, _), row in zip(headers, cells, strict=True)
    )


def _name(kind: Value | None) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind)


def _decoded(model: StateCodec, parts: Sequence[np.ndarray]) -> list[list[Value | None]]:
    """Return what arrays of latents (N, D) decode to, all of them at once."""
    if not parts:
        return []
    ids, _ = model.decode_states(np.concatenate(parts)[None])
    values = iter([model.vocabulary.value(identifier) for identifier in ids[0].tolist()])
    return [list(islice(values, len(part))) for part in parts]


def _reference_id(model: StateCodec, index: int) -> int:
    return model.vocabulary.value_id(Reference(index) if index < model.config.rows else None)
