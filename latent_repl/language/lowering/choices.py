"""Lowering of what looks at a value before it goes on: `and`, `or`, `if else`, chained comparisons, min and max."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.displays import OperandLowering
from latent_repl.language.lowering.routine_calls import RoutineCalls
from latent_repl.language.program import Slot


class Choices:
    """Lowers them into an assembler."""

    def __init__(self, assembler: Assembler, values: OperandLowering, calls: RoutineCalls) -> None:
        self._assembler, self._values, self._calls = assembler, values, calls
        self._allocation = assembler.allocation

    def folded(self, operator: str, arguments: Sequence[ast.expr], target: Slot | None) -> Slot:
        """Lower `min(a, b, c)` from left to right: min a b, then min of that and c."""
        place = self._values.accumulator(target, arguments[2:])
        operands = [self._values.operand(argument) for argument in arguments[:2]]
        self._assembler.core(place, operator, *operands)
        for operand in operands:
            self._allocation.release(operand)
        for argument in arguments[2:]:
            right = self._values.operand(argument)
            self._assembler.core(place, operator, place, right)
            self._allocation.release(right)
        return self._values.delivered(place, target)

    def compared(self, node: ast.Compare, target: Slot | None) -> Slot:
        """Lower `a < b < c` as `a < b and b < c` with b evaluated once."""
        place = self._values.accumulator(target, node.comparators)
        end = Label()
        left = self._values.operand(node.left)
        last = len(node.ops) - 1
        for index, (operator, comparator) in enumerate(zip(node.ops, node.comparators, strict=True)):
            right = self._values.operand(comparator) if index == last else self._values.repeatable(comparator)
            self._calls.compare(place, operator, left, right)
            self._allocation.release(left)
            left = right
            if index != last:
                self._assembler.branch(place, end)
        self._allocation.release(left)
        self._assembler.place(end)
        return self._values.delivered(place, target)

    def short_circuit(self, node: ast.BoolOp, target: Slot | None) -> Slot:
        """Lower `and` and `or`."""
        place = self._values.accumulator(target, node.values[1:])
        end = Label()
        self._values.value(node.values[0], place)
        for value in node.values[1:]:
            following = Label()
            self._assembler.branch(place, end if isinstance(node.op, ast.And) else following)
            if isinstance(node.op, ast.Or):
                self._assembler.jump(end)
                self._assembler.place(following)
            self._values.value(value, place)
        self._assembler.place(end)
        return self._values.delivered(place, target)

    def conditional(self, node: ast.IfExp, target: Slot | None) -> Slot:
        """Lower `a if c else b`."""
        otherwise, end = Label(), Label()
        condition = self._values.slot(node.test)
        self._assembler.branch(condition, otherwise)
        self._allocation.release(condition)
        place = self._allocation.temporary() if target is None else target
        self._values.value(node.body, place)
        self._assembler.jump(end)
        self._assembler.place(otherwise)
        self._values.value(node.orelse, place)
        self._assembler.place(end)
        return place
