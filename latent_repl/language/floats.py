"""Floats as rows: their sign, a power of two, and the decimal digits of an odd number.

    0.375 = 3 * 2 ** -3       cells_of_float(0.375)              (2, -3, 3)
    0.1   = m * 2 ** -55      cells_of_float(0.1)                (2, -55, 7, 9, ..., 3), m's last digit first
                              float_of_cells((2, -3, 3))         0.375

The row's kind is int, as a wide integer's, whose first cell is 1 or -1: what a float adds to the words that a
checkpoint knows is the 2 or -2. 0.0 has no cells, infinity the cells 2 and 999. A power lies in -998..998.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

LARGEST_POWER, INFINITE = 998, 999
# What Python has, and Lx has not; whoever runs a program says so.
NO_FLOAT = "the result is nan, which is no number and not in Lx"
TOO_SMALL = "a float that is not 0.0 and so near to it is not in Lx"
BROKEN_EXPONENT = "a power by what is no whole number, nor 0.5, is not in Lx"
COMPLEX_ROOT = "the root of a number below 0 is complex, and not in Lx"
ROUND_TO_TENS = "round() of a float to tens or hundreds is not in Lx: divide before and multiply after"
NO_FORMAT = "this format of a float is not in Lx: write a number of places, as in .2f"
LIMITS = (NO_FLOAT, TOO_SMALL, BROKEN_EXPONENT, COMPLEX_ROOT, ROUND_TO_TENS, NO_FORMAT)
# What Python says as well.
TOO_LARGE_POWER = "(34, 'Numerical result out of range')"
INFINITE_INTEGER = "cannot convert float infinity to integer"
OVERFLOWS = (TOO_LARGE_POWER, INFINITE_INTEGER)


def cells_of_float(value: float) -> tuple[int, ...]:
    """Return the cells of a float.

    Raises ValueError for nan, OverflowError for one whose power of two no cell holds.
    """
    if math.isnan(value):
        raise ValueError(NO_FLOAT)
    if value == 0:
        return ()
    sign = 2 if value > 0 else -2
    if math.isinf(value):
        return sign, INFINITE
    odd, divisor = abs(value).as_integer_ratio()
    twos = (odd & -odd).bit_length() - 1
    power = min(twos, LARGEST_POWER) - (divisor.bit_length() - 1)
    if power < -LARGEST_POWER:
        raise OverflowError(TOO_SMALL)
    return sign, power, *map(int, reversed(str(odd >> min(twos, LARGEST_POWER))))


def float_of_cells(cells: Sequence[Any]) -> float | None:
    """Return the float of a row's cells, None where they are not one's."""
    if not cells:
        return 0.0
    sign, *rest = cells
    if sign not in (2, -2) or not rest or not all(type(cell) is int for cell in cells):
        return None
    power, *digits = rest
    if power == INFINITE and not digits:
        return math.copysign(math.inf, sign)
    if abs(power) > LARGEST_POWER or not digits or any(cell not in range(10) for cell in digits):
        return None
    number = int("".join(map(str, reversed(digits))))
    if number >> 53 or number.bit_length() + power > 1024:
        # No float has so many bits, nor is so large: a decoder that errs can make one.
        return None
    return math.copysign(math.ldexp(number, power), sign)


def is_float_row(kind: str, cells: Sequence[Any]) -> bool:
    """Return whether a row of some kind is a float's, whatever its digits."""
    return kind == "int" and (not cells or (len(cells) > 1 and cells[0] in (2, -2)))
