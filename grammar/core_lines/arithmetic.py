"""Exact results of every operator for arrays of values: the vectorised twin of the oracle's single step.

A value is a pair of arrays: its integer, and whether it is a bool (True is the integer 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latent_repl.language.operators import (
    ABS,
    BINARY_OPERATORS,
    COPY,
    DELETE,
    MAX,
    MIN,
    NOT,
    OPERATORS,
    OVERFLOW,
    STATUS_OK,
    STATUSES,
    TABLE,
    ZERO_DIVISION,
    Operator,
)

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

OPERATOR_INDEX = {operator: index for index, operator in enumerate(OPERATORS)}
OK, DIVIDES_BY_ZERO, OVERFLOWS = (STATUSES.index(status) for status in (STATUS_OK, ZERO_DIVISION, OVERFLOW))

# What Python's own function does not do for arrays.
_DIFFERENCES: Mapping[str, Callable[..., NDArray[Any]]] = MappingProxyType(
    {MIN: np.minimum, MAX: np.maximum, NOT: np.logical_not, ABS: np.abs, COPY: np.copy}
)


@dataclass(frozen=True, slots=True)
class Results:
    """numbers, bools: the values; status: index into STATUSES; present: False where the target is deleted."""

    numbers: Ints
    bools: Bools
    status: Ints
    present: Bools


def elementwise(row: Operator) -> Callable[..., NDArray[Any]]:
    """Return an operator's function on arrays: NumPy's where Python's operators are, else Python's for each element."""
    if row.symbol in _DIFFERENCES:
        return _DIFFERENCES[row.symbol]
    return row.exact if row.overloaded else np.frompyfunc(row.exact, row.arity, 1)


def binary(symbol: str, x: Ints, y: Ints) -> Ints:
    """Return `x symbol y` elementwise; a division by zero yields 0."""
    row = TABLE[symbol]
    numbers = elementwise(row)(x, np.where(y == 0, 1, y) if row.divides else y)
    return np.where(row.divides & (y == 0), 0, np.asarray(numbers).astype(np.int64))


def apply(operators: Ints, x: Ints, x_bool: Bools, y: Ints, y_bool: Bools, *, maximum: int) -> Results:
    """Return the results of `operators` (indices into OPERATORS) on operands x and y; unary ones ignore y."""
    numbers, bools = x.copy(), x_bool.copy()
    divides = np.zeros(x.shape, np.bool_)
    for symbol in OPERATORS:
        row = TABLE[symbol]
        rows = operators == OPERATOR_INDEX[symbol]
        if row.arity == 2:
            numbers[rows] = binary(symbol, x[rows], y[rows])
            divides |= rows & row.divides
        elif row.arity == 1:
            numbers[rows] = elementwise(row)(x[rows])
        # An operator that returns one of its operands returns the left one unless the other is another number.
        bools[rows] = np.where(numbers == x, x_bool, y_bool)[rows] if row.chooses else row.truth
    status = np.where(np.abs(numbers) > maximum, OVERFLOWS, OK)
    status[divides & (y == 0)] = DIVIDES_BY_ZERO
    return Results(numbers, bools, status, operators != OPERATOR_INDEX[DELETE])


def valid_pairs(symbol: str, maximum: int) -> tuple[Bools, Bools]:
    """Return for all operand pairs in [-maximum, maximum]^2 whether the result is in range, and whether it fails."""
    x, y = np.meshgrid(np.arange(-maximum, maximum + 1), np.arange(-maximum, maximum + 1), indexing="ij")
    valid = (np.abs(binary(symbol, x, y)) <= maximum) & ~(TABLE[symbol].divides & (y == 0))
    return valid, ~valid


def held_out(operators: Ints, x: Ints, y: Ints) -> Bools:
    """Return whether an operand pair of a binary operator is never trained on: 1 % of them, by a fixed hash."""
    mixed = (x + 5003) * np.int64(2654435761) ^ (y + 7919) * np.int64(40503) ^ (operators + 13) * np.int64(97531)
    mixed = (mixed ^ (mixed >> 15)) * np.int64(2246822519) & np.int64(0xFFFFFFFF)
    mixed = mixed ^ (mixed >> 13)
    return (mixed % 100 == 0) & (operators < len(BINARY_OPERATORS))
