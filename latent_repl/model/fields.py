"""The fields of a move as classes: what the mover's heads choose between, and what a head is taught.

    fields = Fields(vocabulary, cells=64)
    fields.sizes["place"]            65     64 cells, and none
    fields.classes(move)             {"status": 0, "value": 3, ...}, UNASKED where a field has no say

The executor goes by the same order; nothing here computes on values.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from latent_repl.language.moves import Move
from latent_repl.language.operators import (
    INDEX_ERROR,
    MEMORY_ERROR,
    STATUS_OK,
    TRAP,
    TYPE_ERROR,
    VALUE_ERROR,
)
from latent_repl.language.values import BOOL, CHAR, KIND, ROW_KINDS, written
from latent_repl.language.vocabulary import Vocabulary

STATUSES = (STATUS_OK, TYPE_ERROR, INDEX_ERROR, VALUE_ERROR, MEMORY_ERROR, TRAP)
"""How a move can end; `full` follows from there being no free row."""
SOURCES = ("own", "left", "right", "next", "item", "constant")
WRITES = ("nothing", "own", "new")
TAILS = ("nothing", "left", "right")
UNASKED = -1
"""In place of a class, where a field has no say."""
LARGEST_CODE_POINT = max(ord(character) for character in CHAR.words.values())


class Fields:
    """Names and sizes of the fields, and the classes of moves, for rows of `cells` cells.

    Raises ValueError for a vocabulary whose numbers do not reach all code points and lengths.
    """

    def __init__(self, vocabulary: Vocabulary, cells: int) -> None:
        self.cells = cells
        largest = max(LARGEST_CODE_POINT, cells)
        if vocabulary.limit < largest:
            raise ValueError(f"rows need numbers to {largest}, the vocabulary has them to {vocabulary.limit}")
        self.constants = (*BOOL.words, *KIND.words, *CHAR.words, *map(str, range(largest + 1)))
        self._constant_classes = {token: place for place, token in enumerate(self.constants)}
        self.sizes: Mapping[str, int] = MappingProxyType(
            {
                **{"moves": 2, "status": len(STATUSES), "value": len(SOURCES), "constant": len(self.constants)},
                **{"writes": len(WRITES), "kind": len(ROW_KINDS), "own_base": 2, "backwards": 2, "tail": len(TAILS)},
                **{"shift": cells, "split": cells + 1, "length": cells + 1, "place": cells + 1},
            }
        )

    def classes(self, move: Move | None) -> Mapping[str, int]:
        """Return the class of each field of a move, of none where a line is arithmetic."""
        asked: dict[str, int] = dict.fromkeys(self.sizes, UNASKED)
        asked["moves"] = int(move is not None)
        if move is None:
            return asked
        asked["status"] = STATUSES.index(move.status)
        if move.status != STATUS_OK:
            return asked
        asked |= {"value": SOURCES.index(move.value), "writes": WRITES.index(move.writes)}
        if move.value == "constant":
            asked["constant"] = self._constant_classes[written(move.constant)]
        if move.writes != "nothing" or move.value == "item":
            asked["place"] = self.cells if move.place is None else move.place
        if move.writes != "nothing":
            asked |= {"kind": ROW_KINDS.index(move.kind), "split": move.split, "length": move.length}
            if move.split:
                asked |= {"own_base": int(move.own_base), "backwards": int(move.backwards), "shift": move.shift}
            if move.length > move.split:
                asked["tail"] = TAILS.index(move.tail)
        return asked
