"""Lowering of `a ** b` where there are no rows: a loop of multiplications."""

from __future__ import annotations

import ast

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.displays import OperandLowering
from latent_repl.language.operators import COPY, LESS, MULTIPLY, SUBTRACT
from latent_repl.language.program import NEGATIVE_EXPONENT, Fail, Slot


class Powers:
    """Lowers powers into an assembler."""

    def __init__(self, assembler: Assembler, values: OperandLowering) -> None:
        self._assembler, self._values = assembler, values
        self._allocation = assembler.allocation

    def value(self, base: ast.expr, exponent: ast.expr, target: Slot | None) -> Slot:
        """Lower `a ** b` to b multiplications; a negative b, which gives a float in Python, fails."""
        factor = self._values.repeatable(base)
        count = self._values.value(exponent)
        elsewhere = target in (None, factor) or self._assembler.guarded
        place = self._allocation.temporary() if elsewhere or target is None else target
        times = _literal(exponent)
        if times is None or times < 0:
            self._fail_if_negative(count)
        if not times and isinstance(factor, Slot):
            self._read(factor)
        again, end = Label(), Label()
        self._assembler.core(place, COPY, 1)
        self._assembler.place(again)
        self._assembler.branch(count, end)
        self._assembler.core(place, MULTIPLY, place, factor)
        self._assembler.core(count, SUBTRACT, count, 1)
        self._assembler.jump(again)
        self._assembler.place(end)
        self._allocation.release(factor)
        self._allocation.release(count)
        return self._values.delivered(place, target)

    def _fail_if_negative(self, count: Slot) -> None:
        natural, test = Label(), self._allocation.temporary()
        self._assembler.core(test, LESS, count, 0)
        self._assembler.branch(test, natural)
        self._assembler.add(Fail("ValueError", NEGATIVE_EXPONENT))
        self._assembler.place(natural)
        self._allocation.release(test)

    def _read(self, slot: Slot) -> None:
        """Let a variable that no core line may come to read be missed where it holds no value."""
        following = Label()
        self._assembler.branch(slot, following)
        self._assembler.place(following)


def _literal(node: ast.expr) -> int | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else None
