"""Lowering of what writes a row out: strings, lists, tuples, dicts, wide integers, floats, and f-strings."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Protocol

from latent_repl.language.floats import cells_of_float
from latent_repl.language.lowering.assembler import Assembler
from latent_repl.language.operators import ADD, APPEND, AS, NEW_ROW, PUT
from latent_repl.language.program import Operand, Slot

Display = ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.JoinedStr

REPR = ord("r")
"""What Python's tree calls `!r` by."""


class OperandLowering(Protocol):
    """What lowering a row needs of the lowering of its parts."""

    def operand(self, node: ast.expr) -> Operand:
        """Return the literal, or the slot that holds the value."""

    def value(self, node: ast.expr, target: Slot | None = None) -> Slot:
        """Lower an expression into the target, or into a temporary."""

    def slot(self, node: ast.expr) -> Slot:
        """Return the slot that holds the value."""

    def repeatable(self, node: ast.expr) -> Operand:
        """Return an operand for several core lines."""

    def is_sequence(self, node: ast.expr) -> bool:
        """Return whether the value is a str, a list or a tuple for certain."""

    def is_number(self, node: ast.expr) -> bool:
        """Return whether the value is a number for certain."""

    def accumulator(self, target: Slot | None, later: Sequence[ast.expr]) -> Slot:
        """Return where a result of several core lines grows."""

    def delivered(self, place: Slot, target: Slot | None) -> Slot:
        """Copy the result to the target if it grew elsewhere."""

    def routine(self, name: str, arguments: Sequence[ast.expr | Operand], target: Slot | None = None) -> Slot:
        """Lower a call of a routine of the prelude."""


class Displays:
    """Lowers rows that a text writes out: an empty one, then a core line for each cell."""

    def __init__(self, assembler: Assembler, values: OperandLowering) -> None:
        self._assembler, self._values = assembler, values
        self._allocation = assembler.allocation

    def value(self, node: Display, target: Slot | None) -> Slot:
        """Lower a row into the target, or into a temporary; return the slot."""
        match node:
            case ast.Constant(value=int(number)):
                return self._of_digits([-1 if number < 0 else 1, *map(int, reversed(str(abs(number))))], target)
            case ast.Constant(value=float(number)):
                return self._of_digits(cells_of_float(number), target)
            case ast.Constant():
                return self._grown(str, [node], target, lambda place: self.characters(place, str(node.value)))
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                kind = list if isinstance(node, ast.List) else tuple
                return self._grown(kind, parts, target, lambda place: self._append_all(place, parts))
            case ast.Dict(keys=keys, values=values):
                pairs = [(key, value) for key, value in zip(keys, values, strict=True) if key is not None]
                parts = [part for pair in pairs for part in pair]
                return self._grown(dict, parts, target, lambda place: self._put_all(place, pairs))
            case ast.JoinedStr(values=parts):
                return self._grown(str, parts, target, lambda place: self._join(place, parts))

    def characters(self, place: Slot, text: str) -> None:
        """Append each character of a text to the row in a slot."""
        for character in text:
            self._assembler.core(place, APPEND, character)

    def _grown(self, kind: type, parts: Sequence[ast.expr], target: Slot | None, fill: Callable[[Slot], None]) -> Slot:
        place = self._values.accumulator(target, parts)
        self._assembler.core(place, NEW_ROW, kind)
        fill(place)
        return self._values.delivered(place, target)

    def _append_all(self, place: Slot, parts: Sequence[ast.expr]) -> None:
        for part in parts:
            cell = self._values.operand(part)
            self._assembler.core(place, APPEND, cell)
            self._allocation.release(cell)

    def _put_all(self, place: Slot, pairs: Sequence[tuple[ast.expr, ast.expr]]) -> None:
        keys = [key.value for key, _ in pairs if isinstance(key, ast.Constant)]
        # Literals that differ need not be looked for among the keys that are there.
        distinct = len({*keys}) == len(pairs)
        for key, value in pairs:
            cells = [self._values.operand(key), self._values.operand(value)]
            if distinct:
                for cell in cells:
                    self._assembler.core(place, APPEND, cell)
            else:
                self._assembler.core(place, PUT, *cells)
            for cell in cells:
                self._allocation.release(cell)

    def _join(self, place: Slot, parts: Sequence[ast.expr]) -> None:
        for part in parts:
            if isinstance(part, ast.FormattedValue):
                piece = self._formatted(part)
                self._assembler.core(place, ADD, place, piece)
                self._allocation.release(piece)
            else:
                assert isinstance(part, ast.Constant), "a joined string has no other parts"
                self.characters(place, str(part.value))

    def _formatted(self, node: ast.FormattedValue) -> Slot:
        value: ast.expr | Slot = node.value
        if node.conversion != -1:
            value = self._values.routine("shown" if node.conversion == REPR else "text", [value])
        if node.format_spec is not None:
            shown = self._values.routine("formatted", [value, node.format_spec])
            self._allocation.release(None if value == shown else value)
            return shown
        return value if isinstance(value, Slot) else self._values.routine("text", [value])

    def _of_digits(self, cells: Sequence[int], target: Slot | None) -> Slot:
        """Lower an integer that no cell holds, its sign and its digits, the least significant first; or a float."""
        place = self._allocation.temporary() if target is None else target
        self._assembler.core(place, NEW_ROW, list)
        for cell in cells:
            self._assembler.core(place, APPEND, cell)
        self._assembler.core(place, AS, place, int)
        return place
