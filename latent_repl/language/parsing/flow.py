"""What has a value for certain where an inner function is called: itself, those that it calls, what it is given.

Python finds out when it runs. A call gives the values that there are, so what may be missing is refused before.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.captured import Scope
from latent_repl.language.parsing.definitions import check_call
from latent_repl.language.parsing.function_nodes import GivenFunction
from latent_repl.language.parsing.patterns import WrittenPattern
from latent_repl.language.parsing.refusals import INNER_LATER, NOT_YET, named_refusal
from latent_repl.language.parsing.scopes import blocks_in, calls_in, names_in
from latent_repl.language.parsing.source_text import SourceText

_LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)


class Flow:
    """Refuses calls where an inner function, or a variable that it is given, may have no value yet."""

    def __init__(self, scope: Scope, text: SourceText) -> None:
        self.scope, self.text = scope, text
        self.defined: set[str] = set()
        self._whole: set[Scope] = set()

    def block(self, statements: Sequence[ast.stmt], known: set[str]) -> set[str] | None:
        """Check a block; known: the variables that have values before. Return those after it, None where it leaves."""
        leaves = False
        for statement in statements:
            known = self._statement(statement, known)
            leaves = leaves or isinstance(statement, _LEAVING)
        return None if leaves else known

    def _statement(self, node: ast.stmt, known: set[str]) -> set[str]:
        if isinstance(node, ast.FunctionDef):
            self.defined.add(node.name)
            return known
        for part in _head(node):
            self._examine(part, known)
        match node:
            case ast.Assign() | ast.AugAssign():
                return known | _stored(node)
            case ast.Delete():
                return known - {name.id for name in names_in(node)}
            case ast.For():
                self.block(node.body, known | _stored(node.target))
                self.block(node.orelse, known)
            case ast.If():
                return self._either([self.block(node.body, known), self.block(node.orelse, known)], known)
            case ast.Match():
                for case in node.cases:
                    self.block(case.body, known | _stored(case.pattern))
            case ast.Try():
                whole = self.block([*node.body, *node.orelse], known)
                after = self._either([whole, *(self.block(each.body, known) for each in node.handlers)], known)
                self.block(node.finalbody, known)
                return after
            case _:
                for block in blocks_in(node):
                    self.block(block, known)
        return known

    def _either(self, ways: Sequence[set[str] | None], known: set[str]) -> set[str]:
        """Return the variables that have values behind all ways that go on."""
        on = [way for way in ways if way is not None]
        return on[0].intersection(*on[1:]) if on else known

    def _examine(self, part: ast.AST, known: set[str]) -> None:
        changed = [part.target] if isinstance(part, ast.AugAssign) else []
        for name in names_in(part):
            read = isinstance(name.ctx, ast.Load) or name in changed
            if read and name.id in self.scope.shared and name.id not in known:
                raise self._not_yet(name, name.id)
            if isinstance(name, GivenFunction) and (given := self.scope.given(name)) is not None:
                self._see_ready(name, given, known)
        for call in calls_in(part):
            called = self.scope.called(call)
            if called is not None:
                check_call(call, called.function, self.text)
                self._see_ready(call, called, known)

    def _see_ready(self, call: ast.expr, called: Scope, known: set[str]) -> None:
        self._see_defined(call, called)
        for owner, variable in called.captured.values():
            if owner is self.scope and variable not in known:
                raise self._not_yet(call, variable)

    def _see_defined(self, call: ast.expr, called: Scope) -> None:
        """Raise LxSyntaxError where a function, or one that it comes to call, is defined after the call."""
        if called.outer is not self.scope or called in self._whole:
            return
        reached = _reached(called)
        for each in reached:
            if each.outer is self.scope and each.node.name not in self.defined:
                raise self.text.fault_at(call, *named_refusal(INNER_LATER, each.node.name))
        self._whole |= reached

    def _not_yet(self, node: ast.expr, name: str) -> LxSyntaxError:
        return self.text.fault_at(node, *named_refusal(NOT_YET, name))


def _head(node: ast.stmt) -> list[ast.AST]:
    """Return what a statement works out outside its blocks."""
    if not any(blocks_in(node)):
        return [node]
    parts: list[ast.AST | None] = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    if isinstance(node, ast.Match):
        for case in node.cases:
            parts += [case.pattern.test if isinstance(case.pattern, WrittenPattern) else None, case.guard]
    return [part for part in parts if part is not None]


def _stored(node: ast.AST) -> set[str]:
    return {name.id for name in names_in(node) if isinstance(name.ctx, ast.Store)}


def _reached(scope: Scope) -> set[Scope]:
    """Return an inner function, and all that it comes to call."""
    found, waiting = {scope}, [scope]
    while waiting:
        new = {*waiting.pop().callees()} - found
        found |= new
        waiting += new
    return found
