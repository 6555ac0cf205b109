"""The user's functions: which variables a piece of code reads, calls included, and what a function's body must keep.

    def f(a):
        b = a * k
        return b + 1

parameters ("a",), local variables {a, b}, free variables (k,), which f reads from outside; behind
`global k` it assigns them, too.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TypeGuard

from latent_repl.errors import CapacityError
from latent_repl.language.operators import RESERVED_NAMES
from latent_repl.language.parsing.holes import hole_number
from latent_repl.language.parsing.source_text import SourceText

MAXIMUM_REACHED = 200
"""Functions that one statement may come to call; calls are no deeper either. Chosen."""


@dataclass(frozen=True)
class Function:
    """A function of the user's, with the text it stands in."""

    definition: ast.FunctionDef
    text: SourceText

    @property
    def name(self) -> str:
        """What calls name it by."""
        return self.definition.name

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The parameters: those given by place or by name, by name alone, `*rest`, `**others`."""
        return tuple(argument.arg for argument in parameters_in(self.definition.args))

    @cached_property
    def by_name(self) -> tuple[str, ...]:
        """The parameters that are given by name alone."""
        return tuple(argument.arg for argument in self.definition.args.kwonlyargs)

    @property
    def rest(self) -> str:
        """The parameter that takes the remaining arguments by place, as a tuple; an empty name for none."""
        return _named(self.definition.args.vararg)

    @property
    def others(self) -> str:
        """The parameter that takes the remaining arguments by name, as a dict; an empty name for none."""
        return _named(self.definition.args.kwarg)

    @cached_property
    def placed(self) -> tuple[str, ...]:
        """The parameters that are given by place or by name."""
        return self.parameters[: len(self.definition.args.args)]

    @cached_property
    def locals(self) -> tuple[str, ...]:
        """The parameters, then every other variable that the body assigns or deletes and does not declare as one of
        outside."""
        outside = self.declared.union(*(statement.names for statement in self.nonlocals))
        names = (name.id for name in self._names if not isinstance(name.ctx, ast.Load))
        return tuple(dict.fromkeys([*self.parameters, *(name for name in names if name not in outside)]))

    @cached_property
    def declared(self) -> frozenset[str]:
        """The names that stand behind `global`."""
        return frozenset(name for part in self._parts if isinstance(part, ast.Global) for name in part.names)

    @cached_property
    def nonlocals(self) -> tuple[ast.Nonlocal, ...]:
        """What declares variables of a function around this one."""
        return tuple(part for part in self._parts if isinstance(part, ast.Nonlocal))

    @cached_property
    def _parts(self) -> tuple[ast.AST, ...]:
        """Every node of the body, but for those of functions inside it."""
        own = (statement for statement in self.definition.body if not isinstance(statement, ast.FunctionDef))
        return tuple(part for statement in own for part in ast.walk(statement))

    @cached_property
    def _names(self) -> tuple[ast.Name, ...]:
        return tuple(name for statement in self.definition.body for name in names_in(statement))

    @cached_property
    def defaults(self) -> Mapping[str, ast.expr]:
        """The literals that stand for arguments that are left out, by parameter."""
        given = self.definition.args
        last = self.placed[len(self.placed) - len(given.defaults) :]
        every = (*zip(last, given.defaults, strict=True), *zip(self.by_name, given.kw_defaults, strict=True))
        return {name: default for name, default in every if default is not None}

    @cached_property
    def free(self) -> tuple[ast.Name, ...]:
        """Where the body mentions variables that are not its own."""
        own = {*self.locals}
        return tuple(name for name in self._names if name.id not in own)

    @cached_property
    def changes(self) -> frozenset[str]:
        """The variables outside that the body assigns."""
        return frozenset(name.id for name in self.free if not isinstance(name.ctx, ast.Load))

    @cached_property
    def calls(self) -> tuple[ast.Call, ...]:
        """The calls of other functions of the user's, in the body itself."""
        return tuple(call for statement in self.definition.body for call in calls_in(statement))

    @cached_property
    def callees(self) -> tuple[str, ...]:
        """The names of the functions that the body calls, each once."""
        return tuple(dict.fromkeys(map(callee, self.calls)))


Functions = Mapping[str, Function]


def top_level(functions: Functions) -> Mapping[str, Function]:
    """Return the functions that programs can name: none inside others, none of modules, and no copies."""
    return {name: function for name, function in functions.items() if name.isidentifier()}


def parameters_in(given: ast.arguments) -> list[ast.arg]:
    """Return the parameters of a function, in the order of its slots."""
    packing = (each for each in (given.vararg, given.kwarg) if each is not None)
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *packing]


def _named(argument: ast.arg | None) -> str:
    return "" if argument is None else argument.arg


class FunctionsBefore(Functions):
    """The functions in force before a statement of a text that defines some; all its statements share one table.

    before: those from before the text. defined: by name, where each is defined, in order, and as what.
    """

    def __init__(
        self, before: Functions, defined: Mapping[str, Sequence[tuple[int, Function]]], statement: int
    ) -> None:
        self._before, self._defined, self._statement = before, defined, statement

    def __getitem__(self, name: str) -> Function:
        every = self._defined.get(name, ())
        place = bisect_left(every, self._statement, key=itemgetter(0))
        return every[place - 1][1] if place else self._before[name]

    def __iter__(self) -> Iterator[str]:
        own = (name for name, [(first, _), *_] in self._defined.items() if first < self._statement)
        return iter(dict.fromkeys([*self._before, *own]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def blocks_in(statement: ast.stmt | ast.match_case) -> list[list[ast.stmt]]:
    """Return the blocks of a compound statement, or of a case, in the order of the text; none of a simple one."""
    handlers: list[ast.ExceptHandler] = getattr(statement, "handlers", [])
    cases: list[ast.match_case] = getattr(statement, "cases", [])
    body, orelse = getattr(statement, "body", []), getattr(statement, "orelse", [])
    inner = [*(handler.body for handler in handlers), *(case.body for case in cases)]
    return [body, *inner, orelse, getattr(statement, "finalbody", [])]


def calls_in(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls of the user's functions in a piece of code; a definition calls nothing."""
    if isinstance(node, ast.FunctionDef):
        return
    for child in ast.walk(node):
        if isinstance(child, ast.expr) and is_call(child):
            yield child


def callee(call: ast.Call) -> str:
    """Return the name of what is called, an empty one where it is no name."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def is_call(node: ast.expr) -> TypeGuard[ast.Call]:
    """Return whether an expression is a call of one of the user's functions."""
    return isinstance(node, ast.Call) and callee(node) not in ("", *RESERVED_NAMES) and not is_builtin(node)


def is_spread(call: ast.Call) -> bool:
    """Return whether a call of one of the user's functions has its arguments by place behind a star, all of them."""
    return any(isinstance(argument, ast.Starred) for argument in call.args)


class BuiltinLoad(ast.Load):
    """How the name of a builtin is read, where it is called: no variable and no function of the user's hides it."""


def is_builtin(node: ast.expr) -> TypeGuard[ast.Call]:
    """Return whether an expression calls one of Python's own functions."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and isinstance(node.func.ctx, BuiltinLoad)


def returned(node: ast.Return) -> ast.expr | None:
    """Return what stands behind `return`; nothing where that is None."""
    return None if isinstance(node.value, ast.Constant) and node.value.value is None else node.value


def reached(node: ast.AST, functions: Functions) -> dict[str, Function]:
    """Return every function that a piece of code calls, directly or through others.

    Raises CapacityError for more than MAXIMUM_REACHED.
    """
    found: dict[str, Function] = {}
    waiting = [callee(call) for call in calls_in(node)]
    while waiting:
        name = waiting.pop()
        if name in functions and name not in found:
            found[name] = functions[name]
            if len(found) > MAXIMUM_REACHED:
                message = f"one statement calls more than {MAXIMUM_REACHED} functions, directly or through others"
                raise CapacityError(f"{message}: do the work in fewer")
            waiting += functions[name].callees
    return found


def changed_by(node: ast.AST, functions: Functions) -> frozenset[str]:
    """Return the variables outside that the functions assign which a piece of code calls."""
    return frozenset[str]().union(*(function.changes for function in reached(node, functions).values()))


def named_in(node: ast.AST) -> list[str]:
    """Return the variables that `:=` assigns in a piece of code, each as often as it does."""
    return [part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr)]


def declared_in(node: ast.AST) -> frozenset[str]:
    """Return the names that stand behind `global` in a piece of code."""
    return frozenset(name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names)


def is_variable(node: ast.Name) -> bool:
    """Return whether a name is a variable rather than a hole or one of Lx's own functions."""
    return hole_number(node) is None and node.id not in RESERVED_NAMES


def variables_in(node: ast.AST, functions: Functions) -> Iterator[ast.Name]:
    """Yield where a piece of code mentions variables, in source order; what the functions it calls read comes last."""
    yield from sorted(names_in(node), key=lambda name: (name.lineno, name.col_offset))
    for function in reached(node, functions).values():
        yield from function.free


def bound_in(node: Comprehension) -> frozenset[str]:
    """Return the names of a comprehension's own variables, which end with it."""
    targets = (part for generator in node.generators for part in ast.walk(generator.target))
    return frozenset(part.id for part in targets if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))


def names_in(node: ast.AST) -> Iterator[ast.Name]:
    """Yield where a piece of code mentions variables of its own scope, in no certain order; a definition has none."""
    match node:
        case ast.FunctionDef():
            return
        case ast.Name():
            if is_variable(node):
                yield node
        case ast.Call():
            # What is called by name is a function; what a method is called on is a value.
            called = [] if isinstance(node.func, ast.Name) else [node.func]
            for part in (*called, *node.args, *node.keywords):
                yield from names_in(part)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            yield from _names_outside(node)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from names_in(child)


def _names_outside(node: Comprehension) -> Iterator[ast.Name]:
    """Yield the names in a comprehension that are not its own; what it goes through first is read outside it."""
    first, own = node.generators[0].iter, bound_in(node)
    within = {id(part) for part in ast.walk(first)}
    for child in ast.iter_child_nodes(node):
        yield from (name for name in names_in(child) if id(name) in within or name.id not in own)
