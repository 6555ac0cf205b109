"""Lowering of what `for` goes through: ranges, rows that may grow, rows that do not, and several at once.

for x in xs           i = -len(xs); while i: x = xs[i]; ...; i += 1      where nothing can change xs meanwhile
                      i = 0; while i < len(xs): x = xs[i]; ...; i += 1   elsewhere
for k in d            as for list(d); where a round may change the size of d, it is looked at before the next one
for x in (f(y) for y in ys)   y = ys[i]; x = f(y); ...
for i, x in enumerate(xs), for k, v in d.items(), for x, y in zip(xs, ys): without a tuple for each round
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.assignments import AssignmentLowering
from latent_repl.language.lowering.expressions import Expressions
from latent_repl.language.lowering.generator_loop import GeneratorLoop
from latent_repl.language.lowering.kinds import kind_of
from latent_repl.language.lowering.ranges import Range, Ranges
from latent_repl.language.lowering.resizing import Loop, called_in, watched
from latent_repl.language.operators import ADD, APPEND, COPY, LENGTH, LESS, MIN, NEGATE
from latent_repl.language.parsing.scopes import is_call
from latent_repl.language.program import Slot

CHANGING = (
    APPEND,
    "extend",
    "insert",
    "remove",
    "pop",
    "clear",
    "sort",
    "reverse",
    "update",
    "setdefault",
    "popitem",
)
"""The methods that may change a row which is gone through."""


class Loops:
    """Begins loops: evaluates what they go through."""

    def __init__(
        self, assembler: Assembler, expressions: Expressions, assignments: AssignmentLowering, limits: tuple[int, int]
    ) -> None:
        self._assembler, self._expressions, self._assignments = assembler, expressions, assignments
        self._ranges = Ranges(assembler, expressions, *limits)

    def begin(self, target: ast.expr, source: ast.expr, body: Sequence[ast.AST], *, counted: bool = False) -> Loop:
        """Return the loop that assigns the parts of a source to a target.

        body: what is run in each round. counted: whether the rounds are.
        """
        loop = self._begin(target, source, body)
        return watched(loop, source, [target, *body], self._assembler, self._expressions, counted=counted)

    def _begin(self, target: ast.expr, source: ast.expr, body: Sequence[ast.AST]) -> Loop:
        given = source.args if isinstance(source, ast.Call) else []
        pair = target.elts if isinstance(target, ast.Tuple | ast.List) else []
        match called_in(source):
            case "range":
                return _RangeLoop(self._assembler, self._assignments, self._ranges, target, source, body)
            case "enumerate" if len(pair) == 2:
                inner = self.begin(pair[1], given[0], body, counted=True)
                start = given[1] if len(given) > 1 else _start(source)
                counter = self._ranges.start(start)
                return _CountedLoop(self._assembler, self._assignments, inner, pair[0], counter)
            case "zip" if len(pair) == len(given) > 0:
                rows = [self._row(each) for each in given]
                return _ParallelLoop(self._assembler, self._assignments, pair, rows)
            case ".items" if len(pair) == 2 and isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute):
                row = self._expressions.routine("entries", [source.func.value])
                return _SettledLoop(self._assembler, self._assignments, pair, row)
        if isinstance(source, ast.GeneratorExp):
            [each] = source.generators
            inner = self.begin(each.target, each.iter, [source.elt, *each.ifs, target, *body])
            return GeneratorLoop(self._assembler, self._expressions, self._assignments, inner, target, source)
        row = self._row(source)
        if self._is_new(source) or not any(map(_changes, body)):
            return _SettledLoop(self._assembler, self._assignments, [target], row)
        return _GrowingLoop(self._assembler, self._assignments, target, row)

    def _row(self, source: ast.expr) -> Slot:
        """Return a temporary that holds a row whose cells are gone through."""
        if self._is_new(source) and self._kind(source) in (str, list, tuple):
            return self._expressions.value(source)
        return self._expressions.routine("iterable", [source])

    def _is_new(self, source: ast.expr) -> bool:
        """Return whether nothing else refers to the value of an expression."""
        if self._kind(source) is str:
            return True
        if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute):
            return self._kind(source) is not None
        named = isinstance(source, ast.Name | ast.Subscript | ast.IfExp | ast.NamedExpr)
        return self._kind(source) is not None and not named

    def _kind(self, source: ast.expr) -> type | None:
        return kind_of(source, self._expressions.kinds)


class _RangeLoop:
    def __init__(
        self,
        assembler: Assembler,
        assignments: AssignmentLowering,
        ranges: Ranges,
        target: ast.expr,
        source: ast.expr,
        body: Sequence[ast.AST],
    ) -> None:
        self._assembler, self._assignments, self._ranges, self._target = assembler, assignments, ranges, target
        self._hidden: Range = ranges.begin(target, source, body)

    def test(self, end: Label) -> None:
        self._ranges.test(self._hidden, end)

    def advance(self, end: Label) -> None:
        self._ranges.advance(self._hidden, end)

    def take(self) -> None:
        self._assignments.store(self._target, self._hidden.counter)

    def release(self) -> None:
        self._ranges.end(self._hidden)


class _SettledLoop:
    """Goes through a row that does not change, from -len up to 0, one cell or several a round."""

    def __init__(
        self, assembler: Assembler, assignments: AssignmentLowering, targets: Sequence[ast.expr], row: Slot
    ) -> None:
        self._assembler, self._assignments, self._targets, self._row = assembler, assignments, targets, row
        self._index = assembler.allocation.temporary()
        assembler.core(self._index, LENGTH, row)
        assembler.core(self._index, NEGATE, self._index)

    def test(self, end: Label) -> None:
        self._assembler.branch(self._index, end)

    def advance(self, end: Label) -> None:
        self._assembler.core(self._index, ADD, self._index, len(self._targets))

    def take(self) -> None:
        for offset, target in enumerate(self._targets):
            if offset:
                place = self._assembler.allocation.temporary()
                self._assembler.core(place, ADD, self._index, offset)
                self._assignments.take(target, self._row, place)
                self._assembler.allocation.release(place)
            else:
                self._assignments.take(target, self._row, self._index)

    def release(self) -> None:
        self._assembler.allocation.release(self._row)
        self._assembler.allocation.release(self._index)


class _GrowingLoop:
    """Goes through a row whose length is looked at before each round."""

    def __init__(self, assembler: Assembler, assignments: AssignmentLowering, target: ast.expr, row: Slot) -> None:
        self._assembler, self._assignments, self._target, self._row = assembler, assignments, target, row
        self._index = assembler.allocation.temporary()
        assembler.core(self._index, COPY, 0)

    def test(self, end: Label) -> None:
        rest = self._assembler.allocation.temporary()
        self._assembler.core(rest, LENGTH, self._row)
        self._assembler.core(rest, LESS, self._index, rest)
        self._assembler.branch(rest, end)
        self._assembler.allocation.release(rest)

    def advance(self, end: Label) -> None:
        self._assembler.core(self._index, ADD, self._index, 1)

    def take(self) -> None:
        self._assignments.take(self._target, self._row, self._index)

    def release(self) -> None:
        self._assembler.allocation.release(self._row)
        self._assembler.allocation.release(self._index)


class _CountedLoop:
    """Counts the rounds of another loop."""

    def __init__(
        self, assembler: Assembler, assignments: AssignmentLowering, inner: Loop, target: ast.expr, counter: Slot
    ) -> None:
        self._assembler, self._assignments = assembler, assignments
        self._inner, self._target, self._counter = inner, target, counter

    def test(self, end: Label) -> None:
        self._inner.test(end)

    def advance(self, end: Label) -> None:
        self._inner.advance(end)
        self._assembler.core(self._counter, ADD, self._counter, 1)

    def take(self) -> None:
        self._assignments.store(self._target, self._counter)
        self._inner.take()

    def release(self) -> None:
        self._inner.release()
        self._assembler.allocation.release(self._counter)


class _ParallelLoop:
    """Goes through several rows at once, to the end of the shortest."""

    def __init__(
        self, assembler: Assembler, assignments: AssignmentLowering, targets: Sequence[ast.expr], rows: Sequence[Slot]
    ) -> None:
        self._assembler, self._assignments, self._targets, self._rows = assembler, assignments, targets, rows
        self._index, self._end = assembler.allocation.temporary(), assembler.allocation.temporary()
        assembler.core(self._end, LENGTH, rows[0])
        for row in rows[1:]:
            assembler.core(self._index, LENGTH, row)
            assembler.core(self._end, MIN, self._end, self._index)
        assembler.core(self._index, COPY, 0)

    def test(self, end: Label) -> None:
        more = self._assembler.allocation.temporary()
        self._assembler.core(more, LESS, self._index, self._end)
        self._assembler.branch(more, end)
        self._assembler.allocation.release(more)

    def advance(self, end: Label) -> None:
        self._assembler.core(self._index, ADD, self._index, 1)

    def take(self) -> None:
        for target, row in zip(self._targets, self._rows, strict=True):
            self._assignments.take(target, row, self._index)

    def release(self) -> None:
        for slot in (*self._rows, self._index, self._end):
            self._assembler.allocation.release(slot)


def _start(source: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Constant(0), source)


def _changes(node: ast.AST) -> bool:
    """Return whether running this may change the length of a row."""
    for part in ast.walk(node):
        match part:
            case ast.Call(func=ast.Attribute(attr=name)) if name in CHANGING:
                return True
            case ast.Call() if is_call(part):
                return True
            case ast.AugAssign() | ast.Delete() | ast.Subscript(ctx=ast.Store(), slice=ast.Slice()):
                return True
    return False
