"""Lowering of calls of the prelude: of methods, of Python's builtins, and of what syntax stands for, as `in` does."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from latent_repl.language import prelude
from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.displays import OperandLowering
from latent_repl.language.operators import COMPARISON_NODES, COPY, EQUAL, NOT, NOT_EQUAL, ROW_FUNCTIONS
from latent_repl.language.parsing.scopes import callee
from latent_repl.language.prelude.table import BUILTINS, METHODS, REWRITTEN, SYNTAX, PreludeRoutine, routine_for
from latent_repl.language.program import PRELUDE, Operand, Slot
from latent_repl.language.values import NOTHING

_ROUTINES: Mapping[str, tuple[PreludeRoutine, ...]] = {**BUILTINS, **REWRITTEN}

Arguments = Sequence[ast.expr | Operand]


class RoutineCalls:
    """Lowers calls of the prelude's routines."""

    def __init__(self, assembler: Assembler, values: OperandLowering) -> None:
        self._assembler, self._values = assembler, values
        self._allocation = assembler.allocation

    def value(self, node: ast.Call, target: Slot | None, nothing: Label | None = None) -> Slot:
        """Lower a call of a method or of a builtin into the target, or into a temporary; return the slot.

        nothing: where to go on when no value is returned; without, that is None.
        """
        name = callee(node)
        if name in ROW_FUNCTIONS:
            return self._core(target, name, self._values.operand(node.args[0]))
        match node.func:
            case ast.Attribute(value=receiver, attr="format"):
                routine, arguments = "format", _formatted(receiver, node)
            case ast.Attribute(value=receiver, attr=method):
                routine, arguments = _bound(METHODS[method], [receiver, *node.args], node.keywords)
            case _:
                routine, arguments = _bound(_ROUTINES[name], node.args, node.keywords)
        return self.routine(routine, arguments, target, nothing)

    def routine(
        self, name: str, arguments: Arguments, target: Slot | None = None, nothing: Label | None = None
    ) -> Slot:
        """Lower a call of a routine; one that gives nothing gives None. Slots that are given stay the caller's."""
        slots = [self._slot(argument) for argument in arguments]
        for argument, slot in zip(arguments, slots, strict=True):
            self._allocation.release(None if argument is slot else slot)
        place = self._allocation.temporary() if target is None else target
        if any(isinstance(part, ast.Return) for part in ast.walk(prelude.routine(name))):
            self._assembler.call(place, PRELUDE + name, slots, (), None)
        elif nothing is not None:
            self._assembler.call(place, PRELUDE + name, slots, (), nothing)
        else:
            with self._assembler.none_for(place) as none:
                self._assembler.call(place, PRELUDE + name, slots, (), none)
        return place

    def compare(self, place: Slot, operator: ast.cmpop, left: Operand, right: Operand) -> None:
        """Lower a comparison of two operands, which are used again afterwards."""
        match operator:
            case ast.In() | ast.NotIn():
                word = "in" if isinstance(operator, ast.In) else "not in"
                self.routine(SYNTAX[word].name, [right, left], place)
            case ast.Is() | ast.IsNot():
                self._is(place, EQUAL if isinstance(operator, ast.Is) else NOT_EQUAL, left, right)
            case _:
                self._assembler.core(place, COMPARISON_NODES[type(operator)], left, right)

    def _is(self, place: Slot, symbol: str, left: Operand, right: Operand) -> None:
        """Lower `is`: True and False are not 1 and 0, which they equal."""
        if isinstance(left, bool) or isinstance(right, bool):
            self.routine("same", [left, right], place)
            if symbol == NOT_EQUAL:
                self._assembler.core(place, NOT, place)
        else:
            self._assembler.core(place, symbol, left, right)

    def _slot(self, argument: ast.expr | Operand) -> Slot:
        if isinstance(argument, ast.expr):
            return self._values.slot(argument)
        return argument if isinstance(argument, Slot) else self._core(None, COPY, argument)

    def _core(self, target: Slot | None, operator: str, left: Operand) -> Slot:
        self._allocation.release(left)
        place = self._allocation.temporary() if target is None else target
        self._assembler.core(place, operator, left)
        return place


def _bound(
    rows: tuple[PreludeRoutine, ...], arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]
) -> tuple[str, Arguments]:
    """Return the name of the routine that takes so many arguments, and what each of its parameters is given."""
    routine = routine_for(rows, len(arguments) + len(keywords), [each.arg or "" for each in keywords])
    assert routine is not None, "the parser counts the arguments"
    if routine.packs:
        count = len(routine.parameters) - 1
        return routine.name, [*arguments[:count], ast.Tuple([*arguments[count:]], ast.Load())]
    named = {each.arg: each.value for each in keywords}
    defaults = dict(zip(reversed(routine.parameters), reversed(routine.defaults), strict=False))
    rest = routine.parameters[len(arguments) :]
    return routine.name, [*arguments, *(named[each] if each in named else _default(defaults[each]) for each in rest)]


def _formatted(receiver: ast.expr, node: ast.Call) -> Arguments:
    """Return what str.format is given: the text, a tuple of the arguments, and a dict of those by name."""
    keys: list[ast.expr | None] = [ast.Constant(each.arg) for each in node.keywords]
    return [receiver, ast.Tuple(node.args, ast.Load()), ast.Dict(keys, [each.value for each in node.keywords])]


def _default(value: int | str | None) -> Operand:
    return NOTHING if value is None else value
