"""What a line on rows is decided by, and what is decided: the cells that it sees, the move that it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from latent_repl.language.operators import STATUS_OK
from latent_repl.language.values import BOOL, CHAR, EMPTY, INT, NOTHING, Value

Source = Literal["own", "left", "right", "next", "item", "constant"]
Writes = Literal["nothing", "own", "new"]
Tail = Literal["nothing", "left", "right"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a decision sees of an operand: its kind's name, its value, and the length of the row that it refers to.

    kind: that of the row, for a reference; `empty` for an operand that there is not. length: None where it is no row.
    """

    kind: str
    value: Value | None = None
    length: int | None = None

    @property
    def is_row(self) -> bool:
        """Whether it refers to a row."""
        return self.length is not None

    @property
    def is_number(self) -> bool:
        """Whether arithmetic takes it."""
        return not self.is_row and self.kind in (INT.name, BOOL.name)

    @property
    def is_char(self) -> bool:
        """Whether it is one character, which is a str as well."""
        return not self.is_row and self.kind == CHAR.name

    @property
    def is_wide(self) -> bool:
        """Whether it is a whole number that is a row of limbs."""
        return self.is_row and self.kind == INT.name

    @property
    def number(self) -> int:
        """The number that it counts as."""
        assert self.is_number, self
        return int(self.value)  # type: ignore[arg-type]

    @property
    def size(self) -> int:
        """How many cells it has as a row; a character has one."""
        return 1 if self.length is None else self.length


NO_OPERAND = Cell(EMPTY.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a core line moves where.

    status: how it ends; where that is not ok, nothing is moved.
    value: what the target holds then: what it held, an operand, the reference of the new row, the left row's cell at
        `place`, or `constant`.
    writes: which row is written. kind: the written row's.
    own_base, shift, backwards, split, tail, length: how the written row comes about, as the picture in `movement.py`
        says; its base is the left row, or the own one. place: of the cell that is read, or replaced.
    """

    status: str = STATUS_OK
    value: Source = "own"
    constant: Value = NOTHING
    writes: Writes = "nothing"
    kind: str = ""
    own_base: bool = False
    shift: int = 0
    backwards: bool = False
    split: int = 0
    tail: Tail = "nothing"
    length: int = 0
    place: int | None = None
