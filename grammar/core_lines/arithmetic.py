"""Exact results of every operator for arrays of values: the vectorised twin of the oracle's single step.

A value is a pair of arrays: its integer, and whether it is a bool (True is the integer 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latent_repl.language.program import BINARY_OPERATORS, DELETE, OPERATORS, STATUSES

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

OPERATOR_INDEX = {operator: index for index, operator in enumerate(OPERATORS)}
OK, ZERO_DIVISION, OVERFLOW = range(len(STATUSES))
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Results:
    """numbers, bools: the values; status: index into STATUSES; present: False where the target is deleted."""

    numbers: Ints
    bools: Bools
    status: Ints
    present: Bools


def binary(operator: str, x: Ints, y: Ints) -> Ints:
    """Return `x operator y` elementwise; a division by zero yields 0."""
    divisor = np.where(y == 0, 1, y)
    functions = {
        "+": lambda: x + y,
        "-": lambda: x - y,
        "*": lambda: x * y,
        "//": lambda: np.where(y == 0, 0, x // divisor),
        "%": lambda: np.where(y == 0, 0, x % divisor),
        "==": lambda: x == y,
        "!=": lambda: x != y,
        "<": lambda: x < y,
        "<=": lambda: x <= y,
        ">": lambda: x > y,
        ">=": lambda: x >= y,
        "min": lambda: np.minimum(x, y),
        "max": lambda: np.maximum(x, y),
    }
    return np.asarray(functions[operator]()).astype(np.int64)


def apply(operators: Ints, x: Ints, x_bool: Bools, y: Ints, y_bool: Bools, *, maximum: int) -> Results:
    """Return the results of `operators` (indices into OPERATORS) on operands x and y; unary ones ignore y."""
    numbers, bools = x.copy(), x_bool.copy()
    for operator in BINARY_OPERATORS:
        rows = operators == OPERATOR_INDEX[operator]
        numbers[rows] = binary(operator, x[rows], y[rows])
        bools[rows] = operator in COMPARISONS
    rows = operators == OPERATOR_INDEX["min"]
    bools[rows] = np.where(y[rows] < x[rows], y_bool[rows], x_bool[rows])
    rows = operators == OPERATOR_INDEX["max"]
    bools[rows] = np.where(y[rows] > x[rows], y_bool[rows], x_bool[rows])
    for operator, unary in (("neg", np.negative(x)), ("abs", np.abs(x)), ("not", x == 0)):
        rows = operators == OPERATOR_INDEX[operator]
        numbers[rows] = unary[rows]
        bools[rows] = operator == "not"
    status = np.where(np.abs(numbers) > maximum, OVERFLOW, OK)
    divides = (operators == OPERATOR_INDEX["//"]) | (operators == OPERATOR_INDEX["%"])
    status[divides & (y == 0)] = ZERO_DIVISION
    return Results(numbers, bools, status, operators != OPERATOR_INDEX[DELETE])


def valid_pairs(operator: str, maximum: int) -> tuple[Bools, Bools]:
    """Return for all operand pairs in [-maximum, maximum]^2 whether the result is in range, and whether it fails."""
    x, y = np.meshgrid(np.arange(-maximum, maximum + 1), np.arange(-maximum, maximum + 1), indexing="ij")
    divides = np.full(x.shape, operator in ("//", "%")) & (y == 0)
    valid = (np.abs(binary(operator, x, y)) <= maximum) & ~divides
    return valid, ~valid


def held_out(operators: Ints, x: Ints, y: Ints) -> Bools:
    """Return whether an operand pair of a binary operator is never trained on: 1 % of them, by a fixed hash."""
    mixed = (x + 5003) * np.int64(2654435761) ^ (y + 7919) * np.int64(40503) ^ (operators + 13) * np.int64(97531)
    mixed = (mixed ^ (mixed >> 15)) * np.int64(2246822519) & np.int64(0xFFFFFFFF)
    mixed = mixed ^ (mixed >> 13)
    return (mixed % 100 == 0) & (operators < len(BINARY_OPERATORS))
