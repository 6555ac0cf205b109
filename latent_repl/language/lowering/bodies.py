"""Lowering of a text, and of the functions that it calls: where lines begin, and what is shown."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.kinds import known_kinds
from latent_repl.language.lowering.slots import ModuleAllocation
from latent_repl.language.lowering.statements import Statements
from latent_repl.language.parsing.scopes import Function
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import LAST_VALUE, Emit, Return


class TextStatements(Statements):
    """Lowers a text; a statement on the line of the one before it belongs to that line's execution.

    places: the instruction at which each statement of the text begins.
    """

    def __init__(self, text: SourceText, assembler: Assembler, limits: tuple[int, int]) -> None:
        super().__init__(text, assembler, limits)
        self.places: list[int] = []

    def write(self, module: ast.Module, allocation: ModuleAllocation) -> None:
        """Lower a module."""
        self._expressions.kinds = known_kinds(module.body, {*allocation.names_after(-1), *allocation.changed_outside})
        line = 0
        for index, statement in enumerate(module.body):
            allocation.begin(index)
            self.places.append(self._assembler.following)
            self._block([statement], line)
            line = statement.lineno

    def _begin(self, line: int) -> None:
        self._assembler.begin(line)

    def _bare(self, node: ast.Expr) -> None:
        last, end = self._variable(LAST_VALUE), Label()
        shown = self._expressions.bare(node.value, last, end)
        if shown is not None:
            self._emit(Emit((shown,), "value"))
        self._assembler.place(end)


class FunctionStatements(Statements):
    """Lowers a function, whose lines all belong to the execution of the line that calls it."""

    def __init__(self, function: Function, assembler: Assembler, limits: tuple[int, int]) -> None:
        super().__init__(function.text, assembler, limits)
        self._function = function

    def write(self) -> None:
        """Lower the defaults of what was not given, and the body; it can end without return."""
        self._begin(self._function.definition.lineno)
        packed = [*_packed(self._function)]
        elsewhere = {*self._function.placed, *self._function.by_name, *self._function.declared}
        self._expressions.kinds = known_kinds([*packed, *self._function.definition.body], elsewhere)
        for name, default in self._function.defaults.items():
            given = Label()
            self._assembler.given(self._variable(name), given)
            self._expressions.value(default, self._variable(name))
            self._assembler.place(given)
        self._block(self._function.definition.body, 0)
        self._assembler.add(Return(None))

    def _begin(self, line: int) -> None:
        self._assembler.belong(line)

    def _bare(self, node: ast.Expr) -> None:
        # As in Python, a bare expression inside a function is shown to nobody.
        end = Label()
        self._allocation.release(self._expressions.bare(node.value, None, end))
        self._assembler.place(end)

    def _while_test(self, test: ast.expr, end: Label) -> None:
        # No line begins here, so that only core lines count the rounds of a loop: each test has to be one.
        condition = self._expressions.value(test)
        self._assembler.branch(condition, end)
        self._allocation.release(condition)


def _packed(function: Function) -> Iterator[ast.stmt]:
    """Yield what a call does for the parameters that take the remaining arguments."""
    kinds: tuple[tuple[str, ast.expr], ...] = (
        (function.rest, ast.Tuple([], ast.Load())),
        (function.others, ast.Dict([], [])),
    )
    yield from (ast.Assign([ast.Name(name, ast.Store())], value) for name, value in kinds if name)
