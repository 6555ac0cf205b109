"""How each operator moves rows: the rules behind `movement.decide`, Python's own wherever Python has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from latent_repl.language import operators as op
from latent_repl.language.moves import Cell, Move
from latent_repl.language.operators import TABLE
from latent_repl.language.values import CHAR, CHARACTERS, EMPTY, KIND, NONE_TYPE, ROW_KINDS

SEQUENCES = ("str", "list", "tuple")


@dataclass(frozen=True, slots=True)
class Operands:
    """What a rule sees: what the target holds, the operands, and how many cells a row can have."""

    own: Cell
    left: Cell
    right: Cell
    capacity: int


MoveRule = Callable[[Operands], Move | None]

TRAP, TYPE_ERROR, INDEX_ERROR = (Move(status=status) for status in (op.TRAP, op.TYPE_ERROR, op.INDEX_ERROR))
VALUE_ERROR, MEMORY_ERROR = Move(status=op.VALUE_ERROR), Move(status=op.MEMORY_ERROR)


def _constant(value: object) -> Move:
    return Move(value="constant", constant=value)  # type: ignore[arg-type]


def _both_numbers(o: Operands) -> bool:
    return o.left.is_number and (o.right.is_number or o.right.kind == EMPTY.name)


def _wide(o: Operands) -> bool:
    """Return whether this is arithmetic on whole numbers of which one at least is wide."""
    sides = [side for side in (o.left, o.right) if side.kind != EMPTY.name]
    return any(side.is_wide for side in sides) and all(side.is_wide or side.is_number for side in sides)


def _arithmetic(o: Operands) -> Move | None:
    return None if _both_numbers(o) else TRAP if _wide(o) else TYPE_ERROR


def _new(kind: str, split: int, length: int | None = None, **rest: object) -> Move:
    """Return the move that makes a row and has the target refer to it."""
    whole = split if length is None else length
    return Move(value="next", writes="new", kind=kind, split=split, length=whole, **rest)  # type: ignore[arg-type]


def _is_sequence(cell: Cell) -> bool:
    return cell.is_char or (cell.is_row and cell.kind in SEQUENCES)


def _add(o: Operands) -> Move | None:
    if _is_sequence(o.left) and _is_sequence(o.right) and o.left.kind == o.right.kind:
        size = o.left.size + o.right.size
        return MEMORY_ERROR if size > o.capacity else _new(o.left.kind, o.left.size, size, tail="right")
    return _arithmetic(o)


def _multiply(o: Operands) -> Move | None:
    for one, other in ((o.left, o.right), (o.right, o.left)):
        if _is_sequence(one) and (other.is_number or other.is_wide):
            return TRAP
    return _arithmetic(o)


def _equal(truth: bool) -> MoveRule:
    def rule(o: Operands) -> Move | None:
        left, right = o.left, o.right
        if _both_numbers(o):
            return None
        if left.is_row and right.is_row:
            return _constant(truth) if left.value == right.value else TRAP
        if left.is_row or right.is_row:
            # A character may be the str that the row is, a small number never the wide one: the routine decides both.
            return TRAP if _wide(o) or left.kind == right.kind else _constant(not truth)
        return _constant((left.kind == right.kind and left.value == right.value) is truth)

    return rule


def _compare(decided: Callable[[Operands], Move]) -> MoveRule:
    def rule(o: Operands) -> Move | None:
        if o.left.is_char and o.right.is_char:
            return decided(o)
        if _is_sequence(o.left) and _is_sequence(o.right) and o.left.kind == o.right.kind:
            return TRAP
        return _arithmetic(o)

    return rule


def _less(symbol: str) -> MoveRule:
    return _compare(lambda o: _constant(TABLE[symbol].exact(o.left.value, o.right.value)))


def _extreme(symbol: str) -> MoveRule:
    def decided(o: Operands) -> Move:
        return Move(value="left" if TABLE[symbol].exact(o.left.value, o.right.value) == o.left.value else "right")

    return _compare(decided)


def _not(o: Operands) -> Move | None:
    if o.left.is_number:
        return None
    return _constant(o.left.length == 0 if o.left.is_row else o.left.kind == NONE_TYPE.name)


def _copy(o: Operands) -> Move | None:
    return None if o.left.is_number else Move(value="left")


def _length(o: Operands) -> Move:
    if _is_sequence(o.left):
        return _constant(o.left.size)
    return _constant(o.left.size // 2) if o.left.is_row and o.left.kind == "dict" else TYPE_ERROR


def _kind_of(o: Operands) -> Move:
    return _constant(KIND.words[o.left.kind]) if o.left.kind in KIND.words else TYPE_ERROR


def _row_kind(cell: Cell) -> str | None:
    name = getattr(cell.value, "__name__", "") if cell.kind == KIND.name else ""
    return name if name in ROW_KINDS else None


def _new_row(o: Operands) -> Move:
    kind = _row_kind(o.left)
    return TYPE_ERROR if kind is None else _new(kind, 0)


def _as(o: Operands) -> Move:
    kind = _row_kind(o.right)
    # A number becomes a row of itself, for the routines on wide integers.
    takes = o.left.is_row or o.left.is_char or o.left.is_number
    return TYPE_ERROR if kind is None or not takes else _new(kind, o.left.size)


def _place(index: int, length: int) -> int | None:
    """Return the place of an index, a negative one counted from the end; None outside."""
    place = index + length if index < 0 else index
    return place if 0 <= place < length else None


def _read(cell: Cell, place: int | None) -> Move:
    if place is None:
        return INDEX_ERROR
    return Move(value="item", place=place) if cell.is_row else Move(value="left")


def _item(o: Operands) -> Move:
    if o.left.is_row and o.left.kind == "dict":
        return TRAP
    if not _is_sequence(o.left) or not (o.right.is_number or o.right.is_wide):
        return TYPE_ERROR
    return INDEX_ERROR if o.right.is_wide else _read(o.left, _place(o.right.number, o.left.size))


def _raw_place(index: Cell, length: int) -> int | None:
    return index.number if 0 <= index.number < length else None


def _cell(o: Operands) -> Move:
    if not (o.left.is_row or o.left.is_char) or not o.right.is_number:
        return TYPE_ERROR
    return _read(o.left, _raw_place(o.right, o.left.size))


def _cut(o: Operands, *, first: bool) -> Move:
    if not (o.left.is_row or o.left.is_char) or not (o.right.is_number or o.right.is_wide):
        return TYPE_ERROR
    if o.right.is_wide:
        return TRAP
    start, stop, _ = slice(*((None, o.right.number) if first else (o.right.number, None))).indices(o.left.size)
    kept = max(stop - start, 0)
    return _new(o.left.kind, kept, shift=start if kept else 0)


def _reverse(o: Operands) -> Move:
    if not (o.left.is_row or o.left.is_char):
        return TYPE_ERROR
    return _new(o.left.kind, o.left.size, shift=max(o.left.size - 1, 0), backwards=True)


def _in_place(o: Operands, **rest: object) -> Move:
    own = {"own_base": True, "split": o.own.size, "length": o.own.size}
    return Move(writes="own", kind=o.own.kind, **(own | rest))  # type: ignore[arg-type]


def _append(o: Operands) -> Move:
    if not o.own.is_row:
        return TYPE_ERROR
    return MEMORY_ERROR if o.own.size == o.capacity else _in_place(o, tail="left", length=o.own.size + 1)


def _put(o: Operands) -> Move:
    if o.own.is_row and o.own.kind == "dict":
        return TRAP
    if not (o.own.is_row and o.own.kind == "list") or not (o.left.is_number or o.left.is_wide):
        return TYPE_ERROR
    place = None if o.left.is_wide else _place(o.left.number, o.own.size)
    return INDEX_ERROR if place is None else _in_place(o, place=place)


def _store(o: Operands) -> Move:
    if not o.own.is_row or not o.left.is_number:
        return TYPE_ERROR
    place = _raw_place(o.left, o.own.size)
    return INDEX_ERROR if place is None else _in_place(o, place=place)


def _become(o: Operands) -> Move:
    if not o.own.is_row or not (o.left.is_row or o.left.is_char):
        return TYPE_ERROR
    return _in_place(o, own_base=False, split=o.left.size, length=o.left.size)


def _ord(o: Operands) -> Move:
    if o.left.is_char:
        return _constant(ord(str(o.left.value)))
    # The row's one cell is not seen.
    return TRAP if o.left.is_row and o.left.kind == CHAR.name and o.left.size == 1 else TYPE_ERROR


def _chr(o: Operands) -> Move:
    if o.left.is_wide:
        return VALUE_ERROR
    if not o.left.is_number:
        return TYPE_ERROR
    known = {ord(character): character for character in CHARACTERS}
    return _constant(known[o.left.number]) if o.left.number in known else VALUE_ERROR


RULES: Mapping[str, MoveRule] = MappingProxyType(
    {
        **{op.ADD: _add, op.MULTIPLY: _multiply, op.EQUAL: _equal(True), op.NOT_EQUAL: _equal(False)},
        **dict.fromkeys((op.SUBTRACT, op.FLOOR_DIVIDE, op.MODULO, op.NEGATE, op.ABS), _arithmetic),
        **{symbol: _less(symbol) for symbol in (op.LESS, op.LESS_EQUAL, op.GREATER, op.GREATER_EQUAL)},
        **{symbol: _extreme(symbol) for symbol in (op.MIN, op.MAX)},
        **{op.NOT: _not, op.COPY: _copy, op.DELETE: lambda o: None},
        **{op.LENGTH: _length, op.KIND_OF: _kind_of, op.NEW_ROW: _new_row, op.AS: _as, op.ORD: _ord, op.CHR: _chr},
        **{op.ITEM: _item, op.CELL: _cell, op.REVERSE: _reverse},
        **{op.TAKE: lambda o: _cut(o, first=True), op.DROP: lambda o: _cut(o, first=False)},
        **{op.APPEND: _append, op.PUT: _put, op.STORE: _store, op.BECOME: _become},
    }
)
"""The rule of each operator."""
