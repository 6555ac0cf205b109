"""What instrumented programs call in place of Python's operators: the same, within bounds.

Values are of exactly Python's own types, so that nothing of the user's runs inside an operation; whatever can grow is
measured before it does.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from latent_repl.language.floats import BROKEN_EXPONENT, COMPLEX_ROOT
from latent_repl.language.operators import (
    ADD,
    BINARY_NODES,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    DIVIDE,
    FLOOR_DIVIDE,
    INVERT,
    LEFT_SHIFT,
    MODULO,
    MULTIPLY,
    NEGATE,
    POWER,
    RIGHT_SHIFT,
    SUBTRACT,
    TABLE,
)
from latent_repl.language.oracle.bounds import Bounds
from latent_repl.language.program import NEGATIVE_EXPONENT

Operation = Callable[..., Any]

FORMATTING = "formatting with % is not in Lx"
"""What is said of `%` behind a str, which would format it."""

# Python's messages name the operator as it is written.
_IN_PLACE = {
    **{ADD: operator.iadd, SUBTRACT: operator.isub, MULTIPLY: operator.imul},
    **{DIVIDE: operator.itruediv, FLOOR_DIVIDE: operator.ifloordiv, MODULO: operator.imod, POWER: operator.ipow},
    **{BIT_AND: operator.iand, BIT_OR: operator.ior, BIT_XOR: operator.ixor},
    **{LEFT_SHIFT: operator.ilshift, RIGHT_SHIFT: operator.irshift},
}


class _SearchedRange:
    """A range to be searched: Python looks for what is no number through the whole of it."""

    def __init__(self, values: range, bounds: Bounds) -> None:
        self._values, self._bounds = values, bounds

    def __contains__(self, item: object) -> bool:
        return item in (self._values if isinstance(item, int) else self._bounds.each(self._values))


class Operations:
    """The operators within some bounds; `table` has them by their symbols."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        exact = {symbol: TABLE[symbol].exact for symbol in BINARY_NODES.values() if symbol != POWER}
        exact |= {BIT_AND: operator.and_, BIT_OR: operator.or_, BIT_XOR: operator.xor, RIGHT_SHIFT: operator.rshift}
        exact |= {DIVIDE: operator.truediv, NEGATE: operator.neg, INVERT: operator.invert}
        self.table: Mapping[str, Operation] = {
            **{symbol: self._checked(operation) for symbol, operation in exact.items()},
            **{MULTIPLY: self.multiply, MODULO: self.modulo, POWER: self.power, LEFT_SHIFT: self.shift_left},
        }

    def multiply(self, left: Any, right: Any) -> Any:
        """Return the product; text and lists are measured before they are repeated."""
        self._measure_product(left, right)
        return self._bounds.admit(left * right)

    def modulo(self, left: Any, right: Any, exact: Operation = operator.mod) -> Any:
        """Return the remainder; `%` formats nothing in Lx. exact: Python's own, of `%` or of `%=`."""
        if isinstance(left, str):
            raise TypeError(FORMATTING)
        return self._bounds.admit(exact(left, right))

    def power(self, base: Any, exponent: Any, exact: Operation = operator.pow) -> Any:
        """Return the power; it is not worked out where it lies far outside the range."""
        if isinstance(exponent, float) and _is_number(base) and not _has_powers(exponent):
            raise ValueError(BROKEN_EXPONENT)
        if _is_number(base) and base < 0 and exponent == 0.5:
            raise ValueError(COMPLEX_ROOT)
        if isinstance(exponent, int) and exponent < 0 and not self._bounds.floats:
            raise ValueError(NEGATIVE_EXPONENT)
        if isinstance(base, int) and isinstance(exponent, int) and exponent >= 0:
            # 2 to this many is outside already; the number itself might fill the memory.
            outside = self._bounds.largest.bit_length() + 1
            exponent = min(exponent, outside) if abs(base) > 1 else exponent
        return self._bounds.admit(exact(base, exponent))

    def shift_left(self, value: Any, count: Any, exact: Operation = operator.lshift) -> Any:
        """Return a number times a power of 2; it is not worked out where it lies far outside the range."""
        if isinstance(value, int) and isinstance(count, int):
            count = min(count, self._bounds.largest.bit_length() + 1)
        return self._bounds.admit(exact(value, count))

    def in_place(self, symbol: str, left: Any, right: Any) -> Any:
        """Return what an augmented assignment assigns; a list changes where it is."""
        bounds = self._bounds
        if isinstance(left, list) and symbol == ADD:
            values = bounds.collected(right)
            bounds.refuse_longer(len(left) + len(values))
            left += values
            return left
        exact = _IN_PLACE[symbol]
        if symbol in _MEASURED:
            return _MEASURED[symbol](self, left, right, exact)
        if symbol == BIT_OR and isinstance(left, dict) and isinstance(right, Iterable) and not isinstance(right, dict):
            right = bounds.collected(right)
        if symbol == MULTIPLY:
            self._measure_product(left, right)
        return bounds.admit(exact(left, right))

    def searched(self, values: Any) -> Any:
        """Return what stands behind `in`."""
        return _SearchedRange(values, self._bounds) if isinstance(values, range) else self._bounds.bounded(values)

    def sliced(self, row: Any, key: slice) -> Any:
        """Return a slice of a row."""
        return self._sliceable(row)[key]

    def cut(self, row: Any, key: slice) -> None:
        """Delete a slice of a row."""
        del self._sliceable(row)[key]

    def put(self, row: Any, key: Any, value: Any) -> None:
        """Assign to a subscript; key: a slice for several."""
        bounds = self._bounds
        row = self._sliceable(row) if isinstance(key, slice) else row
        if isinstance(row, list) and isinstance(key, slice) and isinstance(value, Iterable):
            value = bounds.collected(value)
            bounds.refuse_longer(len(row) - len(range(*key.indices(len(row)))) + len(value))
        if isinstance(row, dict) and bounds.bounded(key) not in row:
            bounds.refuse_longer(2 * len(row) + 2)
        row[key] = value

    def _sliceable(self, row: Any) -> Any:
        """Return a row that is no dict, to which Python says so before 3.12, where a slice can be a key."""
        if isinstance(row, dict):
            raise TypeError("unhashable type: 'slice'")
        return row

    def _measure_product(self, left: Any, right: Any) -> None:
        for row, times in ((left, right), (right, left)):
            if isinstance(row, str | list | tuple) and isinstance(times, int):
                self._bounds.refuse_longer(len(row) * max(times, 0))

    def _checked(self, operation: Operation) -> Operation:
        return lambda *values: self._bounds.admit(operation(*values))


def _has_powers(exponent: float) -> bool:
    return exponent.is_integer() or exponent == 0.5 or math.isinf(exponent)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


_MEASURED: Mapping[str, Callable[..., Any]] = {
    **{MODULO: Operations.modulo, POWER: Operations.power, LEFT_SHIFT: Operations.shift_left}
}
"""What looks at its operands first."""
