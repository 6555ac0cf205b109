"""One example of a problem, run backwards from its end to a hole.

Everything that the hole does not decide runs forwards; what it does decide is gone back through, line by line, from
what is wanted. `Steps` that are to be taken are yielded, so that whoever runs several ways can take them in one batch.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np
from jaxtyping import Float

from latent_repl.language.operators import (
    ABS,
    ADD,
    BINARY_OPERATORS,
    COPY,
    FLOOR_DIVIDE,
    MAX,
    MIN,
    MODULO,
    MULTIPLY,
    NEGATE,
    NOT,
    SUBTRACT,
)
from latent_repl.language.program import Branch, CoreLine, Emit, Jump, Operand, Slot
from latent_repl.language.values import Value
from latent_repl.synthesis.objective import Start
from latent_repl.synthesis.problem.domains import ONE_SIDED, Assignment, Assignments, Domain, Fill, Filling, Template
from latent_repl.synthesis.problem.problem import Example

# A program that takes more steps than this is not run backwards. Chosen.
LONGEST = 64


class Undo(NamedTuple):
    """The operator that finds a hidden operand, and whether the result is its left operand or the known one is."""

    operator: str
    result_first: bool


# What undoes an operator whose left operand is hidden, and whose right one is. That is measured, not deduced: of all
# operators in both orders, the one by which the executor most often finds an operand that leads to the same result
# (`python -m training.inverses base`). Comparisons are left out: most operands lead there.
UNDOES: Mapping[str, tuple[Undo, Undo]] = MappingProxyType(
    {
        ADD: (Undo(SUBTRACT, result_first=True), Undo(SUBTRACT, result_first=True)),
        SUBTRACT: (Undo(ADD, result_first=True), Undo(SUBTRACT, result_first=False)),
        MULTIPLY: (Undo(FLOOR_DIVIDE, result_first=True), Undo(FLOOR_DIVIDE, result_first=True)),
        FLOOR_DIVIDE: (Undo(MULTIPLY, result_first=True), Undo(FLOOR_DIVIDE, result_first=False)),
        MODULO: (Undo(SUBTRACT, result_first=True), Undo(SUBTRACT, result_first=True)),
        MIN: (Undo(MIN, result_first=True), Undo(MIN, result_first=False)),
        MAX: (Undo(MAX, result_first=True), Undo(MAX, result_first=False)),
        COPY: (Undo(COPY, result_first=True),) * 2,
        NEGATE: (Undo(NEGATE, result_first=True),) * 2,
        ABS: (Undo(COPY, result_first=True),) * 2,
        NOT: (Undo(NOT, result_first=True),) * 2,
    }
)

UNDONE = tuple(operator for operator in BINARY_OPERATORS if operator in UNDOES)

Latent = Float[np.ndarray, " D"]
Latents = Float[np.ndarray, "S D"]
Result = TypeVar("Result")


class Step(NamedTuple):
    """A core line to be run on a state."""

    latents: Latents
    line: CoreLine


class Stepped(NamedTuple):
    """The state after a core line, the decoded value of its target, and whether the status is ok."""

    latents: Latents
    value: Value | None
    ok: bool


Steps = Generator[Sequence[Step], Sequence[Stepped], Result]
"""Yields steps to be taken, is sent what they led to, and returns a result."""


class Passed(NamedTuple):
    """A line whose result the hole decides, and the state before it.

    decided, defined: the slots that the hole decides, and those that hold a value. template: of the line with the hole.
    """

    line: CoreLine
    latents: Latents
    decided: frozenset[Slot]
    defined: frozenset[Slot]
    template: Template | None = None


class Question(NamedTuple):
    """Which operand, the left one (0) or the right one (1), leads to the result, given the other one."""

    operator: str
    hidden: int
    known: Operand | None
    result: Latent


class NoWayBack(Exception):
    """The program takes no single way from the hole to its end, or one that cannot be undone."""


class Backwards:
    """One example on its way back to a hole, the other holes filled.

    target: the variable that is assigned, where the hole is a whole line.
    wanted: the latent that each wanted slot must hold.
    """

    def __init__(
        self,
        example: Example,
        start: Start,
        wanted: Mapping[Slot, Latent],
        filling: Filling,
        hole: int,
        domain: Domain,
        target: str | None,
    ) -> None:
        self.example, self.filling, self.hole = example, filling, hole
        self.domain, self.target = domain, target
        self.wanted = dict(wanted)
        self.latents, self.defined, self.place = start.latents, start.defined, start.counter
        self.values: dict[Slot, Value | None] = {}
        self.decided = frozenset[Slot]()
        self.passed: list[Passed] = []

    def fills(self) -> Steps[list[Fill] | None]:
        """Return the fills that should lead to what is wanted; no list if the hole has no say in this example.

        No fill is tried, for that is an evaluation: what undoes an operator may miss, as a quotient with a remainder.
        """
        try:
            yield from self._forwards()
            found = yield from self._back()
        except NoWayBack:
            return []
        if found is None:
            return None
        (passed, result), template = found, found[0].template
        assert template is not None, "it is the line with the hole"
        asked = [*self._asked(template, result, passed.defined)]
        answers = yield from _answers([question for _, question in asked], passed.latents)
        numbers = [None if answer is None or answer.value is None else int(answer.value) for answer in answers]
        fills = [fill(number) for (fill, _), number in zip(asked, numbers, strict=True) if number is not None]
        return [fill for fill in dict.fromkeys(fills) if fill in self.domain]

    def _forwards(self) -> Steps[None]:
        """Run to the end, around every line that the hole decides. Raises NoWayBack."""
        instructions, taken = self.example.program.instructions, 0
        while self.place < len(instructions):
            taken += 1
            template, instruction = self.example.templates.get(self.place), instructions[self.place]
            if taken > LONGEST:
                raise NoWayBack
            if template is not None and self.hole in [hole.number for hole in template.holes]:
                self._open(template)
            elif template is not None:
                yield from self._pass(template.filled(self.filling))
            elif isinstance(instruction, CoreLine):
                yield from self._pass(instruction)
            elif isinstance(instruction, Jump):
                self.place = instruction.target
            elif isinstance(instruction, Branch):
                condition = yield from self._value(instruction.condition)
                self.place = self.place + 1 if condition else instruction.target
            elif isinstance(instruction, Emit):
                self.place += 1
            else:
                raise NoWayBack

    def _open(self, template: Template) -> None:
        """Note the state before the hole, and what the hole decides."""
        line = template.filled(self.filling)
        line = replace(line, target=dict(template.slots)[self.target]) if self.target else line
        self.passed.append(Passed(line, self.latents, self.decided, self.defined, template))
        self.decided, self.defined = self.decided | {line.target}, self.defined | {line.target}
        self.place += 1

    def _value(self, slot: Slot) -> Steps[Value | None]:
        """Return what a slot decodes to. Raises NoWayBack if the hole decides that."""
        if slot in self.decided:
            raise NoWayBack
        if slot not in self.values:
            (copied,) = yield [Step(self.latents, CoreLine(slot, COPY, slot))]
            self.values[slot] = copied.value
        return self.values[slot]

    def _pass(self, line: CoreLine) -> Steps[None]:
        """Run a line, or note that the hole decides what it does. Raises NoWayBack if it fails."""
        if any(isinstance(part, Slot) and part not in self.defined for part in (line.left, line.right)):
            raise NoWayBack
        if self.decided & {line.left, line.right}:
            self.passed.append(Passed(line, self.latents, self.decided, self.defined))
            self.decided |= {line.target}
            self.values.pop(line.target, None)
        else:
            (after,) = yield [Step(self.latents, line)]
            if not after.ok:
                raise NoWayBack
            self.latents, self.values[line.target] = after.latents, after.value
            self.decided -= {line.target}
        self.defined |= {line.target}
        self.place += 1

    def _back(self) -> Steps[tuple[Passed, Latent] | None]:
        """Return the line with the hole, and what it must leave in its target; None if it has no say.

        Raises NoWayBack, also where one fill would have to serve several times.
        """
        wanted = {slot: latent for slot, latent in self.wanted.items() if slot in self.decided}
        found: tuple[Passed, Latent] | None = None
        for passed in reversed(self.passed):
            result = wanted.pop(passed.line.target, None)
            if result is None:
                continue
            if passed.template is not None:
                if found is not None:
                    raise NoWayBack
                found = passed, result
                continue
            operands = (passed.line.left, passed.line.right)
            hidden = [place for place, operand in enumerate(operands) if operand in passed.decided]
            slot = operands[hidden[0]]
            question = Question(str(passed.line.operator), hidden[0], operands[1 - hidden[0]], result)
            (answer,) = (yield from _answers([question], passed.latents)) if len(hidden) == 1 else (None,)
            if answer is None or not isinstance(slot, Slot):
                raise NoWayBack
            wanted[slot] = answer.latents[_free(question).index]
        return found

    def _asked(
        self, template: Template, result: Latent, defined: frozenset[Slot]
    ) -> Iterator[tuple[Callable[[int], Fill], Question]]:
        """Yield fills but for a literal, and the questions whose answers that is."""
        line = template.line
        if line is not None:
            parts = [line.left, line.right]
            at = [place for place, part in enumerate(parts) if part in template.holes and part.number == self.hole]
            other = template.filled(self.filling)
            if at:
                yield int, Question(str(other.operator), at[0], (other.right, other.left)[at[0]], result)
            return
        assert isinstance(self.domain, Assignments) and self.target is not None, "a whole line is filled by a line"
        slots = dict(template.slots)
        yield partial(Assignment, self.target, COPY), Question(COPY, 0, None, result)
        for name in self.domain.values.variables:
            for operator in UNDONE if slots[name] in defined else ():
                yield partial(Assignment, self.target, operator, name), Question(operator, 1, slots[name], result)
                if operator in ONE_SIDED:
                    yield (
                        partial(_with_literal_first, self.target, operator, name),
                        Question(operator, 0, slots[name], result),
                    )


def _answers(questions: Sequence[Question], latents: Latents) -> Steps[list[Stepped | None]]:
    """Return what the executor finds for each hidden operand, in the free slot; None where it finds nothing."""
    asked = [place for place, question in enumerate(questions) if question.operator in UNDOES]
    steps = []
    for question in (questions[place] for place in asked):
        undo, free, state = UNDOES[question.operator][question.hidden], _free(question), latents.copy()
        state[free.index] = question.result
        operands = (free, question.known) if undo.result_first else (question.known, free)
        steps.append(Step(state, CoreLine(free, undo.operator, *operands)))
    led = (yield steps) if steps else []
    answers: list[Stepped | None] = [None] * len(questions)
    for place, stepped in zip(asked, led, strict=True):
        answers[place] = stepped if stepped.ok else None
    return answers


def _free(question: Question) -> Slot:
    """Return a slot that the known operand does not need: the result is put there, and the answer comes there."""
    return Slot(1 if question.known == Slot(0) else 0)


def _with_literal_first(target: str, operator: str, name: str, literal: int) -> Assignment:
    return Assignment(target, operator, literal, name)
