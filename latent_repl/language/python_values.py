"""Decoded cells and rows as Python's own values, and these as cells and rows again.

    r0 = list (1, r1), r1 = str ('c', 'a')      {"a": r0, "b": r0}  ->  {"a": [1, "ca"], "b": [1, "ca"]}, one list
    r0 = list (1, r0)                           {"a": r0}           ->  {"a": [1, [...]]}

Nothing is computed: a reference is followed, and what two cells refer to is one object.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from reprlib import Repr
from typing import Any

from latent_repl.language.extent import PLAIN, written_out
from latent_repl.language.floats import cells_of_float, float_of_cells
from latent_repl.language.values import NOTHING, Nothing, Reference, Row, Value


class Absent:
    """The type of ABSENT."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()
"""What stands for a variable that there is not."""

TEXT_LIMIT = 10_000
"""How many values are written out in full: as many cells as a heap has. Chosen."""
_CUT = Repr()


class Malformed:
    """What a decoder made that is no value: a str of numbers, a tuple that lies in itself, a reference to no row."""

    def __init__(self, kind: str, cells: Sequence[object] = ()) -> None:
        self.kind, self.cells = kind, tuple(cells)

    def __repr__(self) -> str:
        return f"<no {self.kind}: {', '.join(map(str, self.cells))}>" if self.cells else f"<no {self.kind}>"


def python_values(cells: Mapping[str, Value | None], rows: Sequence[Row]) -> dict[str, Any]:
    """Return the values that cells of one state stand for, by the same names."""
    reader = _CellReader(rows)
    values = {name: reader.value(cell) for name, cell in cells.items()}
    reader.fill()
    return values


def shown(value: Any) -> str:
    """Return a value's text as Python shows it; cut where what is shared would make it far longer than any screen."""
    return repr(value) if written_out(value) <= TEXT_LIMIT else _CUT.repr(value)


def text_of(value: Any) -> str:
    """Return a value's text as `print` writes it; the kind of a value is its name."""
    if isinstance(value, type):
        return value.__name__
    return value if isinstance(value, str) else shown(value)


def python_value(cell: Value | None, rows: Sequence[Row]) -> Any:
    """Return the value that one cell stands for."""
    return python_values({"": cell}, rows)[""]


class _CellReader:
    """Reads one state. Lists and dicts are made empty and filled last, so that they can lie in themselves."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._made: dict[int, Any] = {}
        self._begun: set[int] = set()
        self._empty: list[int] = []

    def value(self, cell: Value | None) -> Any:
        match cell:
            case Reference(index):
                return self._row(index)
            case Nothing() | None:
                return None
            case _:
                return cell

    def fill(self) -> None:
        while self._empty:
            index = self._empty.pop()
            parts = self._values(self._rows[index].cells)
            made = self._made[index]
            if isinstance(made, list):
                made += parts
            else:
                # A key that Python could not look for is shown as it is.
                keys = [key if _is_key(key) else Malformed("key", [key]) for key in parts[::2]]
                made.update(zip(keys, [*parts[1::2], Malformed("value")], strict=False))

    def _values(self, cells: Sequence[Value]) -> list[Any]:
        return [*cells] if PLAIN.issuperset(map(type, cells)) else [self.value(cell) for cell in cells]

    def _row(self, index: int) -> Any:
        if index not in self._made:
            if index in self._begun or index >= len(self._rows):
                return Malformed("row", [Reference(index)])
            self._begun.add(index)
            self._made[index] = self._read(index, self._rows[index])
        return self._made[index]

    def _read(self, index: int, row: Row) -> Any:
        if row.kind in ("list", "dict"):
            self._empty.append(index)
            return [] if row.kind == "list" else {}
        if row.kind == "tuple":
            return tuple(self._values(row.cells))
        if row.kind == "str" and all(isinstance(cell, str) for cell in row.cells):
            return "".join(map(str, row.cells))
        if row.kind == "int" and _is_wide(row):
            sign, *digits = row.cells
            return sign * int("".join(map(str, reversed(digits))))  # type: ignore[operator]
        if row.kind == "int" and (number := float_of_cells(row.cells)) is not None:
            return number
        return Malformed(row.kind, row.cells)


def _is_wide(row: Row) -> bool:
    """Return whether a row is a whole number: its sign, and its decimal digits, the last one first."""
    return len(row.cells) > 1 and row.cells[0] in (1, -1) and all(cell in range(10) for cell in row.cells[1:])


def _is_key(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_key, value))
    return isinstance(value, Hashable)


def cells_of_values(
    values: Mapping[str, Any], maximum: int, *, first: int = 0
) -> tuple[dict[str, Value], tuple[Row, ...]]:
    """Return cells by the same names, and the rows that they refer to: the inverse of `python_values`.

    maximum: the largest number that a cell holds. first: the place of the first row.
    """
    writer = _ValueWriter(maximum, first)
    cells = {name: writer.cell(value) for name, value in values.items()}
    return cells, tuple(row for row in writer.rows if row is not None)


class _ValueWriter:
    """Writes one state; each list, tuple and dict is written once."""

    def __init__(self, maximum: int, first: int) -> None:
        self._maximum, self._first = maximum, first
        self.rows: list[Row | None] = []
        self._written: dict[int, Reference] = {}

    def cell(self, value: Any) -> Value:
        match value:
            case None:
                return NOTHING
            case int() if abs(value) > self._maximum:
                digits = map(int, reversed(str(abs(value))))
                return self._row(value, [1 if value > 0 else -1, *digits])
            case float():
                return self._add(Row("int", cells_of_float(value)))
            case str() if len(value) != 1:
                return self._row(value, value)
            case list() | tuple():
                return self._row(value, value)
            case dict():
                return self._row(value, [part for pair in value.items() for part in pair])
            case _:
                return value

    def _add(self, row: Row) -> Reference:
        self.rows.append(row)
        return Reference(self._first + len(self.rows) - 1)

    def _row(self, value: Any, parts: Sequence[Any]) -> Reference:
        if id(value) not in self._written:
            place, reference = len(self.rows), Reference(self._first + len(self.rows))
            self._written[id(value)] = reference
            self.rows.append(None)
            self.rows[place] = Row(type(value).__name__, tuple(map(self.cell, parts)))
        return self._written[id(value)]
