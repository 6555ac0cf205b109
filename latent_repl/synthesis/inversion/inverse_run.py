"""One example of a problem, run backwards from its end to a hole.

Everything that the hole does not decide runs forwards; what it does decide is gone back through, line by line, from
the targets. `InverseSteps` that are to be taken are yielded, so that whoever runs several can take them in one batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from latent_repl.errors import ProgramError
from latent_repl.language.frames import Address, Copy, Cursor, addresses_read, keep_frames
from latent_repl.language.operators import COPY, ROW_OPERATORS
from latent_repl.language.program import Branch, Call, Control, CoreLine, Fail, Slot
from latent_repl.language.values import Value, number_of
from latent_repl.synthesis.inversion.inverses import (
    INVERTIBLE,
    HiddenOperand,
    InverseStep,
    InverseSteps,
    Latent,
    Latents,
    answers_to,
    free_slot,
)
from latent_repl.synthesis.objective import Start
from latent_repl.synthesis.problem.domains import ONE_SIDED, Assignment, Assignments, Domain, Fill, Filling
from latent_repl.synthesis.problem.problem import Example
from latent_repl.synthesis.problem.template import Template

# A program that takes more steps than this is not run backwards. Chosen.
LONGEST = 64


@dataclass
class InverseFrame:
    """A frame on the way to the end.

    defined, decided: the slots that hold a value, and those that the hole decides. values: what slots decode to, as far
    as that is known.
    """

    latents: Latents
    defined: frozenset[Slot] = frozenset()
    decided: frozenset[Slot] = frozenset()
    values: dict[Slot, Value | None] = field(default_factory=dict)

    def note(self, slot: Slot, value: Value | None, *, decided: bool) -> None:
        """Note that a slot has been written, and what is known of it."""
        self.defined |= {slot}
        self.values.pop(slot, None)
        if decided:
            self.decided |= {slot}
        else:
            self.decided -= {slot}
        if value is not None:
            self.values[slot] = value


class Passed(NamedTuple):
    """A line whose result the hole decides, and its frame before it: its depth, its latents, the slots that the hole
    decides, and those that hold a value. template: of the line with the hole.
    """

    line: CoreLine
    depth: int
    latents: Latents
    decided: frozenset[Slot]
    defined: frozenset[Slot]
    template: Template | None = None


class NotInvertible(Exception):
    """The program takes no single path from the hole to its end, or one that cannot be inverted."""


class InverseRun:
    """One example run back to a hole, the other holes filled.

    assigned: the variable that is assigned, where the hole is a whole line.
    targets: the latent that each target's slot must hold. empty: the latents of a frame without values.
    """

    def __init__(
        self,
        example: Example,
        start: Start,
        targets: Mapping[Slot, Latent],
        filling: Filling,
        hole: int,
        domain: Domain,
        assigned: str | None,
        empty: Latents,
    ) -> None:
        self.example, self.filling, self.hole = example, filling, hole
        self.domain, self.assigned = domain, assigned
        self.targets, self.empty = dict(targets), empty
        self.levels, self.cursor = [InverseFrame(start.latents, start.defined)], Cursor(start.counter)
        self.passed: list[Passed | Copy] = []

    @property
    def level(self) -> InverseFrame:
        """The frame that instructions read and write."""
        return self.levels[-1]

    def fills(self) -> InverseSteps[list[Fill] | None]:
        """Return the fills that should lead to the targets; no list if the hole has no say in this example.

        No fill is tried, for that is an evaluation: an inverse may miss, as a quotient with a remainder.
        """
        try:
            yield from self._forwards()
            found = yield from self._back()
        except NotInvertible:
            return []
        if found is None:
            return None
        (passed, result), template = found, found[0].template
        assert template is not None, "it is the line with the hole"
        questions = [*self._questions(template, result, passed.defined)]
        answers = yield from answers_to([question for _, question in questions], passed.latents)
        values = [None if answer is None else answer.value for answer in answers]
        numbers = [number_of(value) if isinstance(value, int) else None for value in values]
        fills = [fill(number) for (fill, _), number in zip(questions, numbers, strict=True) if number is not None]
        return [fill for fill in dict.fromkeys(fills) if fill in self.domain]

    def _forwards(self) -> InverseSteps[None]:
        """Run to the end, around every line that the hole decides. Raises NotInvertible."""
        program, taken = self.example.program, 0
        while not self.cursor.ended(program):
            taken += 1
            place = self.cursor.place
            template, instruction = self.example.templates.get(place), self.example.line(place, self.filling)
            if taken > LONGEST or isinstance(instruction, Fail):
                raise NotInvertible
            following = place + 1
            if template is not None and self.hole in [hole.number for hole in template.holes]:
                self._open(template)
            elif isinstance(instruction, CoreLine):
                yield from self._pass(instruction)
            elif isinstance(instruction, Branch):
                condition = yield from self._value(instruction.condition)
                following = following if condition else instruction.target
            elif isinstance(instruction, Control):
                self._go_through(instruction)
                continue
            self.cursor = self.cursor.moved(following)

    def _open(self, template: Template) -> None:
        """Note the state before the hole, and what the hole decides."""
        line = template.filled(self.filling)
        line = replace(line, target=dict(template.slots)[self.assigned]) if self.assigned else line
        self._pass_by(line, template)

    def _pass_by(self, line: CoreLine, template: Template | None = None) -> None:
        """Note that the hole decides what a line does, and the frame before it."""
        level = self.level
        self.passed.append(Passed(line, self.cursor.depth, level.latents, level.decided, level.defined, template))
        level.note(line.target, None, decided=True)

    def _value(self, slot: Slot) -> InverseSteps[Value | None]:
        """Return what a slot decodes to. Raises NotInvertible if the hole decides that."""
        level = self.level
        if slot in level.decided:
            raise NotInvertible
        if slot not in level.values:
            (copied,) = yield [InverseStep(level.latents, CoreLine(slot, COPY, slot))]
            level.values[slot] = copied.value
        return level.values[slot]

    def _pass(self, line: CoreLine) -> InverseSteps[None]:
        """Run a line, or note that the hole decides what it does. Raises NotInvertible if it fails, or moves rows."""
        level = self.level
        if line.operator in ROW_OPERATORS:
            raise NotInvertible
        if any(isinstance(part, Slot) and part not in level.defined for part in (line.left, line.right)):
            raise NotInvertible
        if level.decided & {line.left, line.right}:
            self._pass_by(line)
            return
        (after,) = yield [InverseStep(level.latents, line)]
        if not after.ok:
            raise NotInvertible
        level.latents = after.latents
        level.note(line.target, after.value, decided=False)

    def _go_through(self, instruction: Control) -> None:
        """Take a call, a return or a jump, and note the copies of what the hole decides. Raises NotInvertible."""
        if isinstance(instruction, Call) and instruction.of_prelude:
            raise NotInvertible
        if any(each.slot not in self.levels[each.depth].defined for each in addresses_read(self.cursor, instruction)):
            raise NotInvertible
        try:
            self.cursor, copies = self.cursor.through(self.example.program, instruction)
        except ProgramError:
            raise NotInvertible from None
        read = [(copy, self.levels[copy.source.depth]) for copy in copies]
        keep_frames(self.levels, self.cursor.depth, lambda: InverseFrame(self.empty))
        for copy, source in read:
            level, slot = self.levels[copy.target.depth], copy.source.slot
            decided = slot in source.decided
            level.latents = level.latents.copy()
            level.latents[copy.target.slot.index] = source.latents[slot.index]
            level.note(copy.target.slot, source.values.get(slot), decided=decided)
            if decided:
                self.passed.append(copy)

    def _back(self) -> InverseSteps[tuple[Passed, Latent] | None]:
        """Return the line with the hole, and what it must leave in its target; None if it has no say.

        Raises NotInvertible, also where one fill would have to serve several times.
        """
        bottom = self.levels[0]
        needed = {Address(0, slot): latent for slot, latent in self.targets.items() if slot in bottom.decided}
        found: tuple[Passed, Latent] | None = None
        for passed in reversed(self.passed):
            led_to = passed.target if isinstance(passed, Copy) else Address(passed.depth, passed.line.target)
            result = needed.pop(led_to, None)
            if result is None:
                continue
            if isinstance(passed, Copy):
                needed[passed.source] = result
                continue
            if passed.template is not None:
                if found is not None:
                    raise NotInvertible
                found = passed, result
                continue
            operands = (passed.line.left, passed.line.right)
            hidden = [place for place, operand in enumerate(operands) if operand in passed.decided]
            slot = operands[hidden[0]]
            question = HiddenOperand(str(passed.line.operator), hidden[0], operands[1 - hidden[0]], result)
            (answer,) = (yield from answers_to([question], passed.latents)) if len(hidden) == 1 else (None,)
            if answer is None or not isinstance(slot, Slot):
                raise NotInvertible
            needed[Address(passed.depth, slot)] = answer.latents[free_slot(question).index]
        return found

    def _questions(
        self, template: Template, result: Latent, defined: frozenset[Slot]
    ) -> Iterator[tuple[Callable[[int], Fill], HiddenOperand]]:
        """Yield fills but for a literal, and the questions whose answers that is."""
        line = template.line
        if line is not None:
            parts = [line.left, line.right]
            at = [place for place, part in enumerate(parts) if part in template.holes and part.number == self.hole]
            other = template.filled(self.filling)
            if at:
                yield int, HiddenOperand(str(other.operator), at[0], (other.right, other.left)[at[0]], result)
            return
        assert isinstance(self.domain, Assignments) and self.assigned is not None, "a whole line is filled by a line"
        slots = dict(template.slots)
        yield partial(Assignment, self.assigned, COPY), HiddenOperand(COPY, 0, None, result)
        for name in self.domain.values.variables:
            for operator in INVERTIBLE if slots[name] in defined else ():
                yield (
                    partial(Assignment, self.assigned, operator, name),
                    HiddenOperand(operator, 1, slots[name], result),
                )
                if operator in ONE_SIDED:
                    yield (
                        partial(_with_literal_first, self.assigned, operator, name),
                        HiddenOperand(operator, 0, slots[name], result),
                    )


def _with_literal_first(target: str, operator: str, name: str, literal: int) -> Assignment:
    return Assignment(target, operator, literal, name)
