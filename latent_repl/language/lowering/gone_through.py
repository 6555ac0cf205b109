"""Ranges that a function of the user's is given: a list stands for one where nobody can tell them apart.

    def total(xs): return sum(x * x for x in xs)
    total(range(4))                                 total(list(range(4)))

So it is where the parameter is only gone through, measured, or asked whether something is in it or whether it is empty.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from latent_repl.language.operators import MAX, MIN
from latent_repl.language.parsing.scopes import Function, callee, is_builtin, is_call
from latent_repl.language.parsing.taking import arguments
from latent_repl.language.signatures import CONSUMERS, REWRITTEN_CONSUMERS

Lookup = Callable[[str], Function | None]
"""From a name to the function that it means."""


def is_range(node: ast.expr) -> bool:
    """Return whether an expression is a range."""
    return isinstance(node, ast.Call) and is_builtin(node) and callee(node) == "range"


def is_gone_through(function: Function, parameter: str, lookup: Lookup) -> bool:
    """Return whether nobody can tell a list from a range that a parameter is given."""
    waiting, seen = [(function, parameter)], {(function.name, parameter)}
    while waiting:
        function, parameter = waiting.pop()
        if not parameter or parameter in (function.rest, function.others):
            return False
        allowed = set[int]()
        for node in (part for statement in function.definition.body for part in ast.walk(statement)):
            allowed |= {id(part) for part in _gone_through_by(node)}
            for called, name, given in _passed(node, lookup):
                allowed.add(id(given))
                if isinstance(given, ast.Name) and given.id == parameter and (called.name, name) not in seen:
                    seen.add((called.name, name))
                    waiting.append((called, name))
        names = (part for statement in function.definition.body for part in ast.walk(statement))
        if any(isinstance(each, ast.Name) and each.id == parameter and id(each) not in allowed for each in names):
            return False
    return True


def _passed(node: ast.AST, lookup: Lookup) -> Iterator[tuple[Function, str, ast.expr]]:
    """Yield what a call gives to a function, and to which parameter."""
    if isinstance(node, ast.Call) and is_call(node) and (called := lookup(callee(node))) is not None:
        for parameter, given in arguments(node, called):
            yield called, parameter, given


def _gone_through_by(node: ast.AST) -> Sequence[ast.expr]:
    match node:
        case ast.For() | ast.comprehension():
            return [node.iter]
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.UnaryOp(op=ast.Not(), operand=test):
            return [test]
        case ast.Compare(comparators=[sought], ops=[ast.In() | ast.NotIn()]):
            return [sought]
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=value):
            return [value]
        case ast.Call(func=ast.Name(id=name), args=given) if is_builtin(node):
            if name == "zip":
                return given
            alone = name not in (MAX, MIN) or len(given) == 1
            return given[:1] if name in (*CONSUMERS, *REWRITTEN_CONSUMERS) and alone else []
        case _:
            return []
