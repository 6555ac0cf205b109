"""Lowering of subscripts and slices: read, assigned, deleted."""

from __future__ import annotations

import ast

from latent_repl.language.lowering.assembler import Assembler
from latent_repl.language.lowering.displays import OperandLowering
from latent_repl.language.operators import DROP, ITEM, PUT, REVERSE, TAKE
from latent_repl.language.program import Hole, Operand, Slot
from latent_repl.language.values import NOTHING


class Subscripts:
    """Lowers `x[i]` and `x[i:j:k]`: to one core line where there is one, else to a call of the prelude."""

    def __init__(self, assembler: Assembler, values: OperandLowering) -> None:
        self._assembler, self._values = assembler, values
        self._allocation = assembler.allocation

    def value(self, node: ast.Subscript, target: Slot | None) -> Slot:
        """Lower what a subscript reads into the target, or into a temporary; return the slot."""
        row = self._values.operand(node.value)
        if isinstance(node.slice, ast.Slice):
            return self._slice(node.value, row, node.slice, target)
        return self._core(target, ITEM, row, self._values.operand(node.slice))

    def put(self, node: ast.Subscript, value: Operand) -> None:
        """Assign an operand, which may be used again afterwards."""
        row = self._values.slot(node.value)
        if isinstance(node.slice, ast.Slice):
            self._allocation.release(self._values.routine("slice_put", [row, *_ends(node.slice), value]))
            self._allocation.release(row)
            return
        index = self._values.operand(node.slice)
        self._assembler.core(row, PUT, index, value)
        self._allocation.release(row)
        self._allocation.release(index)

    def delete(self, node: ast.Subscript) -> None:
        """Delete what a subscript names."""
        if isinstance(node.slice, ast.Slice):
            self._allocation.release(self._values.routine("slice_delete", [node.value, *_ends(node.slice)]))
        else:
            self._allocation.release(self._values.routine("item_delete", [node.value, node.slice]))

    def _slice(self, node: ast.expr, row: Operand, part: ast.Slice, target: Slot | None) -> Slot:
        lower, upper, step = (None if _is_none(each) else each for each in (part.lower, part.upper, part.step))
        if step is not None and not (lower is upper is None and _literal(step) == -1):
            return self._released(row, self._values.routine("slice_get", [row, *_ends(part)], target))
        start, stop = (None if each is None else self._values.operand(each) for each in (lower, upper))
        known = self._sliceable(node, row)
        if step is not None:
            return self._core(target, REVERSE, known)
        if stop is None:
            return self._cut(DROP, known, 0 if start is None else start, lower, target)
        if start is None:
            return self._cut(TAKE, known, stop, upper, target)
        if isinstance(start, int) and start >= 0:
            return self._core(target, DROP, self._cut(TAKE, known, stop, upper, None), start)
        result = self._values.routine("part", [known, start, stop], target)
        for operand in (start, stop):
            self._released(operand, result)
        return self._released(known, result)

    def _cut(self, operator: str, row: Operand, end: Operand, node: ast.expr | None, target: Slot | None) -> Slot:
        """Take up to an end, or from it on: in one core line where that is no None."""
        if node is None or isinstance(end, Hole) or self._values.is_number(node):
            return self._core(target, operator, row, end)
        result = self._values.routine("before" if operator == TAKE else "onward", [row, end], target)
        return self._released(row, self._released(end, result))

    def _sliceable(self, node: ast.expr, row: Operand) -> Operand:
        """Return what parts are taken of: the core line that takes them asks no dict and no wide integer."""
        if self._values.is_sequence(node):
            return row
        return self._released(row, self._values.routine("sliceable", [row]))

    def _released(self, row: Operand, result: Slot) -> Slot:
        if row != result:
            self._allocation.release(row)
        return result

    def _core(self, target: Slot | None, operator: str, left: Operand, right: Operand | None = None) -> Slot:
        self._allocation.release(left)
        self._allocation.release(right)
        place = self._allocation.temporary() if target is None else target
        self._assembler.core(place, operator, left, right)
        return place


def _ends(part: ast.Slice) -> list[ast.expr | Operand]:
    return [NOTHING if each is None else each for each in (part.lower, part.upper, part.step)]


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _literal(node: ast.expr) -> int | None:
    """Return the whole number that an expression writes, None for any other expression."""
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return -number
        case _:
            return None
