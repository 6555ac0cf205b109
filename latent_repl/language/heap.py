"""The rows of a state: what Python value a cell stands for, and which rows nothing refers to any more.

value_of(Reference(0), (Row("list", (1, "a")),))      -> [1, "a"]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from latent_repl.language.values import NOTHING, Reference, Row, Value

Cells = tuple[Value | None, ...]
Rows = tuple[Row, ...]


def value_of(cell: Value | None, rows: Sequence[Row]) -> Any:
    """Return the Python value that a cell stands for: a str, list, tuple, dict, int, bool, or None.

    Rows that refer to themselves become values that do.
    """
    return _value(cell, rows, {})


def _value(cell: Value | None, rows: Sequence[Row], made: dict[int, Any]) -> Any:
    if not isinstance(cell, Reference):
        return None if cell is NOTHING else cell
    if cell.index not in made:
        row = rows[cell.index]
        if row.kind in ("list", "dict"):
            _fill(made.setdefault(cell.index, [] if row.kind == "list" else {}), row, rows, made)
        else:
            made[cell.index] = _whole(row, [_value(each, rows, made) for each in row.cells])
    return made[cell.index]


def _fill(value: Any, row: Row, rows: Sequence[Row], made: dict[int, Any]) -> None:
    cells = [_value(each, rows, made) for each in row.cells]
    if isinstance(value, list):
        value += cells
    else:
        # A key that Python could not hold is what only a wrong model makes: it is shown all the same.
        keys = [
            tuple(key) if isinstance(key, list) else str(key) if isinstance(key, dict) else key for key in cells[::2]
        ]
        value.update(zip(keys, cells[1::2], strict=False))


def _whole(row: Row, cells: list[Any]) -> Any:
    if row.kind == "tuple":
        return tuple(cells)
    if row.kind == "str":
        return "".join(map(str, cells))
    sign, *digits = [each if isinstance(each, int) else 0 for each in cells or [0]]
    return sign * sum(digit * 10**place for place, digit in enumerate(digits))


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
