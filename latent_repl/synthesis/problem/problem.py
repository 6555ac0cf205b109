"""A synthesis problem: a program with holes, and the targets that its end must meet."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from latent_repl.language.program import Blank, Branch, CoreLine, Hole, Instruction, Jump, Program, Slot
from latent_repl.language.values import Value
from latent_repl.synthesis.problem.domains import Filling, Names, names
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.template import Template
from latent_repl.synthesis.problem.text import excerpt, fill_texts, program_text


@dataclass(frozen=True)
class Target:
    """The decoded value that a slot must have when the program ends."""

    slot: Slot
    value: Value


@dataclass(frozen=True)
class Example:
    """One way to run the program: the statements, then the constraints' values in slots of their own.

    `f(1) == 5` and `f(2) == 7` are two examples; constraints that call nothing with a hole in it share one.

    targets: what slots must hold at the end.
    """

    program: Program
    targets: tuple[Target, ...]

    @cached_property
    def prefix(self) -> int:
        """How many of the instructions come before everything that a hole can change: no branch leads out of them."""
        instructions = self.program.instructions
        end = min(self.templates)
        while leaving := [index for index, line in enumerate(instructions[:end]) if _leads_beyond(line, end)]:
            end = leaving[0]
        return end

    @cached_property
    def templates(self) -> dict[int, Template]:
        """The instructions with holes, by their index; one in a function stands there once for each call."""
        return dict(self._templates())

    @cached_property
    def _holes(self) -> set[tuple[Hole, ...]]:
        """The holes of each line that has some."""
        return {template.holes for template in self.templates.values()}

    def _templates(self) -> Iterator[tuple[int, Template]]:
        for index, slots in self.program.visible.items():
            line = self.program.instructions[index]
            assert isinstance(line, CoreLine | Blank), "nothing else has holes"
            plain = line if isinstance(line, CoreLine) else None
            yield index, Template(plain, line.holes, tuple(slots.items()))

    def is_sound(self, filling: Filling, defined: frozenset[Slot]) -> bool:
        """Return whether the program assigns what it reads, and what it assigns by filled lines has a say in the end.

        Up to the first branch only: what comes behind it is not known before it runs. Names decide, numbers and
        operators do not: fillings that name the same variables are looked at once.
        defined: the slots that hold a value before the program.
        """
        key = defined, tuple([names(fill) for fill in filling])
        if key not in self._sound:
            self._sound[key] = self._runs_soundly(filling, defined)
        return self._sound[key]

    @cached_property
    def _sound(self) -> dict[tuple[frozenset[Slot], tuple[Names, ...]], bool]:
        return {}

    def _runs_soundly(self, filling: Filling, defined: frozenset[Slot]) -> bool:
        instructions, place = self.program.instructions, 0
        assigned, run = set(defined), list[tuple[int, CoreLine]]()
        while place < len(instructions):
            instruction, template = instructions[place], self.templates.get(place)
            line = template.filled(filling) if template else instruction
            if isinstance(line, CoreLine):
                for part in (line.left, line.right):
                    if isinstance(part, Slot) and part not in assigned:
                        return False
                assigned.add(line.target)
                run.append((place, line))
            elif isinstance(line, Branch) or (isinstance(line, Jump) and line.target <= place):
                return True
            place = line.target if isinstance(line, Jump) else place + 1
        if any(target.slot not in assigned for target in self.targets):
            return False
        had = self.slice(run)
        return {self.templates[place].holes for place in had if place in self.templates} == self._holes

    def slice(self, run: Sequence[tuple[int, CoreLine | Branch]]) -> set[int]:
        """Return the places of the lines that had a say in the targets, of those that were run, in their order.

        Source: Agrawal and Horgan, 1990, "Dynamic program slicing"; of branches only the conditions.
        """
        live, places = {target.slot for target in self.targets}, set[int]()
        for place, line in reversed(run):
            if isinstance(line, Branch):
                live.add(line.condition)
            elif line.target in live:
                places.add(place)
                live.discard(line.target)
                live.update(part for part in (line.left, line.right) if isinstance(part, Slot))
        return places

    def before_holes(self) -> Program:
        """Return the prefix as a program of its own."""
        end = self.prefix
        starts = frozenset(start for start in self.program.starts if start < end)
        return replace(
            self.program,
            instructions=self.program.instructions[:end],
            lines=self.program.lines[:end],
            starts=starts,
            holes=0,
        )

    def filled(self, filling: Filling) -> Program:
        """Return the lowered program with its holes filled; it can start at the prefix's end."""
        instructions: list[Instruction] = list(self.program.instructions)
        for index, template in self.templates.items():
            instructions[index] = template.filled(filling)
        return replace(self.opened(), instructions=tuple(instructions), holes=0)

    def opened(self) -> Program:
        """Return the lowered program, its holes open; it can start at the prefix's end."""
        return replace(self.program, starts=self.program.starts | {self.prefix})


@dataclass(frozen=True)
class Problem:
    """A problem that can be searched; `specification.specify` makes it from text.

    statements, conditions: the user's own trees, holes included; the conditions come last.
    examples: the ways to run it, at least one.
    space: what may fill the holes.
    """

    text: str
    statements: tuple[ast.stmt, ...]
    conditions: tuple[ast.expr, ...]
    examples: tuple[Example, ...]
    space: Space

    def source(self, filling: Filling) -> str:
        """Return the filled program as text, its conditions as assertions.

        `a=71; a+? == 18` filled with -53 -> `a = 71` and `assert a + -53 == 18`
        """
        return program_text(self.statements, self.conditions, filling)

    def excerpt(self, filling: Filling) -> str:
        """Return only the filled pieces that had holes, `a + -53`; several are joined by `; `."""
        return excerpt(self.statements, self.conditions, filling)

    def fills(self, filling: Filling) -> tuple[str, ...]:
        """Return the text of each fill."""
        return fill_texts(filling)


def _leads_beyond(instruction: object, end: int) -> bool:
    return isinstance(instruction, Branch | Jump) and instruction.target > end
