"""What a value of Lx is: one table of kinds, which all that reads, writes, numbers or draws values goes by.

    INT      0  1  -1  2  -2 ...      any whole number of the declared range
    BOOL     False  True              counts as 0 and 1
    EMPTY    none                     what a slot holds that no line has written; no literal, no value of a program
    NOTHING  None                     Lx's None; Python's own goes on meaning an empty slot
    CHAR     'a'  'b' ...             one character: printable ASCII, newline, tab
    KIND     str  list  tuple ...     what kind of value a value is
    REFERENCE  r0  r1  ...            which row of the heap a value with parts lies in

To add a kind, add a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


class Nothing:
    """The type of NOTHING, its one value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "None"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "NOTHING"


NOTHING = Nothing()
"""Lx's None."""


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """Which row of the heap a value lies in."""

    index: int

    def __str__(self) -> str:
        return f"r{self.index}"


# What one cell, or one slot, holds. A str is one character; a type is the kind of a value, `type(None)` None's.
Value = int | bool | str | Nothing | Reference | type


@dataclass(frozen=True, slots=True)
class Row:
    """A value with parts: its kind, one of ROW_KINDS, and its cells; those of an int are a wide integer's limbs.

    A str has one character a cell; a dict key, value, key, value, in the order of insertion.
    """

    kind: str
    cells: tuple[Value, ...] = ()


Cells = tuple[Value | None, ...]
"""What cells hold, or the slots of a frame; None is an empty one."""
Rows = tuple[Row, ...]
"""The rows of a heap, the first of which r0 refers to."""


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
    _spelled: Mapping[Any, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Turn the words round."""
        object.__setattr__(self, "_spelled", {value: word for word, value in self.words.items()})

    def tokens(self, limit: int, rows: int = 0) -> tuple[str, ...]:
        """Return the tokens of its values for a range and a heap of `rows` rows.

        Whole numbers come by magnitude: a smaller range is a prefix of a larger one.
        """
        if self.words:
            return tuple(self.words)
        if self.type is Reference:
            return tuple(str(Reference(index)) for index in range(rows))
        return ("0", *(str(number) for size in range(1, limit + 1) for number in (size, -size)))

    def value(self, token: str) -> Any:
        """Return the value of one of its tokens."""
        if self.words:
            return self.words[token]
        return Reference(int(token[1:])) if self.type is Reference else int(token)

    def token(self, value: Any) -> str:
        """Return the literal, and the token, of one of its values."""
        return self._spelled.get(value) or (repr(value) if isinstance(value, str) else str(value))


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


def _words_of(values: Iterable[Value]) -> Mapping[str, Value]:
    return MappingProxyType({repr(value): value for value in values})


CHARACTERS = ("\n", "\t", *map(chr, range(ord(" "), ord("~") + 1)))
"""The characters that a str can have."""
ROW_KINDS = ("str", "list", "tuple", "dict", "int")
"""The kinds of rows, by their tokens."""
_TYPES: tuple[type, ...] = (str, list, tuple, dict, int, bool, type(None))

NONE_TYPE = Kind(name="NoneType", type=Nothing, words=_words_of([NOTHING]), literal=False)
CHAR = Kind(name="str", type=str, words=_words_of(CHARACTERS), literal=False)
KIND = Kind(
    name="type",
    type=type,
    words=MappingProxyType({each.__name__: each for each in _TYPES}),
    literal=False,
)
REFERENCE = Kind(name="reference", type=Reference, literal=False)
ROW_VALUES = (NONE_TYPE, CHAR, KIND, REFERENCE)
"""The kinds that only checkpoints with rows have words for."""

KINDS: tuple[Kind, ...] = (*(INT, BOOL, EMPTY), *ROW_VALUES)

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


def number_of(value: Value) -> int:
    """Return the number that a value counts as in arithmetic. Raises TypeError where it counts as none."""
    if not isinstance(value, int):
        raise TypeError(f"{written(value)} is no number")
    return int(value)


def fits(value: Any, minimum: int, maximum: int) -> bool:
    """Return whether a value lies in the declared range; what is no number always does."""
    kind = kind_of(value)
    return kind is None or not kind.counts or minimum <= value <= maximum
