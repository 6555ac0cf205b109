"""Loops over dicts whose size a round may change: it is looked at before the next one, as Python does.

for k in d: del d[k]        size = len(d); ...; if len(d) != size: RuntimeError
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Protocol

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.expressions import Expressions
from latent_repl.language.lowering.kinds import kind_of
from latent_repl.language.operators import COPY, EQUAL, KIND_OF, LENGTH, NEW_ROW, NOT_EQUAL
from latent_repl.language.parsing.scopes import callee, is_builtin
from latent_repl.language.program import RESIZED, Fail, Slot


class Loop(Protocol):
    """The hidden values of one loop."""

    def test(self, end: Label) -> None:
        """Leave the loop where there is nothing more."""

    def advance(self, end: Label) -> None:
        """Go on to what is next."""

    def take(self) -> None:
        """Assign what it has come to."""

    def release(self) -> None:
        """Free the hidden values."""


def watched(
    loop: Loop,
    source: ast.expr,
    body: Sequence[ast.AST],
    assembler: Assembler,
    expressions: Expressions,
    *,
    counted: bool,
) -> Loop:
    """Return a loop that has begun, watched where its rounds may change the size of the dict that it goes through.

    body: what runs in each round, the loop's target among it. counted: whether the rounds are, by `enumerate`; then
    what is not known to be a dict is most likely a list, and `x[i] = ...` resizes none.
    """
    of_dict = isinstance(source, ast.Call) and called_in(source) in (".keys", ".values", ".items")
    held = source.func.value if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) else source
    kind = dict if of_dict else kind_of(held, expressions.kinds)
    if not isinstance(held, ast.Name) or (held is not source and not of_dict) or kind not in (dict, None):
        return loop
    parts = [part for node in body for part in ast.walk(node)]
    if not any(_resizes(part, held.id, of_list=counted and kind is None) for part in parts):
        return loop
    row = expressions.slot(held)
    if kind is None:
        row = _dict_or_empty(assembler, row)
    elif any(isinstance(part, ast.Name) and part.id == held.id and not _is_read(part) for part in parts):
        row = _kept(assembler, row)
    return _WatchedLoop(assembler, loop, row)


def _is_read(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _kept(assembler: Assembler, row: Slot) -> Slot:
    """Return a temporary that holds a dict, whatever its variable comes to hold."""
    held = assembler.allocation.temporary()
    assembler.core(held, COPY, row)
    assembler.allocation.release(row)
    return held


def _dict_or_empty(assembler: Assembler, row: Slot) -> Slot:
    """Return a temporary that holds a dict; for what is none, an empty row stands there, which nothing resizes."""
    held, other, done = assembler.allocation.temporary(), Label(), Label()
    assembler.core(held, KIND_OF, row)
    assembler.core(held, EQUAL, held, dict)
    assembler.branch(held, other)
    assembler.core(held, COPY, row)
    assembler.jump(done)
    assembler.place(other)
    assembler.core(held, NEW_ROW, tuple)
    assembler.place(done)
    assembler.allocation.release(row)
    return held


class _WatchedLoop:
    """Fails where a dict that another loop goes through has another size than at the beginning."""

    def __init__(self, assembler: Assembler, inner: Loop, row: Slot) -> None:
        self._assembler, self._inner, self._row = assembler, inner, row
        self._size = assembler.allocation.temporary()
        assembler.core(self._size, LENGTH, row)

    def test(self, end: Label) -> None:
        other, same = self._assembler.allocation.temporary(), Label()
        self._assembler.core(other, LENGTH, self._row)
        self._assembler.core(other, NOT_EQUAL, other, self._size)
        self._assembler.branch(other, same)
        self._assembler.add(Fail("RuntimeError", RESIZED))
        self._assembler.place(same)
        self._assembler.allocation.release(other)
        self._inner.test(end)

    def advance(self, end: Label) -> None:
        self._inner.advance(end)

    def take(self) -> None:
        self._inner.take()

    def release(self) -> None:
        self._inner.release()
        self._assembler.allocation.release(self._row)
        self._assembler.allocation.release(self._size)


def _resizes(node: ast.AST, name: str, *, of_list: bool) -> bool:
    """Return whether a piece of code may change the size of the dict that a variable holds.

    of_list: whether it most likely holds a list; then only what dicts alone allow counts.
    """
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=held), attr=method)):
            return held == name and method in (
                "popitem",
                "update",
                "setdefault",
                *(() if of_list else ("pop", "clear")),
            )
        case ast.Subscript(value=ast.Name(id=held), ctx=ast.Del()):
            return held == name
        case ast.Assign(targets=targets) if not of_list:
            stored = [each.value for each in targets if isinstance(each, ast.Subscript)]
            return any(isinstance(each, ast.Name) and each.id == name for each in stored)
        case _:
            return False


def called_in(source: ast.expr) -> str:
    """Return the name of the builtin that is called, or of the method with a dot before it."""
    if not isinstance(source, ast.Call) or source.keywords:
        return ""
    if isinstance(source.func, ast.Attribute):
        return f".{source.func.attr}"
    return callee(source) if is_builtin(source) or callee(source) == "range" else ""
