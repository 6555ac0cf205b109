"""Functions inside functions: which there are, what each reads and assigns of those around it, and whom they call."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from latent_repl.language.parsing.definitions import check_header, check_name
from latent_repl.language.parsing.function_nodes import GivenFunction
from latent_repl.language.parsing.refusals import INNER_TWICE, TOO_MANY_CAPTURED, function_as_value
from latent_repl.language.parsing.scopes import Function, callee
from latent_repl.language.parsing.source_text import SourceText

MOST_CAPTURED = 64
"""Variables of functions around it that a function may read, itself or for others. Chosen: more than a frame holds."""


@dataclass(eq=False)
class Scope:
    """A function, with those inside it.

    name: what it is called at the top level. inner: the functions inside it. captured: the variables of functions
    around it that it is given, by what they are called in it, with whose they are. shared: its own that others assign.
    """

    function: Function
    outer: Scope | None
    name: str
    inner: dict[str, Scope] = field(default_factory=dict)
    captured: dict[str, tuple[Scope, str]] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)

    @property
    def node(self) -> ast.FunctionDef:
        """Its definition."""
        return self.function.definition

    def owner(self, name: str) -> Scope | None:
        """Return the function whose variable, or whose inner function, a name means here; None for the top level."""
        scope: Scope | None = self
        while scope is not None and name not in scope.function.locals and name not in scope.inner:
            scope = None if name in scope.function.declared else scope.outer
        return scope

    def called(self, call: ast.Call) -> Scope | None:
        """Return the inner function that a call means here; None for one of the top level."""
        owner = self.owner(callee(call))
        return None if owner is None else owner.inner.get(callee(call))

    def called_outside(self, call: ast.Call) -> Scope | None:
        """Return the function around this one whose variable a call means; None where it means something else."""
        owner = self.owner(callee(call))
        return None if owner is self or owner is None or callee(call) in owner.inner else owner

    def given(self, node: GivenFunction) -> Scope | None:
        """Return the inner function that a call is given."""
        owner = self.owner(node.id)
        return None if owner is None else owner.inner.get(node.id)

    def callees(self) -> Iterator[Scope]:
        """Yield the inner functions that this one calls, or gives to others."""
        given = (name for name in self.function.free if isinstance(name, GivenFunction))
        every = (*map(self.called, self.function.calls), *map(self.given, given))
        yield from (scope for scope in every if scope is not None)

    def dotted(self, variable: str) -> str:
        """Return what a variable of this function is called in others."""
        return f"{self.name}.{variable}"


def scopes_of(node: ast.FunctionDef, outer: Scope | None, text: SourceText) -> Iterator[Scope]:
    """Yield a function, and all that are inside it."""
    name = node.name if outer is None else f"{outer.name}.<locals>.{node.name}"
    scope = Scope(Function(node, text), outer, name)
    if outer is not None:
        check_header(node, text)
        check_name(node, text)
        if node.name in outer.function.locals or node.name in outer.inner:
            raise text.fault_at(node, *INNER_TWICE)
        outer.inner[node.name] = scope
    yield scope
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef):
            yield from scopes_of(statement, scope, text)


def capture(scope: Scope, text: SourceText) -> None:
    """Note what a function reads, and assigns, of those around it."""
    for name in scope.function.free:
        owner = scope.owner(name.id)
        if owner is not None and name.id in owner.inner and isinstance(name, GivenFunction):
            continue
        if owner is not None and name.id in owner.inner:
            raise text.fault_at(name, *function_as_value(name.id))
        if owner is not None:
            scope.captured[owner.dotted(name.id)] = owner, name.id
    for call in scope.function.calls:
        owner = scope.called_outside(call)
        if owner is not None:
            scope.captured[owner.dotted(callee(call))] = owner, callee(call)
    for statement in scope.function.nonlocals:
        for each in statement.names:
            owner = scope.owner(each)
            assert owner is not None, "Python's own symbol table lets no other through"
            if each in owner.inner:
                raise text.fault_at(statement, *function_as_value(each))
            scope.captured[owner.dotted(each)] = owner, each
            owner.shared.add(each)


def pass_on(scopes: Sequence[Scope], text: SourceText) -> None:
    """Note what functions are given for those that they call."""
    callers: dict[Scope, list[Scope]] = {}
    for scope in scopes:
        for called in {*scope.callees()}:
            callers.setdefault(called, []).append(scope)
    waiting = [scope for scope in scopes if scope.captured]
    while waiting:
        called = waiting.pop()
        if len(called.captured) > MOST_CAPTURED:
            raise text.fault_at(called.node, *TOO_MANY_CAPTURED)
        for scope in callers.get(called, ()):
            count = len(scope.captured)
            scope.captured |= {name: each for name, each in called.captured.items() if each[0] is not scope}
            if len(scope.captured) > count:
                waiting.append(scope)
