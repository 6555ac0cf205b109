"""Lowering of calls of the user's functions: which arguments are packed, and how many a star gives.

    def f(a, *rest, k=1, **others)      what is left over is packed before the call:
    f(1, 2, 3, k=4, n=5)                s0 = 1; s1 = (2, 3); s2 = 4; s3 = {"n": 5}; call f(s0, *s1, k=s2, **s3)

The function is known where it is called: one that is defined anew is lowered anew, and so are those that call it so.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from latent_repl.language.lowering.assembler import Assembler, Keywords, Label
from latent_repl.language.lowering.displays import OperandLowering
from latent_repl.language.lowering.gone_through import is_gone_through, is_range
from latent_repl.language.lowering.spreading import Spreading
from latent_repl.language.operators import APPEND, NEW_ROW
from latent_repl.language.parsing.literals import refuse_foreign_value
from latent_repl.language.parsing.refusals import RANGE_GIVEN
from latent_repl.language.parsing.scopes import Function, callee
from latent_repl.language.parsing.simplify_stars import written
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import Routine, Slot


def header(function: Function) -> Routine:
    """Return what a call has to know of a function; its instructions lie nowhere yet."""
    return Routine(
        name=function.name,
        entry=0,
        begins=0,
        parameters=function.parameters,
        defaults=frozenset(function.defaults),
        slots={},
        by_name=function.by_name,
        rest=function.rest,
        others=function.others,
    )


class FunctionCalls:
    """Lowers calls of functions into an assembler; text: where they stand, for messages."""

    def __init__(self, assembler: Assembler, values: OperandLowering, text: SourceText) -> None:
        self._assembler, self._values, self._text = assembler, values, text
        self._allocation = assembler.allocation

    def value(self, node: ast.Call, target: Slot | None, otherwise: Label | None) -> Slot:
        """Lower a call into the target, or into a temporary; return the slot.

        otherwise: where to go on when no value is returned; without, that is None.

        Raises LxSyntaxError for the name of an argument that is packed and cannot be a string of Lx, and for a range
        where a list cannot stand for it.
        """
        function = self._allocation.function(callee(node))
        match node.args:
            case [ast.Starred(value=given)] if function is not None:
                return self._spread(node, given, function, target, otherwise)
            case _:
                arguments, rest = self._placed(node.args, function)
                keywords, others = self._named(node.keywords, function)
                return self._called(node, arguments, keywords, (rest, others), target, otherwise)

    def _spread(
        self, node: ast.Call, given: ast.expr, function: Function, target: Slot | None, otherwise: Label | None
    ) -> Slot:
        """Lower a call whose arguments by place stand behind a star; as in Python it is unpacked last."""
        row = self._values.slot(given)
        keywords, others = self._named(node.keywords, function)
        names = [name for name, _ in keywords]
        spreading = Spreading(self._assembler, self._values, header(function), function.defaults, names)
        arguments, rest = spreading.unpacked(row, of_sequence=self._values.is_sequence(given))
        place = self._called(node, arguments, keywords, (rest, others), target, otherwise)
        done = Label()
        self._assembler.jump(done)
        spreading.refuse()
        self._assembler.place(done)
        return place

    def _called(
        self,
        node: ast.Call,
        arguments: Sequence[Slot],
        keywords: Keywords,
        packed: tuple[Slot | None, Slot | None],
        target: Slot | None,
        otherwise: Label | None,
    ) -> Slot:
        for slot in (*arguments, *(slot for _, slot in keywords), *packed):
            self._allocation.release(slot)
        place = self._allocation.temporary() if target is None else target
        if otherwise is None and self._assembler.with_rows:
            with self._assembler.none_for(place) as none:
                self._assembler.call(place, callee(node), arguments, keywords, none, packed)
        else:
            self._assembler.call(place, callee(node), arguments, keywords, otherwise, packed)
        return place

    def _placed(self, nodes: Sequence[ast.expr], function: Function | None) -> tuple[list[Slot], Slot | None]:
        """Lower the arguments by place; return their slots, and that of the tuple of those left over."""
        places = [*(() if function is None else function.placed), *("" for _ in nodes)]
        given = (node.value if isinstance(node, ast.Starred) else node for node in nodes)
        if function is None or not function.rest:
            pairs = zip(given, places, strict=False)
            return [self._values.slot(self._list_of(node, function, name)) for node, name in pairs], None
        count = len(function.placed)
        pairs = zip(nodes[:count], places, strict=False)
        arguments = [self._values.slot(self._list_of(node, function, name)) for node, name in pairs]
        rest = [self._list_of(node, function, "") for node in nodes[count:]]
        return arguments, self._values.value(ast.Tuple([*rest], ast.Load()))

    def _named(self, nodes: Sequence[ast.keyword], function: Function | None) -> tuple[Keywords, Slot | None]:
        """Lower the arguments by name; return their slots, and that of the dict of those left over."""
        keywords: list[tuple[str, Slot]] = []
        others = None
        if function is not None and function.others:
            others = self._allocation.temporary()
            self._assembler.core(others, NEW_ROW, dict)
        for node in nodes:
            name = node.arg or ""
            if others is None or function is None or name in (*function.placed, *function.by_name):
                keywords.append((name, self._values.slot(self._list_of(node.value, function, name))))
                continue
            refuse_foreign_value(node.value, name, self._text)
            value = self._values.operand(self._list_of(node.value, function, ""))
            for part in (self._values.operand(ast.copy_location(ast.Constant(name), node.value)), value):
                self._assembler.core(others, APPEND, part)
                self._allocation.release(part)
        return keywords, others

    def _list_of(self, node: ast.expr, function: Function | None, parameter: str) -> ast.expr:
        """Return the list of a range that is an argument, and every other argument as it is.

        Raises LxSyntaxError where the function may tell them apart.
        """
        if not is_range(node):
            return node
        if function is None or not is_gone_through(function, parameter, self._allocation.function):
            raise self._text.fault_at(node, *RANGE_GIVEN)
        return written(node, "list", [node])
