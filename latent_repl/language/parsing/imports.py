"""`import` of a module that Lx has: its functions, as if the user had defined them there. Nothing is loaded.

    import math                  def math.gcd(*integers): ..., and all others; no program can write a name with a dot,
                                 and those that they call are called math.<own>.gcd
    math.gcd(12, 18)             a call of that function
    from math import gcd as g    def g(*integers): ...
    from string import digits    digits = "0123456789"
    string.digits                a call of `string.digits value`, which gives it
    from typing import List      nothing: annotations go

What Lx does not have stays as it is, and is refused where statements and expressions are checked.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from latent_repl.language.modules import NAMES, constants, functions

OF_CONSTANT = " value"
"""What the name of a function that gives a constant ends with."""


def imported(node: ast.stmt, known: set[str]) -> list[ast.stmt]:
    """Return what an import of modules that Lx has becomes; everything else as it is.

    known: the functions so far, to which those are added that others call. What has a dot in its name is as it was: no
    program can define another.
    """
    if refusal(node) is not None:
        return [node]
    match node:
        case ast.Import(names):
            made = [each for name in names for each in _module(name.name, name.asname or name.name, known)]
        case ast.ImportFrom(module=str(module), names=names):
            made = [each for name in names for each in _named(module, name.name, name.asname or name.name, known)]
        case _:
            return [node]
    return [_at(statement, node) for statement in made] or [ast.copy_location(ast.Pass(), node)]


def refusal(node: ast.AST) -> tuple[str, str] | None:
    """Return message and remedy for an import of what Lx does not have, None for all else."""
    match node:
        case ast.Import(names):
            unknown = next((name.name for name in names if name.name not in NAMES), None)
            return None if unknown is None else _no_module(unknown)
        case ast.ImportFrom(module=module, names=names, level=level):
            if module not in NAMES or level:
                return _no_module(module or "here")
            missing = (name.name for name in names if module != "typing" and name.name not in _known(module))
            unknown = next(missing, None)
            return None if unknown is None else no_member(module, unknown, _known(module))
        case _:
            return None


def no_member(module: str, name: str, known: Sequence[str]) -> tuple[str, str]:
    """Return message and remedy for what a module of Lx does not have; known: what it has."""
    if name == "*":
        return "import * is not in Lx", f"write the names, as in from {module} import {known[0]}"
    close = get_close_matches(name, known, n=1, cutoff=0.7)
    remedy = f"did you mean {close[0]}?" if close else f"it has {', '.join(known)}"
    return f"{name} of {module} is not in Lx", remedy


def no_attribute(node: ast.Attribute, variables: Collection[str], functions: Collection[str]) -> tuple[str, str] | None:
    """Return message and remedy where an attribute is of a module; functions: those in force. None for all else."""
    if not isinstance(node.value, ast.Name) or node.value.id in variables:
        return None
    module = node.value.id
    if known := members(module, functions):
        return no_member(module, node.attr, known)
    return (f"{module} is not imported", f"write import {module} before") if module in NAMES else None


def members(module: str, functions: Collection[str]) -> list[str]:
    """Return what an imported module has, by the name that it is imported as; functions: those in force."""
    every = (name.removesuffix(OF_CONSTANT).partition(".") for name in functions)
    return [name for imported_as, _, name in every if imported_as == module and name and name[0] != "<"]


def first_member(name: str, variables: Collection[str], functions: Collection[str]) -> str:
    """Return what stands first in the module that a name means; an empty name where it means none."""
    for module in NAMES:
        for first in _known(module)[:1]:
            dotted = f"{name}.{first}{OF_CONSTANT * (first in constants(module))}"
            if dotted in functions and name not in variables:
                return first
    return ""


def dotted_name(node: ast.Attribute, own: Collection[str]) -> ast.expr | None:
    """Return what stands for a module's function, or for its constant; None where it is neither.

    own: the names that mean something of the user's where it stands.
    """
    if not isinstance(node.value, ast.Name) or node.value.id in own:
        return None
    dotted = f"{node.value.id}.{node.attr}"
    if dotted in own:
        return ast.copy_location(ast.Name(dotted, node.ctx), node)
    if dotted + OF_CONSTANT in own:
        called = ast.Name(dotted + OF_CONSTANT, ast.Load())
        return ast.fix_missing_locations(ast.copy_location(ast.Call(called, [], []), node))
    return None


def _module(module: str, name: str, known: set[str]) -> Iterator[ast.stmt]:
    """Yield what a module has and is not known yet, under the name that it is imported as."""
    for each in _known(module):
        given = each in constants(module)
        if (dotted := f"{name}.{each}{OF_CONSTANT * given}") not in known:
            yield from [_constant(module, each, dotted)] if given else _function(module, each, dotted, known)


def _named(module: str, name: str, alias: str, known: set[str]) -> Iterator[ast.stmt]:
    """Yield a function of a module, or a constant, under the name that it is imported as."""
    if name in constants(module):
        yield ast.Assign([ast.Name(alias, ast.Store())], ast.Constant(constants(module)[name]))
    elif name in functions(module):
        yield from _function(module, name, alias, known)


def _constant(module: str, name: str, alias: str) -> ast.FunctionDef:
    [function] = ast.parse(f"def f(): return {ast.unparse(ast.Constant(constants(module)[name]))}").body
    assert isinstance(function, ast.FunctionDef)
    function.name = alias
    return function


def _function(module: str, name: str, alias: str, known: set[str]) -> Iterator[ast.FunctionDef]:
    """Yield a function of a module under another name, and those that it calls, if they are not known yet."""
    function = copy.deepcopy(functions(module)[name])
    function.name = alias
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions(module):
            called, node.func.id = node.func.id, f"{module}.<own>.{node.func.id}"
            if node.func.id not in known:
                known.add(node.func.id)
                yield from _function(module, called, node.func.id, known)
    yield function


def _known(module: str) -> list[str]:
    return [name for name in (*functions(module), *constants(module)) if name[0] != "_"]


def _no_module(name: str) -> tuple[str, str]:
    return f"the module {name} is not in Lx", f"Lx has {', '.join(NAMES)}; write out what else you need"


def _at(statement: ast.stmt, place: ast.stmt) -> ast.stmt:
    for node in ast.walk(statement):
        if isinstance(node, ast.stmt | ast.expr | ast.arg | ast.keyword):
            ast.copy_location(node, place)
    return statement
