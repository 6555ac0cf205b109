"""Which parameters are functions: those that are called, and those given to a function that calls them.

    def twice(f, x): return f(f(x))             f
    def thrice(g, x): return g(twice(g, x))     g, which twice calls as well

One that the body assigns is a variable.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from latent_repl.language.parsing.function_nodes import GivenFunction, Taking
from latent_repl.language.parsing.scopes import Comprehension, Function, bound_in, callee

Takes = Mapping[str, frozenset[str]]
"""The parameters that are functions, by the name of what takes them."""


def takes_of(function: Function) -> frozenset[str]:
    """Return what was found of a function of the text before."""
    node = function.definition
    return node.takes if isinstance(node, Taking) else frozenset()


def taking(own: Iterable[Function], before: Mapping[str, Function]) -> Takes:
    """Return the parameters that are functions, of those of a text and of those before it."""
    mine = {function.name: function for function in own}
    functions = {**before, **mine}
    takes = {name: {*takes_of(function)} for name, function in functions.items()}
    passed: dict[tuple[str, str], list[tuple[str, str]]] = {}
    waiting = [(name, parameter) for name, found in takes.items() for parameter in found]
    for name, function in mine.items():
        candidates = _candidates(function)
        waiting += [(name, parameter) for parameter in _called(function) & candidates]
        for called, parameter, value in _passed(function, functions) if candidates else ():
            if value in candidates:
                passed.setdefault((called, parameter), []).append((name, value))
    while waiting:
        name, parameter = waiting.pop()
        takes[name].add(parameter)
        waiting += passed.pop((name, parameter), ())
    return {name: frozenset(found) for name, found in takes.items()}


def functional(function: Function, functions: Mapping[str, Function], takes: Takes) -> frozenset[str]:
    """Return the parameters of a function that are functions, where it is known what others take."""
    passed = _passed(function, functions)
    found = {value for called, parameter, value in passed if parameter in takes.get(called, ())}
    return frozenset((found | _called(function)) & _candidates(function))


def arguments(call: ast.Call, function: Function) -> Iterator[tuple[str, ast.expr]]:
    """Yield what a call gives, with the names of the parameters; an empty one for what `*rest` takes."""
    placed = function.placed
    for place, argument in enumerate(call.args):
        yield placed[place] if place < len(placed) else "", argument
    for keyword in call.keywords:
        yield keyword.arg or "", keyword.value


def _called(function: Function) -> set[str]:
    return {callee(call) for call in function.calls}


def _passed(function: Function, functions: Mapping[str, Function]) -> Iterator[tuple[str, str, str]]:
    """Yield for each variable that a call gives whom it calls, the parameter there, and the variable."""
    for call in function.calls:
        if (known := functions.get(callee(call))) is not None:
            for parameter, node in arguments(call, known):
                if isinstance(node, ast.Name):
                    yield known.name, parameter, node.id
    parts = (part for statement in function.definition.body for part in ast.walk(statement))
    for given in (part for part in parts if isinstance(part, GivenFunction)):
        for captured in given.captured:
            if isinstance(captured.value, ast.Name):
                yield given.id, captured.arg or "", captured.value.id


def _candidates(function: Function) -> set[str]:
    """Return the parameters that the body neither assigns nor hides."""
    every = {*function.placed, *function.by_name}
    if not function.calls:
        return set()
    parts = [part for statement in function.definition.body for part in ast.walk(statement)]
    stored = {part.id for part in parts if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)}
    hidden = frozenset[str]().union(*(bound_in(part) for part in parts if isinstance(part, Comprehension)))
    return every - stored - hidden
