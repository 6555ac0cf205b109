"""Every case of the movement of rows, as arrays: what a line on rows sees, and the move that it should make.

    cases = every_case("take", vocabulary, cells=64, generator)
    cases.seen      (N, 9)   token ids: own, left, right; then kind and length of the row of each, `none` without one
    cases.asked     (N, 13)  the class of each field of the move, `UNASKED` where it has no say

What a decision goes by is there in full: every kind and length with every number, every two kinds and lengths, and
characters. What it does not go by (what the target held before) is drawn; which row it is, is never seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from latent_repl.language import operators as op
from latent_repl.language.movement import decide
from latent_repl.language.moves import NO_OPERAND, Cell
from latent_repl.language.operators import TABLE
from latent_repl.language.values import BOOL, CHAR, INT, KIND, NONE_TYPE, NOTHING, ROW_KINDS, Reference
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.fields import Fields

Seen = tuple[Cell, Cell, Cell]
OPERATORS = tuple(TABLE)
"""All operators, in the order of the table, which is that of a vocabulary's."""
# What the operators' decisions go by beside the kinds of their operands, in full.
_OF_INDEX = (op.ITEM, op.CELL, op.TAKE, op.DROP)
_OF_OWN_INDEX = (op.PUT, op.STORE)
_OF_CHARACTERS = (op.EQUAL, op.NOT_EQUAL, op.LESS, op.LESS_EQUAL, op.GREATER, op.GREATER_EQUAL, op.MIN, op.MAX)
# Where what is seen ends in a packed case, which begins with its operator.
SEEN = 10
# As which rows are seen, as `model/heap.py` has it: all, and a right one that is not the left one.
FIRST, OTHER = Reference(0), Reference(1)
# Numbers and lengths for what goes by kinds alone. Chosen.
FEW_NUMBERS = (-999, -500, -64, -7, -2, -1, 0, 1, 2, 3, 31, 64, 97, 500, 999)
# Pairs of numbers, of which a line has to know only that they are arithmetic. Chosen.
PAIRS = 3000


@dataclass(frozen=True, slots=True)
class Cases:
    """N lines of one operator or several: its place in OPERATORS (N,), and what the module's picture says."""

    operators: NDArray[np.int64]
    seen: NDArray[np.int16]
    asked: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.operators)

    def __getitem__(self, rows: NDArray[np.int64]) -> Cases:
        return Cases(self.operators[rows], self.seen[rows], self.asked[rows])

    def packed(self) -> NDArray[np.int16]:
        """Return operators, seen and asked side by side (N, 23), as a file keeps them."""
        return np.concatenate([self.operators[:, None].astype(np.int16), self.seen, self.asked], axis=1)


def unpacked(rows: NDArray[np.int16]) -> Cases:
    """Return the cases of what was packed."""
    return Cases(rows[:, 0].astype(np.int64), rows[:, 1:SEEN], rows[:, SEEN:])


def join(parts: Iterable[Cases]) -> Cases:
    """Return several as one."""
    lists = [(part.operators, part.seen, part.asked) for part in parts]
    return Cases(*(np.concatenate(arrays) for arrays in zip(*lists, strict=True)))


def every_case(
    operator: str,
    vocabulary: Vocabulary,
    cells: int,
    generator: np.random.Generator,
    *,
    numbers: Sequence[int] | None = None,
) -> Cases:
    """Return all cases of an operator; numbers: those that all lengths meet, all of the range if none are given.

    Raises KeyError for a vocabulary without rows.
    """
    fields, drawn = Fields(vocabulary, cells), _Drawn(vocabulary, cells, generator)
    told, asked = [], []

    @cache
    def ids(cell: Cell) -> tuple[int, int, int]:
        return _told(vocabulary, cell)

    for own, left, right in drawn.cases(
        operator, range(-vocabulary.limit, vocabulary.limit + 1) if numbers is None else numbers
    ):
        move = decide(operator, own, left, right, cells)
        told.append([*ids(own), *ids(left), *ids(right)])
        asked.append([*fields.classes(move).values()])
    told_in_order = np.array(told, np.int16).reshape(-1, 3, 3)
    seen = np.concatenate([told_in_order[..., 0], told_in_order[..., 1:].reshape(-1, 6)], axis=1)
    return Cases(np.full(len(told), OPERATORS.index(operator)), seen, np.array(asked, np.int16))


def goes_by(operator: str) -> tuple[bool, bool, bool]:
    """Return whether what an operator does depends on what the target holds, the left operand, and the right one."""
    row = TABLE[operator]
    return row.in_place, row.arity > 0 and operator != op.APPEND, row.arity > 1 and operator not in _OF_OWN_INDEX


def any_cells(vocabulary: Vocabulary, cells: int, generator: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Return drawn cells (count, 3), rows twice as often as numbers, characters or all others: the ids of value, and of
    kind and length of the row."""
    kinds = np.array([vocabulary.ids[kind] for kind in ROW_KINDS])
    lengths = np.array([vocabulary.value_id(length) for length in range(cells + 1)])
    references = np.array([vocabulary.value_id(Reference(index)) for index in range(vocabulary.rows)])
    numbers = np.array([vocabulary.value_id(number) for number in range(-vocabulary.limit, vocabulary.limit + 1)])
    others = [NOTHING, None, *BOOL.words.values(), *KIND.words.values()]
    groups = [numbers, *(np.array([*map(vocabulary.value_id, values)]) for values in (CHAR.words.values(), others))]
    group = generator.integers(0, 5, count)
    values = np.choose(np.minimum(group, 3), [generator.choice(each, count) for each in (*groups, references)])
    none, is_row = vocabulary.value_id(None), group >= 3
    headers = [np.where(is_row, generator.choice(each, count), none) for each in (kinds, lengths)]
    return np.stack([values, *headers], axis=1)


def _told(vocabulary: Vocabulary, cell: Cell) -> tuple[int, int, int]:
    """Return the ids of a cell's value, and of the kind and length of its row."""
    none = vocabulary.value_id(None)
    if cell.length is None:
        return vocabulary.value_id(cell.value), none, none
    return vocabulary.value_id(cell.value), vocabulary.ids[cell.kind], vocabulary.value_id(cell.length)


class _Drawn:
    """The cells that there are, and the cases made of them."""

    def __init__(self, vocabulary: Vocabulary, cells: int, generator: np.random.Generator) -> None:
        self.vocabulary, self.capacity, self.generator = vocabulary, cells, generator
        self.truths = [Cell(BOOL.name, value) for value in BOOL.words.values()]
        self.characters = [Cell(CHAR.name, value) for value in CHAR.words.values()]
        self.kinds = [Cell(KIND.name, value) for value in KIND.words.values()]
        few = [Cell(INT.name, number) for number in FEW_NUMBERS if abs(number) <= vocabulary.limit]
        lengths = sorted({0, 1, 2, 3, cells // 2, cells - 1, cells})
        self.cells = [*few, *self.truths, Cell(NONE_TYPE.name, NOTHING), *self.characters[::16], *self.kinds]
        self.every = [*self.cells, *self.rows(ROW_KINDS, lengths)]

    def cases(self, operator: str, met: Sequence[int]) -> Iterator[Seen]:
        """Yield own, left and right of every case; a right row both as the left one and as another."""
        for own, left, right in self.met(operator, met):
            if not right.is_row:
                yield own, left, right
                continue
            yield own, left, Cell(right.kind, OTHER, right.length)
            if left == right:
                yield own, left, right

    def met(self, operator: str, met: Sequence[int]) -> Iterator[Seen]:
        """Yield what is met of own, left and right, all rows as the first."""
        yield from self.by_kind(operator)
        numbers = [*(Cell(INT.name, number) for number in met), *self.truths]
        rows = self.rows(ROW_KINDS)
        row_cells = [*self.characters, *rows]
        if operator == op.APPEND:
            yield from ((own, self.any(), NO_OPERAND) for own in rows for _ in range(20))
        elif operator == op.BECOME:
            yield from ((own, left, NO_OPERAND) for own in rows for left in row_cells)
        elif operator in _OF_OWN_INDEX:
            pairs = [*product(rows, [*numbers, *self.cells, *rows]), *product(self.cells, rows)]
            yield from ((own, index, self.any()) for own, index in pairs)
        elif TABLE[operator].arity == 1:
            yield from ((self.any(), cell, NO_OPERAND) for cell in (*numbers, *self.every, *row_cells))
        elif TABLE[operator].arity == 2:
            yield from ((self.any(), *pair) for pair in self.pairs(operator, numbers, rows))
            ints = self.generator.choice(np.array(met), (PAIRS, 2)).tolist()
            yield from ((self.any(), Cell(INT.name, left), Cell(INT.name, right)) for left, right in ints)

    def pairs(self, operator: str, numbers: Sequence[Cell], rows: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
        """Yield the operands of an operator of two, every two rows among them."""
        yield from product(rows, [*self.cells, *rows])
        yield from product(self.cells, rows)
        row_cells = [*self.characters, *rows]
        if operator in _OF_INDEX:
            yield from product(row_cells, numbers)
        elif operator in _OF_CHARACTERS:
            # A number may lie beside the character whose code point it is.
            others = [*self.every, *(Cell(INT.name, ord(character)) for character in CHAR.words.values())]
            for pair in (
                (self.characters, row_cells),
                (rows, self.characters),
                (others, row_cells),
                (row_cells, others),
            ):
                yield from product(*pair)
        elif operator == op.ADD:
            texts = self.rows(("str",))
            yield from product(self.characters, [*self.characters, *texts])
            yield from product(texts, self.characters)
        elif operator == op.AS:
            yield from product((*numbers, *row_cells), self.kinds)

    def by_kind(self, operator: str) -> Iterator[Seen]:
        """Yield some values of every kind for each operand that the operator goes by."""
        owns = self.every if TABLE[operator].in_place else [None]
        rights = self.every if TABLE[operator].arity == 2 else [NO_OPERAND]
        some = self.every if owns == [None] else self.every[::3]
        for own in owns:
            for left, right in product(some, rights if owns == [None] else rights[::3] or rights):
                yield own or self.any(), left, right

    def rows(self, kinds: Iterable[str], lengths: Iterable[int] | None = None) -> list[Cell]:
        """Return rows of some kinds and lengths, all lengths if none are given."""
        each = range(self.capacity + 1) if lengths is None else lengths
        return [Cell(kind, FIRST, length) for kind, length in product(kinds, each)]

    def any(self) -> Cell:
        """Return any cell, an empty slot too."""
        if self.generator.random() < 0.2:
            return NO_OPERAND
        return self.every[int(self.generator.integers(len(self.every)))]
