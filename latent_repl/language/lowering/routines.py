"""Lowering of the prelude: each routine once, when it is first called. What routines can name and programs cannot."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from latent_repl.language import prelude
from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.bodies import FunctionStatements
from latent_repl.language.lowering.expressions import Expressions
from latent_repl.language.lowering.slots import FunctionAllocation, ModuleAllocation
from latent_repl.language.operators import (
    APPEND,
    AS,
    BECOME,
    CELL,
    FUNCTIONS,
    KIND_OF,
    NEW_ROW,
    ROW_FUNCTIONS,
    STORE,
)
from latent_repl.language.parsing.scopes import Function, callee
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import Fail, Listing, Operand, Routine, Slot
from latent_repl.language.values import Value

KINDS: Mapping[str, Value] = MappingProxyType(
    {
        **{f"_{kind.__name__}": kind for kind in (list, str, tuple, dict, int, bool)},
        "_none": type(None),
    }
)
"""The names of kinds."""

CORE: Mapping[str, str] = MappingProxyType(
    {
        **{name: name for name in ROW_FUNCTIONS},
        **{"_kind": KIND_OF, "_row": NEW_ROW, "_as": AS, "_cell": CELL},
    }
)
"""The functions that are one core line with a value."""

IN_PLACE: Mapping[str, str] = MappingProxyType({"_store": STORE, "_become": BECOME})
"""The functions that are one core line which changes their first argument's row."""


@cache
def library(name: str) -> Routine:
    """Return a routine of the prelude, lowered. Raises KeyError for an unknown name."""
    definition = prelude.routine(name)
    function = Function(definition, SourceText("", "", "prelude"))
    bottom = ModuleAllocation(ast.Module([], []), {}, 0, [])
    part = Assembler(FunctionAllocation(function, bottom, {}), with_rows=True)
    RoutineStatements(function, part).write()
    code = Listing(part.instructions(), tuple(part.lines))
    return Routine(name, 0, 0, function.parameters, frozenset(), part.allocation.slot_names(), code)


class RoutineStatements(FunctionStatements):
    """Lowers a routine."""

    def __init__(self, function: Function, assembler: Assembler) -> None:
        super().__init__(function, assembler, (0, 0))
        self._use(RoutineExpressions(assembler, self._call))

    def _call(self, node: ast.Call, target: Slot | None, otherwise: Label | None = None) -> Slot:
        return self._expressions.routine(callee(node), node.args, target)

    def _bare(self, node: ast.Expr) -> None:
        call = node.value
        assert isinstance(call, ast.Call), "nothing else has an effect"
        match call.func:
            case ast.Attribute(value=row):
                self._in_place(APPEND, [row, *call.args])
            case ast.Name(id=name) if name in IN_PLACE:
                self._in_place(IN_PLACE[name], call.args)
            case ast.Name(id="_fail"):
                self._fail(call.args)
            case _:
                self._allocation.release(self._expressions.value(call))

    def _while_test(self, test: ast.expr, end: Label) -> None:
        # No routine goes on for ever: a test need not be a core line.
        self._branch(test, end)

    def _in_place(self, operator: str, parts: Sequence[ast.expr]) -> None:
        row = self._expressions.slot(parts[0])
        rest = [self._expressions.operand(part) for part in parts[1:]]
        self._assembler.core(row, operator, *rest)
        for part in (row, *rest):
            self._allocation.release(part)

    def _fail(self, arguments: Sequence[ast.expr]) -> None:
        error, *parts = (
            str(part.value) if isinstance(part, ast.Constant) else self._expressions.slot(part) for part in arguments
        )
        self._assembler.add(Fail(str(error), "", tuple(parts)))
        for part in parts:
            self._allocation.release(part)


class RoutineExpressions(Expressions):
    """Lowers the expressions of a routine."""

    def plain(self, node: ast.expr) -> Operand | None:
        """Return a kind for its name; else what any program can name."""
        return KINDS[node.id] if isinstance(node, ast.Name) and node.id in KINDS else super().plain(node)

    def is_sequence(self, node: ast.expr) -> bool:
        """Return True: a routine takes parts of nothing else, but of what it has looked at."""
        return True

    def is_number(self, node: ast.expr) -> bool:
        """Return True: where a routine takes parts up to None, it asks."""
        return True

    def value(self, node: ast.expr, target: Slot | None = None) -> Slot:
        """Lower a call of what routines alone can call; else as in any program."""
        match node:
            case ast.Call(func=ast.Name(id="_says"), args=[ast.Constant(value=str(words)), operation]):
                place = self.value(operation, target)
                self._assembler.say(words)
                return place
            case ast.Call(func=ast.Name(id=name)) if name in CORE:
                return self._core(target, CORE[name], *map(self.operand, node.args))
            case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
                return self.routine(name, node.args, target)
            case _:
                return super().value(node, target)
