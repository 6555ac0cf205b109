"""Lowering of comprehensions: loops that fill a row, that add up, or that look for the first true or false value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.expressions import Expressions
from latent_repl.language.lowering.loops import Loops
from latent_repl.language.operators import ADD, APPEND, COPY, NEW_ROW, PUT
from latent_repl.language.parsing.scopes import bound_in
from latent_repl.language.program import Slot

LoweredComprehension = ast.ListComp | ast.GeneratorExp | ast.DictComp


class Comprehensions:
    """Lowers comprehensions; their variables are temporaries."""

    def __init__(self, assembler: Assembler, expressions: Expressions, loops: Loops) -> None:
        self._assembler, self._expressions, self._loops = assembler, expressions, loops
        self._allocation = assembler.allocation

    def value(self, node: LoweredComprehension, target: Slot | None) -> Slot:
        """Lower a comprehension into the target, or into a temporary; a generator's values become a list."""
        place = self._expressions.accumulator(target, [node])
        self._assembler.core(place, NEW_ROW, dict if isinstance(node, ast.DictComp) else list)
        self._rounds(node, lambda again: self._put(node, place))
        return self._expressions.delivered(place, target)

    def decided(self, node: ast.GeneratorExp, sought: bool, target: Slot | None) -> Slot:
        """Lower `any` of a generator, where True is sought, or `all`, where False is: up to the first that is found."""
        place = self._expressions.accumulator(target, [node])
        self._assembler.core(place, COPY, not sought)
        found = Label()

        def look(again: Label) -> None:
            condition, other = self._expressions.slot(node.elt), Label()
            self._assembler.branch(condition, again if sought else other)
            self._allocation.release(condition)
            if not sought:
                self._assembler.jump(again)
                self._assembler.place(other)
            self._assembler.core(place, COPY, sought)
            self._assembler.jump(found)

        self._rounds(node, look)
        self._assembler.place(found)
        return self._expressions.delivered(place, target)

    def summed(self, node: ast.GeneratorExp, target: Slot | None) -> Slot:
        """Lower `sum` of a generator: its values are added as they come, and stand in no row."""
        place = self._expressions.accumulator(target, [node])
        self._assembler.core(place, COPY, 0)

        def add(again: Label) -> None:
            value = self._expressions.operand(node.elt)
            self._assembler.core(place, ADD, place, value)
            self._allocation.release(value)

        self._rounds(node, add)
        return self._expressions.delivered(place, target)

    def _put(self, node: LoweredComprehension, place: Slot) -> None:
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        cells = [self._expressions.operand(part) for part in parts]
        self._assembler.core(place, PUT if isinstance(node, ast.DictComp) else APPEND, *cells)
        for cell in cells:
            self._allocation.release(cell)

    def _rounds(self, node: LoweredComprehension, write: Callable[[Label], None]) -> None:
        known = self._expressions.kinds
        self._generator(node, node.generators, write)
        self._allocation.unbind()
        self._expressions.kinds = known

    def _generator(
        self, node: LoweredComprehension, generators: Sequence[ast.comprehension], write: Callable[[Label], None]
    ) -> None:
        first, *rest = generators
        parts = [each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.comprehension)]
        loop = self._loops.begin(first.target, first.iter, [*parts, *first.ifs, *rest])
        if len(generators) == len(node.generators):
            # What the outermost loop goes through is read outside.
            own = bound_in(node)
            self._allocation.bind(own)
            self._expressions.kinds = {name: kind for name, kind in self._expressions.kinds.items() if name not in own}
        test, again, end = Label(), Label(), Label()
        self._assembler.jump(test)
        self._assembler.place(again)
        loop.advance(end)
        self._assembler.place(test)
        loop.test(end)
        loop.take()
        for condition in first.ifs:
            slot = self._expressions.slot(condition)
            self._assembler.branch(slot, again)
            self._allocation.release(slot)
        if rest:
            self._generator(node, rest, write)
        else:
            write(again)
        self._assembler.jump(again)
        self._assembler.place(end)
        loop.release()
