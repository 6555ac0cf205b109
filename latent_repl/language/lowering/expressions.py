"""Lowering of expressions: one core line for every operator, branches for `and`, `or` and `if else`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Protocol

from latent_repl.language import operators as op
from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.choices import Choices
from latent_repl.language.lowering.displays import Displays
from latent_repl.language.lowering.kinds import NUMBERS, SEQUENCES, Kinds
from latent_repl.language.lowering.kinds import kind_of as kind_of_expression
from latent_repl.language.lowering.powers import Powers
from latent_repl.language.lowering.routine_calls import RoutineCalls
from latent_repl.language.lowering.subscripts import Subscripts
from latent_repl.language.parsing.errors import CaughtMessage
from latent_repl.language.parsing.holes import HoleOperator, hole_number
from latent_repl.language.parsing.patterns import SUBJECT, Subject
from latent_repl.language.parsing.scopes import is_builtin, is_call
from latent_repl.language.prelude.table import SYNTAX
from latent_repl.language.program import Caught, Hole, Load, Operand, Save, Slot
from latent_repl.language.values import INT, NOTHING, fits, is_value, kind_of


class Comprehending(Protocol):
    """What lowers comprehensions."""

    def value(self, node: ast.ListComp | ast.GeneratorExp | ast.DictComp, target: Slot | None) -> Slot:
        """Lower one into the target, or into a temporary; return the slot."""

    def decided(self, node: ast.GeneratorExp, sought: bool, target: Slot | None) -> Slot:
        """Lower `any` or `all` of a generator."""

    def summed(self, node: ast.GeneratorExp, target: Slot | None) -> Slot:
        """Lower `sum` of a generator."""


class Expressions:
    """Lowers expressions into an assembler.

    Whatever comes back may be a temporary: release it after its last use. A variable stands for its own value until
    the statement that assigns it ends; one that may change before, in a call, is copied where Python reads it. Where it
    holds no value it is missed where Python reads it, which may be before the core line that uses it.

    call: lowers a call of one of the user's functions, as `value` does, or as `bare` does.
    kinds: the variables that hold values of one kind for certain. changing: those that may change before the
        statement at hand ends; rebound: those of them that may do so more than once.
    """

    def __init__(self, assembler: Assembler, call: Callable[..., Slot]) -> None:
        self._assembler, self._call = assembler, call
        self.with_rows = assembler.with_rows
        self.kinds: Kinds = {}
        self.changing = self.rebound = frozenset[str]()
        self._allocation = assembler.allocation
        self._displays, self._subscripts = Displays(assembler, self), Subscripts(assembler, self)
        self._calls, self._powers = RoutineCalls(assembler, self), Powers(assembler, self)
        self._choices = Choices(assembler, self, self._calls)

    def plain(self, node: ast.expr) -> Operand | None:
        """Return what a core line can name directly: a literal, a hole or a variable of its frame; None for the rest,
        and for a variable that may change before the core line runs.

        A negative literal is one operand, `-53`.
        """
        number = hole_number(node)
        match node:
            case _ if number is not None:
                return Hole(number)
            case ast.Constant(value=None):
                return NOTHING
            case ast.Constant(value=str(text)):
                return text if len(text) == 1 else None
            case ast.Constant(value=value) if is_value(value):
                return value if self._is_cell(value) else None  # type: ignore[return-value]
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))) if kind_of(value) is INT:
                return -value if self._is_cell(-value) else None
            case Subject():
                return self._allocation.local(SUBJECT)
            case ast.Name(id=name):
                return None if name in self.changing else self._allocation.local(name)
            case _:
                return None

    def _is_cell(self, value: object) -> bool:
        """Return whether a literal fits a cell: where there are rows, a wider number is one."""
        minimum, maximum = self._assembler.limits
        return not self.with_rows or fits(value, minimum, maximum)

    def operand(self, node: ast.expr) -> Operand:
        """Return the literal, the hole, or the slot that holds the value."""
        plain = self._read(node)
        if plain is None and isinstance(node, ast.NamedExpr) and node.target.id not in self.rebound:
            return self._named(node)
        return self.value(node) if plain is None else plain

    def slot(self, node: ast.expr) -> Slot:
        """Return the slot that holds the value: a variable's own, or a temporary."""
        operand = self.operand(node) if isinstance(node, ast.NamedExpr) else self._read(node)
        return operand if isinstance(operand, Slot) else self.value(node)

    def is_sequence(self, node: ast.expr) -> bool:
        """Return whether the value is a str, a list or a tuple for certain."""
        return kind_of_expression(node, self.kinds) in SEQUENCES

    def is_number(self, node: ast.expr) -> bool:
        """Return whether the value is a number for certain."""
        return kind_of_expression(node, self.kinds) in NUMBERS

    def is_whole(self, node: ast.expr) -> bool:
        """Return whether the value is an int or a bool for certain."""
        return kind_of_expression(node, self.kinds) in (int, bool)

    def _read(self, node: ast.expr) -> Operand | None:
        plain = self.plain(node)
        if isinstance(plain, Slot):
            self._assembler.read(plain)
        return plain

    def repeatable(self, node: ast.expr) -> Operand:
        """Return an operand for several core lines: a hole goes through a temporary, for it stands in one alone."""
        operand = self.operand(node)
        return self.value(node) if isinstance(operand, Hole) else operand

    def value(self, node: ast.expr, target: Slot | None = None) -> Slot:
        """Lower an expression into the target, or into a temporary; return the slot."""
        match node:
            case ast.BinOp(op=operator) if self.with_rows and op.WRITTEN_NODES.get(type(operator)) in SYNTAX:
                return self.routine(SYNTAX[op.WRITTEN_NODES[type(operator)]].name, [node.left, node.right], target)
            case ast.BinOp(op=ast.Pow()):
                return self._powers.value(node.left, node.right, target)
            case ast.BinOp(op=HoleOperator(number=number)):
                return self._binary(Hole(number), node.left, node.right, target)
            case ast.BinOp():
                return self._binary(op.BINARY_NODES[type(node.op)], node.left, node.right, target)
            case ast.Call(func=ast.Name(id=name)) if name in op.FUNCTIONS and len(node.args) >= op.TABLE[name].arity:
                return self._function(name, node.args, target)
            case ast.Call(func=ast.Name(id="any" | "all" as name), args=[ast.GeneratorExp() as given]) if is_builtin(
                node
            ):
                return self._comprehensions.decided(given, name == "any", target)
            case ast.Call(func=ast.Name(id="sum"), args=[ast.GeneratorExp() as given]) if is_builtin(node):
                return self._comprehensions.summed(given, target)
            case ast.Call():
                return self._any_call(node, target)
            case ast.ListComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehensions.value(node, target)
            case ast.Subscript():
                return self._subscripts.value(node, target)
            case ast.List() | ast.Tuple() | ast.Dict() | ast.JoinedStr() | ast.Constant() if self.plain(node) is None:
                return self._displays.value(node, target)
            case ast.Name(id=name) if hole_number(node) is None and self._allocation.local(name) is None:
                return self._global(name, target)
            case ast.Compare(ops=[operator]) if type(operator) in op.COMPARISON_NODES:
                symbol = op.COMPARISON_NODES[type(operator)]
                return self._binary(symbol, node.left, node.comparators[0], target)
            case ast.Compare():
                return self._choices.compared(node, target)
            case ast.BoolOp():
                return self._choices.short_circuit(node, target)
            case ast.IfExp():
                return self._choices.conditional(node, target)
            case _:
                return self._simple(node, target)

    def use(self, comprehensions: Comprehending) -> None:
        """Lower comprehensions so."""
        self._comprehensions = comprehensions

    def bare(self, node: ast.expr, target: Slot | None, end: Label) -> Slot | None:
        """Lower an expression for its effect; where a call returns no value, go on at the end.

        Return the slot of its value; None where it never has one.
        """
        match node:
            case ast.Call(func=ast.Attribute(value=row, attr="append"), args=[part]) if (
                kind_of_expression(row, self.kinds) is list
            ):
                place, cell = self.slot(row), self.operand(part)
                self._assembler.core(place, op.APPEND, cell)
                self._allocation.release(place)
                self._allocation.release(cell)
                return None
            case ast.Call() if is_call(node):
                return self._call(node, target, end)
            case ast.Call(func=ast.Attribute()):
                return self._calls.value(node, target, end)
            case _:
                return self.value(node, target)

    def _any_call(self, node: ast.Call, target: Slot | None) -> Slot:
        return self._call(node, target) if is_call(node) else self._calls.value(node, target)

    def routine(self, name: str, arguments: Sequence[ast.expr | Operand], target: Slot | None = None) -> Slot:
        """Lower a call of a routine of the prelude into the target, or into a temporary; return the slot."""
        return self._calls.routine(name, arguments, target)

    def put(self, node: ast.Subscript, value: Operand) -> None:
        """Assign an operand to `x[i]`; it may be used again afterwards."""
        self._subscripts.put(node, value)

    def delete(self, node: ast.Subscript) -> None:
        """Lower `del x[i]`."""
        self._subscripts.delete(node)

    def _global(self, name: str, target: Slot | None) -> Slot:
        loaded = self._allocation.temporary()
        self._assembler.add(Load(loaded, self._allocation.outside(name)))
        return loaded if target is None else self._core(target, op.COPY, loaded)

    def _named(self, node: ast.NamedExpr) -> Slot:
        """Lower `n := e`; return the variable's slot, or a temporary that holds the same."""
        own = self._allocation.local(node.target.id)
        place = self.value(node.value, own)
        if own is None:
            self._assembler.add(Save(self._allocation.outside(node.target.id), place))
        return place

    def _simple(self, node: ast.expr, target: Slot | None) -> Slot:
        plain = self.plain(node)
        if isinstance(node, ast.Name) and node.id in self.changing:
            plain = self._allocation.local(node.id)
        if plain is not None:
            return self._core(target, op.COPY, plain)
        if isinstance(node, ast.NamedExpr):
            return self._core(target, op.COPY, self._named(node))
        if isinstance(node, CaughtMessage):
            place = self._allocation.temporary() if target is None else target
            self._assembler.add(Caught(place))
            return place
        assert isinstance(node, ast.UnaryOp), "the parser lets nothing else through"
        operand = self.operand(node.operand)
        match node.op:
            case ast.UAdd():
                place, said = self._core(target, op.ADD, operand, 0), "+: '{left}'"
            case ast.Invert() if self.with_rows and not self.is_whole(node.operand):
                self._allocation.release(operand)
                return self.routine(SYNTAX[op.INVERT].name, [operand], target)
            case ast.Invert():
                place, said = self._core(target, op.SUBTRACT, -1, operand), "~: '{right}'"
            case operator:
                return self._core(target, op.UNARY_NODES[type(operator)], operand)
        self._assembler.say(f"bad operand type for unary {said}")
        return place

    def _function(self, name: str, arguments: Sequence[ast.expr], target: Slot | None) -> Slot:
        if op.TABLE[name].folds:
            return self._choices.folded(name, arguments, target)
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

    def accumulator(self, target: Slot | None, later: Sequence[ast.expr]) -> Slot:
        """Return where a result of several core lines grows: not the target while it is still to be read."""
        read = {slot for node in later for slot in self._allocation.read(node)}
        elsewhere = target is None or target in read or self._assembler.guarded
        return self._allocation.temporary() if elsewhere or target is None else target

    def delivered(self, place: Slot, target: Slot | None) -> Slot:
        """Copy the result to the target if it grew elsewhere."""
        return place if target is None or place == target else self._core(target, op.COPY, place)
