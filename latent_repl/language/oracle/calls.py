"""What instrumented programs call in place of Python's builtins and methods: the same, within bounds."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial, reduce
from typing import Any

from latent_repl.language.floats import ROUND_TO_TENS
from latent_repl.language.operators import FUNCTIONS, MAX, MIN, TABLE
from latent_repl.language.oracle.bounds import Bounds
from latent_repl.language.oracle.formats import formatted
from latent_repl.language.oracle.operations import Operations
from latent_repl.language.signatures import METHODS

_METHODS: Mapping[tuple[type, str], Callable[..., Any]] = {
    (kind, name): getattr(kind, name) for kind in (str, list, tuple, dict) for name in METHODS if hasattr(kind, name)
} | {(str, "maketrans"): lambda _, *given: str.maketrans(*given)}
"""Nothing else of a value's type is ever looked up."""
_PADDING = ("center", "ljust", "rjust", "zfill")
_COLLECTING = ("extend", "join", "update")
_BY_TRUTH = ("sort", "splitlines")
"""What Python takes the truth of from 3.12 on; before, it refuses what is no number."""


def _folded(operation: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: reduce(operation, values)


def _own(value: Any, kind: str, method: str) -> Any:
    if type(value).__name__ != kind:
        given = type(value).__name__
        raise TypeError(f"descriptor '{method}' for '{kind}' objects doesn't apply to a '{given}' object")
    return value


def _to_sort(value: Any) -> Any:
    if not isinstance(value, list):
        raise AttributeError(f"'{type(value).__name__}' object has no attribute 'sort'")
    return value


def _parts_around(values: Any, before: int, after: int) -> list[Any]:
    if not isinstance(values, Iterable):
        raise TypeError(f"cannot unpack non-iterable {type(values).__name__} object")
    parts, least = [*values], before + after
    if len(parts) < least:
        raise ValueError(f"not enough values to unpack (expected at least {least}, got {len(parts)})")
    end = len(parts) - after
    return [*parts[:before], parts[before:end], *parts[end:]]


def _has_parts(value: Any, least: int, most: int | None = None) -> bool:
    return isinstance(value, list | tuple) and (len(value) == most or (most is None and least <= len(value)))


def _spread(values: Any, name: str | None = None) -> list[Any]:
    if not isinstance(values, Iterable):
        where = "Value" if name is None else f"{name}() argument"
        raise TypeError(f"{where} after * must be an iterable, not {type(values).__name__}")
    return [*values]


def _sum_of_range(*ends: Any) -> int:
    """Return the sum of a range, however long it is."""
    numbers = range(*ends)
    count = max(0, -((numbers.start - numbers.stop) // numbers.step))
    return count * (2 * numbers.start + (count - 1) * numbers.step) // 2


def _whole_root(number: Any) -> int:
    if isinstance(number, int) and number > 10**15:  # a float is not exact there
        raise OverflowError("the root of a number beyond 10 ** 15 is not in Lx")
    return int(number**0.5)


def _whole_number(value: Any, kind: str) -> int:
    if not isinstance(value, int | float):
        raise TypeError(f"%{kind} format: a real number is required, not {type(value).__name__}")
    return int(value)


def _real_number(value: Any) -> Any:
    if not isinstance(value, int | float):
        raise TypeError(f"must be real number, not {type(value).__name__}")
    return value


def _in_both(one: list[Any], other: list[Any]) -> list[Any]:
    smaller, larger = (one, other) if len(one) < len(other) else (other, one)
    return [value for value in smaller if value in larger]


def _lone_value(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    if len(value) == 1:
        return value[0]
    converted = "not all arguments converted during string formatting"
    raise TypeError(converted if value else "not enough arguments for format string")


class Calls:
    """The builtins within some bounds, in `table` by their names, and `method` for the others."""

    def __init__(self, bounds: Bounds, operations: Operations) -> None:
        self._bounds, self._operations = bounds, operations
        admitted: dict[str, Callable[..., Any]] = {"chr": chr, "int": int}
        admitted |= {"bin": bin, "oct": oct, "hex": hex, "float": float}
        admitted |= {name: _folded(TABLE[name].exact) if TABLE[name].folds else TABLE[name].exact for name in FUNCTIONS}
        written: dict[str, Callable[..., Any]] = {"repr": repr, "str": str}
        self.table: Mapping[str, Callable[..., Any]] = {
            **{name: self._admitted(call) for name, call in admitted.items()},
            **{name: self._written(call) for name, call in written.items()},
            # There is one zero.
            "divmod": lambda left, right: tuple(map(bounds.admit, divmod(left, right))),
            **{"bool": bool, "len": len, "ord": ord, "range": range, "list": bounds.collected},
            "all": lambda values: all(bounds.each(values)),
            "any": lambda values: any(bounds.each(values)),
            "dict": self._dict,
            "enumerate": self._enumerate,
            MAX: lambda *values: self._extreme(max, values),
            MIN: lambda *values: self._extreme(min, values),
            "pow": self._power,
            "round": self._round,
            "reversed": lambda values: bounds.each(reversed(values)),
            "sorted": lambda values, reverse=False: sorted(bounds.collected(values), reverse=bool(reverse)),
            "sum": self._sum,
            "tuple": lambda values: tuple(bounds.collected(values)),
            "zip": lambda *rows: zip(*map(bounds.each, rows), strict=False),
            **{"sorted by": self._sorted_by, "min by": partial(self._best, min), "max by": partial(self._best, max)},
            **{"list to sort": _to_sort, "sort by": self._sort_by},
            "min or": lambda values, default: min(bounds.collected(values), default=default),
            "max or": lambda values, default: max(bounds.collected(values), default=default),
            **{"kind name": lambda value: type(value).__name__, "own of": _own, "parts around": _parts_around},
            **{"has parts": _has_parts, "is dict": lambda value: isinstance(value, dict)},
            "dict of": lambda keys, value=None: bounds.admit(dict.fromkeys(bounds.collected(keys), value)),
            "str map": lambda *texts: bounds.admit(str.maketrans(*texts)),
            "spread of": lambda *given: bounds.collected(_spread(*given)),
            "merged with": lambda result, other: bounds.admit({**result, **other}),
            "format of": lambda text, values, named: self.method("format", text)(*values, **named),
            "sum of range": lambda *ends: bounds.admit(_sum_of_range(*ends)),
            **{"whole root": _whole_root, "whole number": _whole_number, "real number": _real_number},
            "lone value": _lone_value,
            "distinct of": lambda values: [*dict.fromkeys(bounds.collected(values))],
            "is member": lambda item, values: hash(bounds.bounded(item)) is not None and item in values,
            "same members": lambda a, b: {*a} == {*b},
            "all members": lambda a, b: {*a} <= {*b},
            "has members": lambda a, b: {*a} >= {*b},
            "in both": _in_both,
            "in either": lambda a, b: bounds.admit([*dict.fromkeys([*a, *b])]),
            "in first": lambda a, b: [value for value in a if value not in b],
            "zip of": lambda rows: zip(*map(bounds.each, rows), strict=False),
        }

    def method(self, name: str, row: Any) -> Callable[..., Any]:
        """Return a method of a value. Raises AttributeError for a kind of value that has none of that name."""
        if (type(row), name) not in _METHODS:
            raise AttributeError(f"'{type(row).__name__}' object has no attribute '{name}'")
        return partial(self._call, name, row)

    def _call(self, name: str, row: Any, /, *arguments: Any, **named: Any) -> Any:
        call = _METHODS[type(row), name]
        for value in (row, *arguments, *named.values()):
            self._bounds.bounded(value)
        if name in _COLLECTING and isinstance(arguments[0], Iterable) and not isinstance(arguments[0], dict):
            arguments = (self._bounds.collected(arguments[0]), *arguments[1:])
        if name in _BY_TRUTH:
            arguments, named = tuple(map(bool, arguments)), {key: bool(value) for key, value in named.items()}
        self._measure(name, row, arguments, named)
        call = (lambda text, *values, **more: formatted(text, values, more)) if name == "format" else call
        result = self._bounds.admit(call(row, *arguments, **named))
        self._bounds.admit(row)
        return result

    def _measure(self, name: str, row: Any, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        """Raise MemoryError before a method makes what no row has room for."""
        numbers = [value for value in (*arguments, *named.values()) if isinstance(value, int)]
        if numbers and (name in _PADDING or (name == "expandtabs" and "\t" in row)) and numbers[0] > len(row):
            self._bounds.refuse_longer(numbers[0])
        if name in ("append", "insert"):
            self._bounds.refuse_longer(len(row) + 1)
        elif name == "extend" and isinstance(arguments[0], list | dict):
            self._bounds.refuse_longer(len(row) + len(arguments[0]))

    def _admitted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *values, **named: self._bounds.admit(call(*values, **named))

    def _written(self, call: Callable[..., Any]) -> Callable[..., Any]:
        return lambda value: self._bounds.admit(call(self._bounds.bounded(value)))

    def _dict(self, values: Any) -> Any:
        return self._bounds.admit(dict(values if isinstance(values, dict) else self._bounds.collected(values)))

    def _enumerate(self, values: Any, start: Any = 0) -> Any:
        # As in Python, the start is looked at first.
        start = operator.index(start)
        return enumerate(self._bounds.each(values), start)

    def _extreme(self, choose: Callable[..., Any], values: tuple[Any, ...]) -> Any:
        compared: Iterator[Any] = self._bounds.each(values[0]) if len(values) == 1 else iter(values)
        return choose(map(self._bounds.bounded, compared))

    def _sorted_by(self, pairs: Any, reverse: Any = False) -> Any:
        ordered = sorted(pairs, key=lambda pair: self._bounds.bounded(pair[0]), reverse=bool(reverse))
        return [value for _, value in ordered]

    def _sort_by(self, row: list[Any], pairs: Any, reverse: Any = False) -> None:
        row[:] = self._sorted_by(pairs, reverse)

    def _best(self, choose: Callable[..., Any], pairs: Any) -> Any:
        return choose(pairs, key=lambda pair: self._bounds.bounded(pair[0]))[1]

    def _power(self, base: Any, exponent: Any, *modulus: Any) -> Any:
        return self._bounds.admit(pow(base, exponent, *modulus)) if modulus else self._operations.power(base, exponent)

    def _round(self, number: Any, digits: Any = None) -> Any:
        # The step that it is rounded to has to be a number of Lx.
        if isinstance(number, int) and isinstance(digits, int) and digits < 0:
            self._operations.power(10, -digits)
        if isinstance(number, float) and isinstance(digits, int) and digits < 0:
            raise ValueError(ROUND_TO_TENS)
        return self._bounds.admit(round(number, digits))

    def _sum(self, values: Any, start: Any = 0) -> Any:
        """Return the sum, every one on the way in the range."""
        added = self._bounds.each(values)
        if isinstance(start, str):
            raise TypeError("sum() can't sum strings [use ''.join(seq) instead]")
        total = start
        for value in added:
            total = self._bounds.admit(total + value)
        return total
