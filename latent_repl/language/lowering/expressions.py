"""Lowering of expressions: one core line for every operator, branches for `and`, `or` and `if else`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.operators import (
    ADD,
    BINARY_NODES,
    COMPARISON_NODES,
    COPY,
    FUNCTIONS,
    LESS,
    MULTIPLY,
    SUBTRACT,
    TABLE,
    UNARY_NODES,
)
from latent_repl.language.parsing.holes import HoleOperator, hole_number
from latent_repl.language.program import NEGATIVE_EXPONENT, Fail, Hole, Load, Operand, Slot
from latent_repl.language.values import INT, is_value, kind_of


def plain_operand(node: ast.expr, assembler: Assembler) -> Operand | None:
    """Return what a core line can name directly: a literal, a hole or a variable of its frame; None for the rest.

    A negative literal is one operand, `-53`.
    """
    number = hole_number(node)
    match node:
        case _ if number is not None:
            return Hole(number)
        case ast.Constant(value=value) if is_value(value):
            return value  # type: ignore[return-value]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))) if kind_of(value) is INT:
            return -value
        case ast.Name(id=name):
            return assembler.allocation.local(name)
        case _:
            return None


class Expressions:
    """Lowers expressions into an assembler.

    Whatever comes back may be a temporary: release it after its last use. Expressions change no variable, so a
    variable stands for its own value until the statement that assigns it ends. It is read, and missed where it holds
    no value, by the core line that uses it: `x + 1 // 0` with no x reports the division.

    call: lowers a call of one of the user's functions, as `value` does.
    """

    def __init__(self, assembler: Assembler, call: Callable[[ast.Call, Slot | None], Slot]) -> None:
        self._assembler, self._call = assembler, call
        self._allocation = assembler.allocation

    def operand(self, node: ast.expr) -> Operand:
        """Return the literal, the hole, or the slot that holds the value."""
        plain = plain_operand(node, self._assembler)
        return self.value(node) if plain is None else plain

    def slot(self, node: ast.expr) -> Slot:
        """Return the slot that holds the value: a variable's own, or a temporary."""
        plain = plain_operand(node, self._assembler)
        return plain if isinstance(plain, Slot) else self.value(node)

    def repeatable(self, node: ast.expr) -> Operand:
        """Return an operand for several core lines: a hole goes through a temporary, for it stands in one alone."""
        operand = self.operand(node)
        return self.value(node) if isinstance(operand, Hole) else operand

    def value(self, node: ast.expr, target: Slot | None = None) -> Slot:
        """Lower an expression into the target, or into a temporary; return the slot."""
        match node:
            case ast.BinOp(op=ast.Pow()):
                return self._power(node.left, node.right, target)
            case ast.BinOp(op=HoleOperator(number=number)):
                return self._binary(Hole(number), node.left, node.right, target)
            case ast.BinOp():
                return self._binary(BINARY_NODES[type(node.op)], node.left, node.right, target)
            case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
                return self._function(name, node.args, target)
            case ast.Call():
                return self._call(node, target)
            case ast.Name(id=name) if hole_number(node) is None and self._allocation.local(name) is None:
                return self._global(name, target)
            case ast.Compare(ops=[operator]):
                symbol = COMPARISON_NODES[type(operator)]
                return self._binary(symbol, node.left, node.comparators[0], target)
            case ast.Compare():
                return self._chained_comparison(node, target)
            case ast.BoolOp():
                return self._short_circuit(node, target)
            case ast.IfExp():
                return self._conditional(node, target)
            case _:
                return self._simple(node, target)

    def augmented(self, node: ast.AugAssign, target: Slot) -> None:
        """Lower `x += e`, x being the target."""
        left = ast.copy_location(ast.Name(id=_name(node.target), ctx=ast.Load()), node.target)
        self.value(ast.copy_location(ast.BinOp(left, node.op, node.value), node), target)

    def _global(self, name: str, target: Slot | None) -> Slot:
        loaded = self._allocation.temporary()
        self._assembler.add(Load(loaded, self._allocation.outside(name)))
        return loaded if target is None else self._core(target, COPY, loaded)

    def _simple(self, node: ast.expr, target: Slot | None) -> Slot:
        plain = plain_operand(node, self._assembler)
        if plain is not None:
            return self._core(target, COPY, plain)
        assert isinstance(node, ast.UnaryOp), "the parser lets nothing else through"
        if isinstance(node.op, ast.UAdd):
            return self._core(target, ADD, self.operand(node.operand), 0)
        return self._core(target, UNARY_NODES[type(node.op)], self.operand(node.operand))

    def _function(self, name: str, arguments: Sequence[ast.expr], target: Slot | None) -> Slot:
        if TABLE[name].folds:
            return self._folded(name, arguments, target)
        operands = [self.operand(argument) for argument in arguments]
        return self._core(target, name, *operands)

    def _binary(self, operator: str | Hole, left: ast.expr, right: ast.expr, target: Slot | None) -> Slot:
        first = self.operand(left)
        return self._core(target, operator, first, self.operand(right))

    def _core(self, target: Slot | None, operator: str | Hole, left: Operand, right: Operand | None = None) -> Slot:
        # Released first: the result may lie where an operand lay.
        self._allocation.release(left)
        self._allocation.release(right)
        place = self._allocation.temporary() if target is None else target
        self._assembler.core(place, operator, left, right)
        return place

    def _folded(self, operator: str, arguments: Sequence[ast.expr], target: Slot | None) -> Slot:
        """Lower `min(a, b, c)` from left to right: min a b, then min of that and c."""
        place = self._accumulator(target, arguments[2:])
        self._binary(operator, arguments[0], arguments[1], place)
        for argument in arguments[2:]:
            right = self.operand(argument)
            self._assembler.core(place, operator, place, right)
            self._allocation.release(right)
        return self._delivered(place, target)

    def _chained_comparison(self, node: ast.Compare, target: Slot | None) -> Slot:
        """Lower `a < b < c` as `a < b and b < c` with b evaluated once."""
        place = self._accumulator(target, node.comparators)
        end = Label()
        left = self.operand(node.left)
        last = len(node.ops) - 1
        for index, (operator, comparator) in enumerate(zip(node.ops, node.comparators, strict=True)):
            right = self.operand(comparator) if index == last else self.repeatable(comparator)
            self._assembler.core(place, COMPARISON_NODES[type(operator)], left, right)
            self._allocation.release(left)
            left = right
            if index != last:
                self._assembler.branch(place, end)
        self._allocation.release(left)
        self._assembler.place(end)
        return self._delivered(place, target)

    def _short_circuit(self, node: ast.BoolOp, target: Slot | None) -> Slot:
        place = self._accumulator(target, node.values[1:])
        end = Label()
        self.value(node.values[0], place)
        for value in node.values[1:]:
            following = Label()
            self._assembler.branch(place, end if isinstance(node.op, ast.And) else following)
            if isinstance(node.op, ast.Or):
                self._assembler.jump(end)
                self._assembler.place(following)
            self.value(value, place)
        self._assembler.place(end)
        return self._delivered(place, target)

    def _conditional(self, node: ast.IfExp, target: Slot | None) -> Slot:
        otherwise, end = Label(), Label()
        condition = self.slot(node.test)
        self._assembler.branch(condition, otherwise)
        self._allocation.release(condition)
        place = self._allocation.temporary() if target is None else target
        self.value(node.body, place)
        self._assembler.jump(end)
        self._assembler.place(otherwise)
        self.value(node.orelse, place)
        self._assembler.place(end)
        return place

    def _power(self, base: ast.expr, exponent: ast.expr, target: Slot | None) -> Slot:
        """Lower `a ** b` to b multiplications; a negative b, which gives a float in Python, fails."""
        factor = self.repeatable(base)
        count = self.value(exponent)
        place = self._allocation.temporary() if target is None or target == factor else target
        times = _literal(exponent)
        if times is None or times < 0:
            self._fail_if_negative(count)
        if not times and isinstance(factor, Slot):
            self._read(factor)
        again, end = Label(), Label()
        self._assembler.core(place, COPY, 1)
        self._assembler.place(again)
        self._assembler.branch(count, end)
        self._assembler.core(place, MULTIPLY, place, factor)
        self._assembler.core(count, SUBTRACT, count, 1)
        self._assembler.jump(again)
        self._assembler.place(end)
        self._allocation.release(factor)
        self._allocation.release(count)
        return self._delivered(place, target)

    def _fail_if_negative(self, count: Slot) -> None:
        natural, test = Label(), self._allocation.temporary()
        self._assembler.core(test, LESS, count, 0)
        self._assembler.branch(test, natural)
        self._assembler.add(Fail("ValueError", NEGATIVE_EXPONENT))
        self._assembler.place(natural)
        self._allocation.release(test)

    def _read(self, slot: Slot) -> None:
        """Let a variable that no core line may come to read be missed where it holds no value."""
        following = Label()
        self._assembler.branch(slot, following)
        self._assembler.place(following)

    def _accumulator(self, target: Slot | None, later: Sequence[ast.expr]) -> Slot:
        """Return where a result of several core lines grows: not the target while it is still to be read."""
        read = {slot for node in later for slot in self._allocation.read(node)}
        return self._allocation.temporary() if target is None or target in read else target

    def _delivered(self, place: Slot, target: Slot | None) -> Slot:
        """Copy the result to the target if it grew elsewhere."""
        return place if target is None or place == target else self._core(target, COPY, place)


def _literal(node: ast.expr) -> int | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else None


def _name(node: ast.expr) -> str:
    assert isinstance(node, ast.Name), "the parser lets nothing else through"
    return node.id
