"""A line of a program with holes in, and what it becomes when they are filled."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import cached_property

from latent_repl.language.program import CoreLine, Hole, Operand, Slot
from latent_repl.synthesis.problem.domains import Assignment, Atom, Fill, Filling, is_name


@dataclass(frozen=True)
class Template:
    """An instruction with holes, and the slots of the variables that may be named there."""

    line: CoreLine | None
    holes: tuple[Hole, ...]
    slots: tuple[tuple[str, Slot], ...]

    def filled(self, filling: Filling) -> CoreLine:
        """Return the core line with its holes filled.

        `s1 = s0 + ?` filled with -53 -> `s1 = s0 + -53`; `?` filled with `b = a` -> `s1 = s0`
        """
        if self.line is None:
            fill = filling[self.holes[0].number]
            assert isinstance(fill, Assignment), "a hole in the place of a line is filled by a line"
            right = None if fill.right is None else self._operand(fill.right)
            return CoreLine(self._slot(fill.target), fill.operator, self._operand(fill.left), right)
        operator = self._part(self.line.operator, filling)
        return replace(
            self.line,
            operator=operator if isinstance(operator, str) else str(operator),
            left=self._value(self.line.left, filling),
            right=self._value(self.line.right, filling),
        )

    def _part(self, part: str | Hole, filling: Filling) -> Fill:
        return filling[part.number] if isinstance(part, Hole) else part

    def _value(self, part: Operand | None, filling: Filling) -> Operand | None:
        if not isinstance(part, Hole):
            return part
        fill = filling[part.number]
        assert not isinstance(fill, Assignment), "a hole in the place of a value is filled by a value"
        return self._operand(fill)

    def _operand(self, value: Atom) -> Operand:
        if is_name(value):
            return self._slot(value)
        return str(ast.literal_eval(value)) if isinstance(value, str) else value

    def _slot(self, name: str) -> Slot:
        return self._slots[name]

    @cached_property
    def _slots(self) -> dict[str, Slot]:
        return dict(self.slots)
