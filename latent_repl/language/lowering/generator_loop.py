"""Lowering of a loop over a generator: a value is worked out when the loop comes to it, as in Python.

for x in (f(y) for y in ys if p(y)): ...        y = ys[i]; while not p(y): y = the next one; x = f(y); ...
"""

from __future__ import annotations

import ast

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.assignments import AssignmentLowering
from latent_repl.language.lowering.expressions import Expressions
from latent_repl.language.lowering.resizing import Loop
from latent_repl.language.parsing.scopes import bound_in


class GeneratorLoop:
    """The loop over a generator; inner: what the generator itself goes through."""

    def __init__(
        self,
        assembler: Assembler,
        expressions: Expressions,
        assignments: AssignmentLowering,
        inner: Loop,
        target: ast.expr,
        source: ast.GeneratorExp,
    ) -> None:
        self._assembler, self._expressions, self._assignments = assembler, expressions, assignments
        self._inner, self._target, self._source, self._end = inner, target, source, Label()

    def test(self, end: Label) -> None:
        """Leave the loop where there is nothing more."""
        self._end = end
        self._inner.test(end)

    def advance(self, end: Label) -> None:
        """Go on to what is next."""
        self._inner.advance(end)

    def take(self) -> None:
        """Work out the next value, and assign it."""
        own, known, allocation = bound_in(self._source), self._expressions.kinds, self._assembler.allocation
        allocation.bind(own)
        self._expressions.kinds = {name: kind for name, kind in known.items() if name not in own}
        self._next()
        value = self._expressions.value(self._source.elt)
        allocation.unbind()
        self._expressions.kinds = known
        self._assignments.store(self._target, value)
        allocation.release(value)

    def _next(self) -> None:
        """Go on to the next value that keeps the conditions."""
        take, skip, kept = Label(), Label(), Label()
        self._assembler.place(take)
        self._inner.take()
        conditions = self._source.generators[0].ifs
        for condition in conditions:
            slot = self._expressions.slot(condition)
            self._assembler.branch(slot, skip)
            self._assembler.allocation.release(slot)
        if conditions:
            self._assembler.jump(kept)
            self._assembler.place(skip)
            self._inner.advance(self._end)
            self._inner.test(self._end)
            self._assembler.jump(take)
            self._assembler.place(kept)

    def release(self) -> None:
        """Free the hidden values."""
        self._inner.release()
