"""A copy of a function that takes functions, for certain ones."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence

from latent_repl.language.parsing.errors import ErrorNames
from latent_repl.language.parsing.function_nodes import OF_PYTHON, BoundTo, Copied, GivenFunction, shown
from latent_repl.language.parsing.scopes import Function
from latent_repl.language.parsing.simplify_calls import CallSimplifier
from latent_repl.language.parsing.taking import takes_of


def bound_copy(name: str, function: Function, bound: Sequence[BoundTo], place: ast.stmt) -> Copied:
    """Return a copy of a function, which calls what its parameters are bound to; place: where it is defined.

    One of a function that does not call what is given to it raises an error where it is called.
    """
    copied = Copied(**dict(ast.iter_fields(copy.deepcopy(function.definition))))
    copied.name, copied.original, copied.bound, copied.text = name, function.name, (*bound,), function.text
    ast.copy_location(copied, place)
    try:
        _Binder(function, bound).bind(copied)
    except _Unfit:
        _raise_when_called(copied)
    return copied


def captured_argument(name: str, value: ast.expr, place: ast.expr) -> ast.keyword:
    """Return the argument of what goes with a call of a function that is given."""
    every = ast.copy_location(ast.keyword(name, copy.deepcopy(value)), place)
    ast.copy_location(every.value, place)
    return every


class _Unfit(Exception):
    """A function does not call a parameter that others give a function."""


class _Binder(ast.NodeTransformer):
    """Lets the parameters of a copy be functions."""

    def __init__(self, function: Function, bound: Sequence[BoundTo]) -> None:
        placed = function.placed
        names = [
            placed[each.place] if isinstance(each.place, int) else each.place for each in bound if _has(function, each)
        ]
        if len(names) < len(bound) or not takes_of(function) <= {*names}:
            raise _Unfit
        self._bound = dict(zip(names, bound, strict=True))

    def bind(self, node: Copied) -> None:
        """Take the parameters out of a copy, and let its calls be of the functions."""
        given = node.args
        defaults = [*[None] * (len(given.args) - len(given.defaults)), *given.defaults]
        placed = [pair for pair in zip(given.args, defaults, strict=True) if pair[0].arg not in self._bound]
        named = [
            pair for pair in zip(given.kwonlyargs, given.kw_defaults, strict=True) if pair[0].arg not in self._bound
        ]
        for name, each in self._bound.items():
            more = (ast.copy_location(ast.arg(f"{name}.{captured}"), node) for captured in each.captured)
            named += [(argument, None) for argument in more]
        given.args, given.defaults = [each for each, _ in placed], [each for _, each in placed if each is not None]
        given.kwonlyargs, given.kw_defaults = [each for each, _ in named], [each for _, each in named]
        node.body = [self.visit(statement) for statement in node.body]

    def visit_Call(self, node: ast.Call) -> ast.expr:
        given = node.func if isinstance(node.func, GivenFunction) else None
        if not isinstance(node.func, ast.Name):
            node.func = self.visit(node.func)
        node.args, node.keywords = [*map(self.visit, node.args)], [*map(self.visit, node.keywords)]
        if given is None or given.id not in self._bound:
            return node
        bound = self._bound[given.id]
        node.func = ast.copy_location(ast.Name(bound.name.removeprefix(OF_PYTHON), ast.Load()), given)
        node.keywords += self._captured(given.id, given)
        return CallSimplifier(()).visit_Call(node) if bound.name.startswith(OF_PYTHON) else node

    def visit_GivenFunction(self, node: GivenFunction) -> ast.expr:
        for each in node.captured:
            each.value = self.visit(each.value)
        if node.id in self._bound:
            node.captured, node.id = self._captured(node.id, node), self._bound[node.id].name
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._bound:
            raise _Unfit
        return node

    def _captured(self, name: str, place: ast.expr) -> list[ast.keyword]:
        """Return what goes with a call of a function that a parameter is."""
        return [
            captured_argument(each, ast.Name(f"{name}.{each}", ast.Load()), place)
            for each in self._bound[name].captured
        ]


def _raise_when_called(node: Copied) -> None:
    """Let a copy raise an error, whatever it is given."""
    node.args = ast.arguments([], [], ast.arg("values"), [], [], ast.arg("named"), [])
    said = ast.Constant(f"{shown(node.original)}() is given a function, and calls none")
    raised = ast.copy_location(ast.Raise(ErrorNames("TypeError"), said), node)
    node.body = [ast.fix_missing_locations(raised)]
    ast.fix_missing_locations(node)


def _has(function: Function, bound: BoundTo) -> bool:
    """Return whether a function has the parameter that one of another was."""
    if isinstance(bound.place, int):
        return bound.place < len(function.placed)
    return bound.place in function.by_name
