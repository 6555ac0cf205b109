"""A synthesis problem: a program with holes, and the targets that its end must meet."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from latent_repl.errors import ProgramError
from latent_repl.language.frames import Address, Cursor, addresses_read, keep_frames
from latent_repl.language.operators import ROW_OPERATORS
from latent_repl.language.program import (
    Blank,
    Branch,
    Call,
    Control,
    CoreLine,
    Hole,
    Instruction,
    Jump,
    Program,
    Slot,
    reads,
)
from latent_repl.language.values import Value
from latent_repl.synthesis.problem.domains import Assignments, Filling, Names, names
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.template import Template
from latent_repl.synthesis.problem.text import excerpt, fill_texts, holes_in, program_text


@dataclass(frozen=True)
class Target:
    """The decoded value that a slot must have when the program ends.

    wanted: the value, or the slot that holds it where the prefix ends; `beyond` is added to it.
    condition: whether it is the truth of a comparison rather than a value that was asked for.
    """

    slot: Slot
    wanted: Value | Slot
    condition: bool = False
    beyond: int = 0

    @property
    def value(self) -> Value:
        """The value; before the prefix has run, it may not be known yet."""
        assert not isinstance(self.wanted, Slot), "the objective settles it"
        return self.wanted


@dataclass(frozen=True)
class Example:
    """One way to run the program: the statements, then the constraints' values in slots of their own.

    `f(1) == 5` and `f(2) == 7` are two examples; constraints that call nothing with a hole in it share one.

    targets: what slots must hold at the end. leads: what they might hold so that a condition among the targets is met.
    """

    program: Program
    targets: tuple[Target, ...]
    leads: tuple[Target, ...] = ()

    @property
    def sought(self) -> tuple[Target, ...]:
        """The targets and the leads."""
        return (*self.targets, *self.leads)

    @property
    def asked(self) -> list[tuple[Target, ...]]:
        """What the executor can be run backwards from: the values asked for together, and each lead by itself."""
        equations = tuple(target for target in self.targets if not target.condition)
        return [*([equations] if equations else []), *((lead,) for lead in self.leads)] or [self.targets]

    @cached_property
    def prefix(self) -> int:
        """How many of the program's own instructions come before everything that a hole can change: calls of functions
        with holes included, and no branch leads out of them."""
        instructions = self.program.instructions[: self.program.end]
        changed = (index for index, line in enumerate(instructions) if index in self.templates or self._enters(line))
        end = min(changed, default=self.program.end)
        while leaving := [index for index, line in enumerate(instructions[:end]) if _leads_beyond(line, end)]:
            end = leaving[0]
        return end

    def _enters(self, instruction: Instruction) -> bool:
        return isinstance(instruction, Call) and instruction.function in self._holed

    @cached_property
    def _holed(self) -> frozenset[str]:
        """The functions with holes, and those that call them."""
        entries = [routine.entry for routine in self.program.routines]
        names = [routine.name for routine in self.program.routines]
        spans = list(zip(names, pairwise([*entries, len(self.program.instructions)]), strict=True))
        found = {name for name, span in spans if any(index in range(*span) for index in self.templates)}
        while True:
            calling = {
                name
                for name, (first, end) in spans
                for line in self.program.instructions[first:end]
                if isinstance(line, Call) and line.function in found
            }
            if calling <= found:
                return frozenset(found)
            found |= calling

    @cached_property
    def templates(self) -> dict[int, Template]:
        """The instructions with holes, by their index; one in a function stands there once, whoever calls it."""
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

    @cached_property
    def moves_rows(self) -> bool:
        """Whether behind the prefix values with parts are moved, which no equation between numbers says."""
        return any(
            (isinstance(line, Call) and line.of_prelude)
            or (isinstance(line, CoreLine) and line.operator in ROW_OPERATORS)
            for line in self.program.instructions[self.prefix :]
        )

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
        if self.program.handlers:  # where it goes on may be where a line fails
            return True
        cursor, assigned, run = Cursor(), [set(defined)], list[tuple[int, Instruction]]()
        while not cursor.ended(self.program):
            line = self.line(cursor.place, filling)
            if isinstance(line, Branch) or (isinstance(line, Jump) and line.target <= cursor.place):
                return True
            if any(each.slot not in assigned[each.depth] for each in addresses_read(cursor, line)):
                return False
            run.append((cursor.place, line))
            if isinstance(line, CoreLine):
                assigned[-1].add(line.target)
            if isinstance(line, Call) and line.of_prelude:
                assigned[-1].add(line.target)
            if not isinstance(line, Control) or (isinstance(line, Call) and line.of_prelude):
                cursor = cursor.moved(cursor.place + 1)
                continue
            try:
                cursor, copies = cursor.through(self.program, line)
            except ProgramError:
                return False
            keep_frames(assigned, cursor.depth, set)
            for copy in copies:
                assigned[copy.target.depth].add(copy.target.slot)
        if any(target.slot not in assigned[0] for target in self.targets):
            return False
        had = self.slice(run)
        return {self.templates[place].holes for place in had if place in self.templates} == self._holes

    def line(self, place: int, filling: Filling) -> Instruction:
        """Return an instruction with its holes filled."""
        template = self.templates.get(place)
        return template.filled(filling) if template else self.program.instructions[place]

    def slice(self, run: Sequence[tuple[int, Instruction]]) -> set[int]:
        """Return the places of the lines that had a say in the targets, of those that were run, in their order.

        Source: Agrawal and Horgan, 1990, "Dynamic program slicing"; of branches only the conditions.
        """
        live, places = {Address(0, target.slot) for target in self.targets}, set[int]()
        for place, target, sources in reversed([*self._flow(run)]):
            if target is None:
                live.update(sources)
            elif target in live:
                places.add(place)
                live.discard(target)
                live.update(sources)
        return places

    def _flow(self, run: Sequence[tuple[int, Instruction]]) -> Iterator[tuple[int, Address | None, list[Address]]]:
        """Yield for each line that was run what it wrote, if it did, and what that depends on."""
        cursor = Cursor()
        for place, line in run:
            cursor = cursor.moved(place)
            if isinstance(line, CoreLine):
                yield place, cursor.at(line.target), list(map(cursor.at, reads(line)))
            elif isinstance(line, Branch):
                yield place, None, [cursor.at(line.condition)]
            elif isinstance(line, Call) and line.of_prelude:
                # It may change the rows that its arguments refer to.
                given = list(map(cursor.at, line.arguments))
                yield from ((place, written, given) for written in (cursor.at(line.target), *given))
            elif isinstance(line, Control):
                cursor, copies = cursor.through(self.program, line)
                yield from ((place, copy.target, [copy.source]) for copy in copies)

    def before_holes(self) -> Program:
        """Return the prefix as a program of its own."""
        return replace(self.program, end=self.prefix, holes=0)

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

    statements, conditions: of the text, holes included; the conditions come last.
    written, asked: the same as the user wrote them.
    examples: the ways to run it, at least one.
    space: what may fill the holes.
    """

    text: str
    statements: tuple[ast.stmt, ...]
    conditions: tuple[ast.expr, ...]
    written: tuple[ast.stmt, ...]
    asked: tuple[ast.expr, ...]
    examples: tuple[Example, ...]
    space: Space

    @property
    def rests_on_one_example(self) -> bool:
        """Whether one example alone says what a whole line or a function is to do, which others then do as well."""
        lines = any(isinstance(domain, Assignments) for domain in self.space.domains)
        functions = any(isinstance(each, ast.FunctionDef) and holes_in(each) for each in self.statements)
        return len(self.examples) == 1 and (lines or functions)

    def source(self, filling: Filling) -> str:
        """Return the filled program as text, its conditions as assertions.

        `a=71; a+? == 18` filled with -53 -> `a = 71` and `assert a + -53 == 18`
        """
        return program_text(self.written, self.asked, filling)

    def excerpt(self, filling: Filling) -> str:
        """Return only the filled pieces that had holes, `a + -53`; several are joined by `; `."""
        return excerpt(self.written, self.asked, filling)

    def fills(self, filling: Filling) -> tuple[str, ...]:
        """Return the text of each fill."""
        return fill_texts(filling)


def _leads_beyond(instruction: Instruction, end: int) -> bool:
    if isinstance(instruction, Call):
        return instruction.otherwise is not None and instruction.otherwise > end
    return isinstance(instruction, Branch | Jump) and instruction.target > end
