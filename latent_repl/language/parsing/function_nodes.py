"""Nodes of Lx's own around functions: those that are given to others, those that take them, and copies of these."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.scopes import Function
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import TOLD_BY

OF_PYTHON = "builtins."
"""What the name of a function of Python's own begins with, where it is given."""


class RefusedBody(ast.stmt):
    """A statement, or the body of a function, that cannot be rewritten. fault: why."""

    _fields = ()
    fault: LxSyntaxError


class GivenFunction(ast.Name):
    """A function that a call is given, or a parameter that is one. captured: what goes with each call of it."""

    captured: Sequence[ast.keyword] = ()


class Taking(ast.FunctionDef):
    """A function that takes functions; only its copies run. takes: the parameters that are functions."""

    takes: frozenset[str]


class BoundTo(NamedTuple):
    """Which function a parameter of a copy is.

    place: the parameter's among those given by place, its name where it is given by name alone. captured: the names of
    what goes with each call.
    """

    place: int | str
    name: str
    captured: tuple[str, ...]


class Copied(ast.FunctionDef):
    """A copy of a function that takes functions, for certain ones. text: where that function stands."""

    original: str
    bound: tuple[BoundTo, ...]
    text: SourceText


def function_of(node: ast.FunctionDef, text: SourceText) -> Function:
    """Return the function of a definition in a text."""
    return Function(node, node.text if isinstance(node, Copied) else text)


def refused(node: ast.stmt, error: LxSyntaxError) -> ast.stmt:
    """Return a statement that is refused where statements are checked; of a definition only the body is."""
    fault = ast.copy_location(RefusedBody(), node)
    fault.fault = error
    if not isinstance(node, ast.FunctionDef):
        return fault
    node.body = [fault]
    return node


def defined(name: str, node: ast.Lambda, place: ast.AST) -> ast.FunctionDef:
    """Return the definition of a function that says what a lambda says; place: where it stands."""
    [function] = ast.parse("def f(): return").body  # whatever fields this Python's tree has
    assert isinstance(function, ast.FunctionDef)
    function.name, function.args = name, node.args
    function.body = [ast.copy_location(ast.Return(node.body), node.body)]
    return ast.copy_location(function, place)


def shown(name: str) -> str:
    """Return what the user knows a function, or a parameter, by."""
    return name.partition(TOLD_BY)[0].rpartition(".")[2]
