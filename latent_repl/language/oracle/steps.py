"""One core line, exactly: on numbers by Python's own operators, on rows by the table of movement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from latent_repl.language.movement import perform
from latent_repl.language.operators import (
    OVERFLOW,
    STATUS_OK,
    TABLE,
    TYPE_ERROR,
    ZERO_DIVISION,
    Operator,
)
from latent_repl.language.program import CoreLine, Hole, Operand, Slot
from latent_repl.language.values import Cells, Rows, Value, fits, kind_of

NO_HEAP = (0, 0)
"""The capacity of a checkpoint without rows."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a checkpoint can hold: numbers in minimum..maximum, so many cells in a row, so many rows."""

    minimum: int
    maximum: int
    cells: int = 0
    rows: int = 0


def step(core_line: CoreLine, values: Sequence[Value | None], minimum: int, maximum: int) -> tuple[Cells, str]:
    """Run one core line; return the values by slot after it, and the status.

    Where the status is not ok (a division by zero, a result outside minimum..maximum), the values are those before.

    Raises ValueError where an operand is a hole or an empty slot, TypeError for a kind that the operator does not take.
    """
    before = tuple(values)
    try:
        result = _result(core_line, before)
    except ZeroDivisionError:
        return before, ZERO_DIVISION
    if not fits(result, minimum, maximum):
        return before, OVERFLOW
    return written_to(before, core_line.target, result), STATUS_OK


def _result(core_line: CoreLine, values: Cells) -> Value | None:
    if isinstance(core_line.operator, Hole):
        raise ValueError("the operator is a hole: fill every hole")
    row = TABLE[core_line.operator]
    operands = (core_line.left, core_line.right)[: row.arity]
    result: Value | None = row.exact(*(_read(operand, values, row) for operand in operands))
    return result


def _read(operand: Operand | None, values: Cells, row: Operator) -> Any:
    value = values[operand.index] if isinstance(operand, Slot) else operand
    kind = kind_of(value)
    if kind is None or not kind.literal:
        raise ValueError(f"{operand} holds no value: fill every hole, and assign every slot before it is read")
    if kind not in row.takes:
        raise TypeError(f"{row.symbol} takes no {kind.name}")
    return value


def step_on_rows(core_line: CoreLine, values: Cells, rows: Rows, limits: Limits) -> tuple[Cells, Rows, str]:
    """Run one core line as `step` does, with a heap; return the values, the rows, and the status."""
    if limits.rows and not isinstance(core_line.operator, Hole):
        cells = operands(core_line, values)
        done = perform(core_line.operator, cells, rows, capacity=limits.cells, most=limits.rows)
        if done is not None:
            status, value, after = done
            if status != STATUS_OK:
                return values, rows, status
            return written_to(values, core_line.target, value), after, status
    try:
        written, status = step(core_line, values, limits.minimum, limits.maximum)
    except TypeError:
        return values, rows, TYPE_ERROR
    return written, rows, status


def operands(core_line: CoreLine, values: Cells) -> tuple[Value | None, Value | None, Value | None]:
    """Return the cells that a core line sees: what its target holds, its left and its right operand."""
    own = values[core_line.target.index]
    return own, cell_of(core_line.left, values), cell_of(core_line.right, values)


def cell_of(operand: Operand | None, values: Cells) -> Value | None:
    """Return the cell of an operand; None for one that there is not."""
    assert not isinstance(operand, Hole), "every hole is filled before a program runs"
    return values[operand.index] if isinstance(operand, Slot) else operand


def written_to(values: Cells, slot: Slot, value: Value | None) -> Cells:
    """Return the values with another one in a slot."""
    return (*values[: slot.index], value, *values[slot.index + 1 :])
