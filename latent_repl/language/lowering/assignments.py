"""Lowering of assignments: chained ones, and several variables at once in Python's order."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from latent_repl.language.lowering.assembler import Assembler
from latent_repl.language.lowering.expressions import Expressions, plain_operand
from latent_repl.language.operators import COPY
from latent_repl.language.program import Hole, Operand, Slot


class AssignmentLowering:
    """Lowers assignments into an assembler."""

    def __init__(self, assembler: Assembler, expressions: Expressions) -> None:
        self._assembler, self._expressions = assembler, expressions
        self._allocation = assembler.allocation

    def assign(self, node: ast.Assign) -> None:
        """Lower `a = b = e` and `a, b = e, f`."""
        if isinstance(node.value, ast.Tuple):
            self._assign_several(node.targets, node.value.elts)
            return
        first, *others = (self._variable(target) for target in node.targets)
        plain = plain_operand(node.value, self._assembler)
        self._expressions.value(node.value, first)
        # A hole stands in one core line alone: the other targets copy the first.
        source = first if plain is None or isinstance(plain, Hole) else plain
        for target in others:
            self._assembler.core(target, COPY, source)

    def _assign_several(self, targets: Sequence[ast.expr], values: Sequence[ast.expr]) -> None:
        places = [self._variables(target) for target in targets]
        plain = [plain_operand(value, self._assembler) for value in values]
        if len(places) == 1 and len(set(places[0])) == len(values):
            moves = [operand for operand in plain if operand is not None]
            if len(moves) == len(values):
                self._move(dict(zip(places[0], moves, strict=True)))
            else:
                self._evaluate_in_order(places[0], values)
            return
        held = [self._expressions.value(value) for value in values]
        for row in places:
            for target, source in zip(row, held, strict=True):
                self._assembler.core(target, COPY, source)
        self._release(held)

    def _move(self, moves: dict[Slot, Operand]) -> None:
        """Copy all operands as if at once: first into variables that no other copy still reads.

        {a: b, b: a} -> t = a; a = b; b = t
        """
        held: list[Slot] = []
        while moves:
            read = [source for target, source in moves.items() if source != target]
            target = next((target for target in moves if target not in read), None)
            if target is None:
                target = next(iter(moves))
                held.append(self._keep(target))
                moves = {other: held[-1] if source == target else source for other, source in moves.items()}
            self._assembler.core(target, COPY, moves.pop(target))
        self._release(held)

    def _evaluate_in_order(self, targets: Sequence[Slot], values: Sequence[ast.expr]) -> None:
        """Evaluate from left to right, each straight into its variable unless a later value reads that one."""
        held: dict[Slot, Slot] = {}
        for index, (target, value) in enumerate(zip(targets, values, strict=True)):
            later = {slot for rest in values[index + 1 :] for slot in self._allocation.read(rest)}
            if target in later:
                held[target] = self._expressions.value(value)
            else:
                self._expressions.value(value, target)
        for target, source in held.items():
            self._assembler.core(target, COPY, source)
        self._release(list(held.values()))

    def _keep(self, variable: Slot) -> Slot:
        kept = self._allocation.temporary()
        self._assembler.core(kept, COPY, variable)
        return kept

    def _release(self, held: Sequence[Slot]) -> None:
        for slot in held:
            self._allocation.release(slot)

    def _variables(self, node: ast.expr) -> list[Slot]:
        assert isinstance(node, ast.Tuple), "the parser lets nothing else through"
        return [self._variable(element) for element in node.elts]

    def _variable(self, node: ast.expr) -> Slot:
        assert isinstance(node, ast.Name), "the parser lets nothing else through"
        slot = self._allocation.local(node.id)
        assert slot is not None, "what a function assigns is its own"
        return slot
