"""Whether a function's body returns in every case, and whether its variables have a value wherever they are read.

Inlined, a function's variables lie in slots that held something else before: a read before the first assignment
would find that, where Python raises UnboundLocalError. So it is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from latent_repl.language.parsing.scopes import Function, variables_in

# What is assigned for certain at a place; None for a place that is never reached.
Assigned = frozenset[str] | None


class Flow:
    """Walks a function's body; afterwards it knows what is wrong with it.

    unassigned: the first read of a variable of the function's own that may have no value there.
    falls_through: whether the body can end without a `return`.
    """

    def __init__(self, function: Function) -> None:
        self._locals = frozenset(function.locals)
        self.unassigned: ast.Name | None = None
        end = self._block(function.definition.body, frozenset(function.parameters))
        self.falls_through = end is not None

    def _block(self, statements: Sequence[ast.stmt], assigned: Assigned) -> Assigned:
        for statement in statements:
            if assigned is not None:
                assigned = self._statement(statement, assigned)
        return assigned

    def _statement(self, node: ast.stmt, assigned: frozenset[str]) -> Assigned:
        match node:
            case ast.If():
                self._read(node.test, assigned)
                return _joined(self._block(node.body, assigned), self._block(node.orelse, assigned))
            case ast.While():
                self._read(node.test, assigned)
                self._block(node.body, assigned)
                return assigned
            case ast.For():
                self._read(node.iter, assigned)
                self._block(node.body, assigned | _stored(node.target))
                return assigned
            case ast.Break() | ast.Continue():
                return None
            case ast.Return():
                self._read(node, assigned)
                return None
            case ast.AugAssign():
                self._read(node.value, assigned)
                self._note([node.target] if isinstance(node.target, ast.Name) else [], assigned)
                return assigned
            case _:
                self._read(node, assigned)
                return assigned | _stored(node)

    def _read(self, node: ast.AST, assigned: frozenset[str]) -> None:
        self._note([name for name in variables_in(node, {}) if isinstance(name.ctx, ast.Load)], assigned)

    def _note(self, names: Sequence[ast.Name], assigned: frozenset[str]) -> None:
        missing = [name for name in names if name.id in self._locals and name.id not in assigned]
        if missing and self.unassigned is None:
            self.unassigned = missing[0]


def _stored(node: ast.AST) -> frozenset[str]:
    return frozenset(name.id for name in variables_in(node, {}) if isinstance(name.ctx, ast.Store))


def _joined(one: Assigned, other: Assigned) -> Assigned:
    if one is None or other is None:
        return other if one is None else one
    return one & other
