"""The rows of a state: which of them nothing refers to any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from latent_repl.language.values import Cells, Reference, Row, Rows


def reclaimed(frames: Iterable[Cells], rows: Rows) -> tuple[list[Cells], Rows]:
    """Return frames and rows without the rows that no frame reaches; references go by the new places."""
    every = list(frames)
    places = {index: place for place, index in enumerate(sorted(reached(every, rows)))}

    def moved(cells: Cells) -> Cells:
        return tuple(Reference(places[each.index]) if isinstance(each, Reference) else each for each in cells)

    kept = (Row(rows[index].kind, moved(rows[index].cells)) for index in places)  # type: ignore[arg-type]
    return [moved(frame) for frame in every], tuple(kept)


def reached(frames: Iterable[Cells], rows: Sequence[Row]) -> set[int]:
    """Return which rows the cells of frames refer to, directly or through other rows."""
    found: set[int] = set()
    waiting = [cell for frame in frames for cell in frame]
    while waiting:
        cell = waiting.pop()
        if isinstance(cell, Reference) and cell.index not in found and cell.index < len(rows):
            found.add(cell.index)
            waiting += rows[cell.index].cells
    return found
