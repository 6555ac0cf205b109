"""Whether two states are the same: equal values of equal kinds (1 is not True), and the same lists shared.

{"a": x, "b": x} with one list x differs from two equal lists: what changes one would not change the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from latent_repl.language.extent import parts_of

_UNDER_WAY = -1
"""The number of a tuple while what it consists of is numbered: a list in it can hold it."""


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two states have the same variables, whatever their order."""
    return _described(one) == _described(other)


def same_value(one: Any, other: Any) -> bool:
    """Return whether two values are the same by themselves."""
    return _described({"": one}) == _described({"": other})


def first_difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return the first cell in which two states differ: a variable, or a place in its value; nothing where none does.

    >>> first_difference({"a": 1, "x": [3, "cat"]}, {"a": 1, "x": [3, "cut"]})
    'x[1][1]'
    """
    for name in {**one, **other}:
        if name not in one or name not in other:
            return name
        if not same_value(one[name], other[name]):
            return name + _place(one[name], other[name], frozenset())
    return ""


def _place(one: Any, other: Any, around: frozenset[tuple[int, int]]) -> str:
    """Return where two values that differ do so first, nothing where it is in what they are themselves."""
    if type(one) is not type(other) or not isinstance(one, list | tuple | str | dict) or (id(one), id(other)) in around:
        return ""
    parts, others = (value if isinstance(value, dict) else dict(enumerate(value)) for value in (one, other))
    for key in {**parts, **others}:
        if key not in parts or key not in others:
            return f"[{key!r}]"
        if not same_value(parts[key], others[key]):
            inner = "" if isinstance(one, str) else _place(parts[key], others[key], around | {(id(one), id(other))})
            return f"[{key!r}]{inner}"
    return ""


def _described(state: Mapping[str, Any]) -> object:
    description = _Description()
    values = {name: description.of(state[name]) for name in sorted(state)}
    return values, description.contents, description.tuples


class _Description:
    """Numbers the rows of a state in the order in which they are met, so that the text of none is written twice."""

    def __init__(self) -> None:
        self.contents: dict[int, object] = {}
        self._numbers: dict[int, int] = {}
        self.tuples: dict[object, int] = {}
        # What has been numbered stays, or another object could have its id.
        self._kept: list[Any] = []

    def of(self, value: Any) -> object:
        kind = type(value).__name__
        if not isinstance(value, list | dict | tuple):
            return kind, value if isinstance(value, str | int | None) else repr(value)
        if id(value) not in self._numbers:
            self._kept.append(value)
            self._number(kind, value)
        return kind, self._numbers[id(value)]

    def _number(self, kind: str, value: Any) -> None:
        if isinstance(value, tuple):
            self._numbers[id(value)] = _UNDER_WAY
            parts = tuple(map(self.of, value))
            # Nothing can change a tuple, so that two equal ones are as good as one.
            self._numbers[id(value)] = self.tuples.setdefault(parts, len(self.tuples))
        else:
            number = self._numbers[id(value)] = len(self.contents)
            self.contents[number] = None
            self.contents[number] = kind, tuple(map(self.of, parts_of(value)))
