"""What a value of Lx is: one table of kinds, which all that reads, writes, numbers or draws values goes by.

    INT      0  1  -1  2  -2 ...      any whole number of the declared range
    BOOL     False  True              counts as 0 and 1
    EMPTY    none                     what a slot holds that no line has written; no literal, no value of a program

To add a kind, add a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

Value = int | bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """One kind of value.

    type: Python's type of its values; a value belongs to the kind whose type is exactly its own.
    words: its values by the literals that write them, which are its tokens, too; empty for the whole numbers, of which
        the vocabulary's limit says how many there are.
    described: what a message tells the user to write.
    counts: whether its values count as numbers, in arithmetic and as number features.
    literal: whether programs can write its values.
    weight: how often the grammar draws one where it draws an atom of an expression.
    """

    name: str
    type: type
    words: Mapping[str, Any] = field(default_factory=dict)
    described: str = ""
    counts: bool = False
    literal: bool = True
    weight: float = 0.0

    def tokens(self, limit: int) -> tuple[str, ...]:
        """Return the tokens of its values, whole numbers by magnitude: a smaller range is a prefix of a larger one."""
        if self.words:
            return tuple(self.words)
        return ("0", *(str(number) for size in range(1, limit + 1) for number in (size, -size)))

    def value(self, token: str) -> Any:
        """Return the value of one of its tokens."""
        return self.words[token] if self.words else int(token)

    def token(self, value: Any) -> str:
        """Return the literal, and the token, of one of its values."""
        return next((word for word, each in self.words.items() if each is value), str(value))


INT = Kind(name="int", type=int, described="a whole number", counts=True)
BOOL = Kind(
    name="bool",
    type=bool,
    words=MappingProxyType({"False": False, "True": True}),
    described="True or False",
    counts=True,
    weight=0.2,
)
EMPTY = Kind(name="empty", type=type(None), words=MappingProxyType({"none": None}), literal=False)

KINDS: tuple[Kind, ...] = (INT, BOOL, EMPTY)

VALUES = tuple(kind for kind in KINDS if kind.literal)
NUMBERS = tuple(kind for kind in KINDS if kind.counts)
LITERAL_REMEDY = f"write {', '.join(kind.described for kind in VALUES)}"

_BY_TYPE: Mapping[type, Kind] = MappingProxyType({kind.type: kind for kind in KINDS})


def kind_of(value: object) -> Kind | None:
    """Return the kind of a Python object, None where it is no value; that of None is EMPTY."""
    return _BY_TYPE.get(type(value))


def written(value: object) -> str:
    """Return how a value is written, `none` for an empty slot; what is no value, by its own text."""
    kind = kind_of(value)
    return str(value) if kind is None else kind.token(value)


def is_value(value: object) -> bool:
    """Return whether a program can hold this object."""
    kind = kind_of(value)
    return kind is not None and kind.literal


def fits(value: Any, minimum: int, maximum: int) -> bool:
    """Return whether a value lies in the declared range; what is no number always does."""
    kind = kind_of(value)
    return kind is None or not kind.counts or minimum <= value <= maximum
