"""What a core line does with rows: one exact table, which exact execution goes by and the executor learns.

    decide("take", NO_OPERAND, describe(Reference(0), heap), describe(3, heap), 64)
        -> Move(value="next", writes="new", kind="list", split=3, length=3)       T = the row's first three cells

`decide` sees what kind a cell is, its value, and how long the row is that it refers to, but none of that row's cells:
so it is a finite table, which `rules.py` writes down. `perform` describes, decides and applies for exact cells.

    the row that is written   cell j comes from   base[shift + j], backwards base[shift - j]              j < split
                                                  tail[j - split], of a row or of one operand    split <= j < length
                              and, in place, the cell at `place` is the right operand
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from latent_repl.language.floats import is_float_row
from latent_repl.language.moves import Cell, Move
from latent_repl.language.operators import FULL
from latent_repl.language.rules import RULES, Operands
from latent_repl.language.values import Reference, Row, Rows, Value, kind_of


def decide(operator: str, own: Cell, left: Cell, right: Cell, capacity: int, *, free: bool = True) -> Move | None:
    """Return what a core line moves, None where it is arithmetic: numbers' own operators, and `del`.

    capacity: how many cells a row can have. free: whether there is a free row.
    """
    move = RULES[operator](Operands(own, left, right, capacity))
    if move is not None and move.writes == "new" and not free:
        return Move(status=FULL)
    return move


def describe(cell: Value | None, rows: Sequence[Row]) -> Cell:
    """Return what a decision sees of a cell; None is an operand that there is not."""
    if isinstance(cell, Reference):
        row = rows[cell.index]
        return Cell(row.kind, cell, len(row.cells))
    kind = kind_of(cell)
    assert kind is not None, cell
    return Cell(kind.name, cell)


def named(cell: Value | None, rows: Sequence[Row]) -> Cell:
    """Return what a message says of a cell: as `describe`, but that a float is one."""
    seen = describe(cell, rows)
    if isinstance(cell, Reference) and is_float_row(seen.kind, rows[cell.index].cells):
        return replace(seen, kind=float.__name__)
    return seen


def apply(move: Move, cells: Sequence[Value | None], rows: Rows) -> tuple[Value | None, Rows]:
    """Return what the target holds after a move of own, left and right cells, and the rows then."""
    own, left, right = cells
    read = cells_of(left, rows)[move.place or 0] if move.value == "item" else None
    values = {
        **{"own": own, "left": left, "right": right},
        **{"next": Reference(len(rows)), "item": read, "constant": move.constant},
    }
    value = values[move.value]
    if move.writes == "nothing":
        return value, rows
    row = Row(move.kind, _moved(move, own, left, right, rows))
    if move.writes == "new":
        return value, (*rows, row)
    assert isinstance(own, Reference)
    return value, (*rows[: own.index], row, *rows[own.index + 1 :])


def perform(
    operator: str, cells: Sequence[Value | None], rows: Rows, *, capacity: int, most: int
) -> tuple[str, Value | None, Rows] | None:
    """Return status, the target's value and the rows after a core line on own, left and right cells.

    None where it is arithmetic. most: how many rows a heap can have.
    """
    own, left, right = (describe(cell, rows) for cell in cells)
    move = decide(operator, own, left, right, capacity, free=len(rows) < most)
    return None if move is None else (move.status, *apply(move, cells, rows))


def cells_of(cell: Value | None, rows: Sequence[Row]) -> tuple[Value | None, ...]:
    """Return the cells of the row that a cell refers to; any other cell is a row of itself."""
    return rows[cell.index].cells if isinstance(cell, Reference) else (cell,)


def _moved(move: Move, own: Value | None, left: Value | None, right: Value | None, rows: Rows) -> tuple[Value, ...]:
    base = cells_of(own if move.own_base else left, rows)
    moved = [base[move.shift - at if move.backwards else move.shift + at] for at in range(move.split)]
    tail = {"nothing": (), "left": (left,), "right": cells_of(right, rows)}[move.tail]
    moved += tail[: move.length - move.split]
    if move.own_base and move.place is not None:
        moved[move.place] = right
    assert None not in moved, "rows are made of values"
    return tuple(moved)  # type: ignore[arg-type]
