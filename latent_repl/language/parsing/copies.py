"""Functions that take functions: a copy for each that they are given, which calls it by its name.

    def twice(f, x): return f(f(x))        def twice!f=double(x): return double(double(x))
    twice(double, 3)                       twice!f=double(3)

What goes with each call of a function inside another one goes with the copy:

    twice(g, 3), where g is called g(x, f.a=f.a)    twice!f=f.<locals>.g(3, f.f.a=f.a)

Where a function is defined anew, so are those of its copies that others call.
Source: Reynolds, 1972, "Definitional interpreters for higher-order programming languages", has one case for each
function that is a value. Which one it is, is known here where the call stands.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.bound_copy import bound_copy, captured_argument
from latent_repl.language.parsing.definitions import check_call
from latent_repl.language.parsing.function_nodes import BoundTo, Copied, GivenFunction, Taking, refused, shown
from latent_repl.language.parsing.holes import HOLE_LETTER
from latent_repl.language.parsing.refusals import (
    FUNCTION_MISSING,
    FUNCTION_NEEDED,
    HOLE_COPIED,
    STAR_OF_FUNCTIONS,
    TAKING_GIVEN,
    TOO_MANY_COPIES,
    function_as_value,
    named_refusal,
    uncalled_refusal,
)
from latent_repl.language.parsing.scopes import Function, Functions, callee, is_call, is_spread
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.parsing.taking import arguments, functional, taking
from latent_repl.language.program import TOLD_BY

# Copies that a text may come to need, the nodes of all of them, and the longest name of one. Chosen: more than people
# write.
MOST_COPIES, MOST_NODES, LONGEST_NAME = 200, 100_000, 2_000


def write_copies(module: ast.Module, text: SourceText, before: Functions) -> None:
    """Rewrite a text's tree in place: calls that give functions call copies, defined behind what they are copies of.

    What is wrong is refused where statements are checked. before: the functions from before the text.
    """
    writer = _CopyWriter(module, text, before)
    module.body = writer.with_copies([writer.written(node) for node in module.body])


class _Called(NamedTuple):
    """What a function is called by, and what goes with each call."""

    name: str
    captured: Sequence[ast.keyword]


class _Need(NamedTuple):
    """A copy that is called. original: the name of what it is a copy of. bound: which function each parameter is."""

    original: str
    bound: tuple[BoundTo, ...]


class _CopyWriter:
    """Rewrites the statements of a text, and notes the copies that they need."""

    def __init__(self, module: ast.Module, text: SourceText, before: Functions) -> None:
        self.text, self.before = text, before
        own = [Function(node, text) for node in module.body if isinstance(node, ast.FunctionDef)]
        known = {name: each for name, each in before.items() if isinstance(each.definition, Taking)}
        self.functions = {**known, **{each.name: each for each in own}}
        self.takes = taking(own, known)
        self.needed: dict[str, _Need] = {}
        self.nodes = 0

    def written(self, node: ast.stmt) -> ast.stmt:
        """Return what becomes of a statement."""
        try:
            if isinstance(node, ast.FunctionDef):
                return self._definition(node)
            _CallRewriter(self, self.text, frozenset()).visit(node)
        except LxSyntaxError as error:
            return refused(node, error)
        return node

    def _definition(self, node: ast.FunctionDef) -> ast.FunctionDef:
        takes = functional(Function(node, self.text), self.functions, self.takes)
        rewriter = _CallRewriter(self, self.text, takes)
        for statement in node.body:
            rewriter.visit(statement)
        if not takes:
            return node
        _refuse_holes(node, self.text)
        made = ast.copy_location(Taking(**dict(ast.iter_fields(node))), node)
        made.takes = takes
        return made

    def need(self, original: str, given: Mapping[str, GivenFunction], node: ast.expr, text: SourceText) -> _Called:
        """Note that a copy is needed, and return what calls it. given: the function that each parameter is."""
        function = self.functions[original]
        bound, told, captured = list[BoundTo](), list[str](), list[ast.keyword]()
        for parameter in (name for name in (*function.placed, *function.by_name) if name in given):
            called = self._called(given[parameter], text)
            place = function.placed.index(parameter) if parameter in function.placed else parameter
            bound.append(BoundTo(place, called.name, tuple(str(each.arg) for each in called.captured)))
            told.append(f"{parameter}={called.name}")
            captured += [captured_argument(f"{parameter}.{each.arg}", each.value, node) for each in called.captured]
        name = f"{original}{TOLD_BY}{','.join(told)}"
        if name not in self.needed:
            self.nodes += sum(1 for _ in ast.walk(function.definition))
            if len(name) > LONGEST_NAME or len(self.needed) >= MOST_COPIES or self.nodes > MOST_NODES:
                raise text.fault_at(node, *named_refusal(TOO_MANY_COPIES, shown(original)))
        self.needed[name] = _Need(original, tuple(bound))
        return _Called(name, captured)

    def _called(self, given: GivenFunction, text: SourceText) -> _Called:
        """Return what a function that is given is called by: a copy, where it takes functions itself."""
        takes = self.takes.get(given.id, frozenset())
        known = {str(each.arg): each.value for each in given.captured if each.arg in takes}
        functions = {name: value for name, value in known.items() if isinstance(value, GivenFunction)}
        if len(functions) < len(takes):
            raise text.fault_at(given, *named_refusal(TAKING_GIVEN, shown(given.id)))
        if not takes:
            return _Called(given.id, given.captured)
        copied = self.need(given.id, functions, given, text)
        return _Called(copied.name, [*(each for each in given.captured if each.arg not in takes), *copied.captured])

    def with_copies(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Return the statements of the text with the copies that are needed, which may need others."""
        self._need_again()
        defined: dict[str, list[ast.FunctionDef]] = {}
        for node in body:
            if isinstance(node, ast.FunctionDef):
                defined.setdefault(node.name, []).append(node)
        behind: dict[int, list[ast.stmt]] = {}
        first, done = list[ast.stmt](), set[str]()
        while waiting := [name for name in self.needed if name not in done]:
            for name in waiting:
                done.add(name)
                need = self.needed[name]
                for node in defined.get(need.original, ()):
                    behind.setdefault(id(node), []).append(self._copy(name, need, Function(node, self.text), node))
                if need.original not in defined:
                    first.append(self._copy(name, need, self.before[need.original], body[0]))
        return [*first, *(each for node in body for each in (node, *behind.get(id(node), ())))]

    def _need_again(self) -> None:
        """Note the copies that functions of before call, of what the text defines anew."""
        anew = {name: each for name, each in self.functions.items() if each.text is self.text}
        for name, function in self.before.items():
            node = function.definition
            if isinstance(node, Copied) and node.original in anew and self._is_called(name, anew):
                self.needed.setdefault(name, _Need(node.original, node.bound))

    def _is_called(self, name: str, anew: Collection[str]) -> bool:
        return any(name in each.callees for each in self.before.values() if each.name not in anew)

    def _copy(self, name: str, need: _Need, function: Function, place: ast.stmt) -> ast.stmt:
        """Return a copy; one that would need too many others is refused."""
        copied = bound_copy(name, function, need.bound, place)
        rewriter = _CallRewriter(self, function.text, frozenset())
        try:
            for statement in copied.body:
                rewriter.visit(statement)
        except LxSyntaxError as error:
            return refused(copied, error)
        return copied


class _CallRewriter(ast.NodeTransformer):
    """Rewrites calls that give functions.

    takes: the parameters that are functions where it is. Where there are any, calls are marked alone: copies run.
    """

    def __init__(self, writer: _CopyWriter, text: SourceText, takes: frozenset[str]) -> None:
        self._writer, self._text, self._takes = writer, text, takes

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if not is_call(node):
            self.generic_visit(node)
            return node
        name, function = callee(node), self._writer.functions.get(callee(node))
        taken = frozenset[str]() if name in self._takes else self._writer.takes.get(name, frozenset())
        if taken and is_spread(node):
            raise self._text.fault_at(node, *named_refusal(STAR_OF_FUNCTIONS, shown(name)))
        if taken and function is not None:
            check_call(node, function, self._text)
        parameters = [each for each, _ in arguments(node, function)] if taken and function is not None else []
        places = [*parameters, *("" for _ in (*node.args, *node.keywords))]
        for index, argument in enumerate(node.args):
            node.args[index] = self._argument(argument, name, places[index], taken)
        for keyword, parameter in zip(node.keywords, places[len(node.args) :], strict=False):
            keyword.value = self._argument(keyword.value, name, parameter, taken)
        if name in self._takes:
            node.func = ast.copy_location(GivenFunction(name, ast.Load()), node.func)
        if missing := sorted(taken.difference(parameters)):
            raise self._text.fault_at(node, *named_refusal(FUNCTION_MISSING, shown(missing[0])))
        if taken and not self._takes:
            self._call_copy(node, parameters, taken)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._takes:
            raise self._text.fault_at(node, *function_as_value(shown(node.id)))
        return node

    def _argument(self, node: ast.expr, function: str, parameter: str, taken: frozenset[str]) -> ast.expr:
        if parameter in taken:
            return self._function(node, function)
        if isinstance(node, GivenFunction):
            raise self._text.fault_at(node, *uncalled_refusal(shown(function), shown(node.id)))
        return self.visit(node)

    def _function(self, node: ast.expr, function: str) -> GivenFunction:
        match node:
            case GivenFunction():
                takes = self._writer.takes.get(node.id, frozenset())
                for each in node.captured:
                    each.value = self._function(each.value, function) if each.arg in takes else each.value
                return node
            case ast.Name(id=name) if name in self._takes:
                return ast.copy_location(GivenFunction(name, ast.Load()), node)
            case _:
                raise self._text.fault_at(node, *named_refusal(FUNCTION_NEEDED, shown(function)))

    def _call_copy(self, node: ast.Call, parameters: Sequence[str], taken: frozenset[str]) -> None:
        """Let a call be of the copy for what it gives."""
        every = [*zip(parameters, [*node.args, *(each.value for each in node.keywords)], strict=True)]
        functions = {name: value for name, value in every if name in taken and isinstance(value, GivenFunction)}
        called = self._writer.need(callee(node), functions, node, self._text)
        node.func = ast.copy_location(ast.Name(called.name, ast.Load()), node.func)
        node.args = [value for name, value in every[: len(node.args)] if name not in taken]
        node.keywords = [*(each for each in node.keywords if each.arg not in taken), *called.captured]


def _refuse_holes(node: ast.FunctionDef, text: SourceText) -> None:
    for part in ast.walk(node):
        if (isinstance(part, ast.Name) and part.id == HOLE_LETTER) or (
            isinstance(part, ast.BinOp) and isinstance(part.op, ast.MatMult)
        ):
            raise text.fault_at(part, *named_refusal(HOLE_COPIED, node.name))
