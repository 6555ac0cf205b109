"""One example of a problem, run backwards from its end to a hole.

Everything that the hole does not decide runs forwards; what it does decide is gone back through, line by line, from
the targets. `Steps` that are to be taken are yielded, so that whoever runs several can take them in one batch.
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
from latent_repl.language.values import Value, number_of
from latent_repl.synthesis.objective import Start
from latent_repl.synthesis.problem.domains import ONE_SIDED, Assignment, Assignments, Domain, Fill, Filling
from latent_repl.synthesis.problem.problem import Example
from latent_repl.synthesis.problem.template import Template

# A program that takes more steps than this is not run backwards. Chosen.
LONGEST = 64


class Inverse(NamedTuple):
    """The operator that finds a hidden operand, and whether the result is its left operand or the known one is."""

    operator: str
    result_first: bool


# The inverse of an operator whose left operand is hidden, and whose right one is. That is measured, not deduced: of all
# operators in both orders, the one by which the executor most often finds an operand that leads to the same result
# (`python -m training.inverses base`). Comparisons are left out: most operands lead there.
INVERSE_SEMANTICS: Mapping[str, tuple[Inverse, Inverse]] = MappingProxyType(
    {
        ADD: (Inverse(SUBTRACT, result_first=True), Inverse(SUBTRACT, result_first=True)),
        SUBTRACT: (Inverse(ADD, result_first=True), Inverse(SUBTRACT, result_first=False)),
        MULTIPLY: (Inverse(FLOOR_DIVIDE, result_first=True), Inverse(FLOOR_DIVIDE, result_first=True)),
        FLOOR_DIVIDE: (Inverse(MULTIPLY, result_first=True), Inverse(FLOOR_DIVIDE, result_first=False)),
        MODULO: (Inverse(SUBTRACT, result_first=True), Inverse(SUBTRACT, result_first=True)),
        MIN: (Inverse(MIN, result_first=True), Inverse(MIN, result_first=False)),
        MAX: (Inverse(MAX, result_first=True), Inverse(MAX, result_first=False)),
        COPY: (Inverse(COPY, result_first=True),) * 2,
        NEGATE: (Inverse(NEGATE, result_first=True),) * 2,
        ABS: (Inverse(COPY, result_first=True),) * 2,
        NOT: (Inverse(NOT, result_first=True),) * 2,
    }
)

INVERTIBLE = tuple(operator for operator in BINARY_OPERATORS if operator in INVERSE_SEMANTICS)

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


class NotInvertible(Exception):
    """The program takes no single path from the hole to its end, or one that cannot be inverted."""


class InverseRun:
    """One example run back to a hole, the other holes filled.

    assigned: the variable that is assigned, where the hole is a whole line.
    targets: the latent that each target's slot must hold.
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
    ) -> None:
        self.example, self.filling, self.hole = example, filling, hole
        self.domain, self.assigned = domain, assigned
        self.targets = dict(targets)
        self.latents, self.defined, self.place = start.latents, start.defined, start.counter
        self.values: dict[Slot, Value | None] = {}
        self.decided = frozenset[Slot]()
        self.passed: list[Passed] = []

    def fills(self) -> Steps[list[Fill] | None]:
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
        answers = yield from _answers([question for _, question in questions], passed.latents)
        numbers = [None if answer is None or answer.value is None else number_of(answer.value) for answer in answers]
        fills = [fill(number) for (fill, _), number in zip(questions, numbers, strict=True) if number is not None]
        return [fill for fill in dict.fromkeys(fills) if fill in self.domain]

    def _forwards(self) -> Steps[None]:
        """Run to the end, around every line that the hole decides. Raises NotInvertible."""
        instructions, taken = self.example.program.instructions, 0
        while self.place < len(instructions):
            taken += 1
            template, instruction = self.example.templates.get(self.place), instructions[self.place]
            if taken > LONGEST:
                raise NotInvertible
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
                raise NotInvertible

    def _open(self, template: Template) -> None:
        """Note the state before the hole, and what the hole decides."""
        line = template.filled(self.filling)
        line = replace(line, target=dict(template.slots)[self.assigned]) if self.assigned else line
        self.passed.append(Passed(line, self.latents, self.decided, self.defined, template))
        self.decided, self.defined = self.decided | {line.target}, self.defined | {line.target}
        self.place += 1

    def _value(self, slot: Slot) -> Steps[Value | None]:
        """Return what a slot decodes to. Raises NotInvertible if the hole decides that."""
        if slot in self.decided:
            raise NotInvertible
        if slot not in self.values:
            (copied,) = yield [Step(self.latents, CoreLine(slot, COPY, slot))]
            self.values[slot] = copied.value
        return self.values[slot]

    def _pass(self, line: CoreLine) -> Steps[None]:
        """Run a line, or note that the hole decides what it does. Raises NotInvertible if it fails."""
        if any(isinstance(part, Slot) and part not in self.defined for part in (line.left, line.right)):
            raise NotInvertible
        if self.decided & {line.left, line.right}:
            self.passed.append(Passed(line, self.latents, self.decided, self.defined))
            self.decided |= {line.target}
            self.values.pop(line.target, None)
        else:
            (after,) = yield [Step(self.latents, line)]
            if not after.ok:
                raise NotInvertible
            self.latents, self.values[line.target] = after.latents, after.value
            self.decided -= {line.target}
        self.defined |= {line.target}
        self.place += 1

    def _back(self) -> Steps[tuple[Passed, Latent] | None]:
        """Return the line with the hole, and what it must leave in its target; None if it has no say.

        Raises NotInvertible, also where one fill would have to serve several times.
        """
        needed = {slot: latent for slot, latent in self.targets.items() if slot in self.decided}
        found: tuple[Passed, Latent] | None = None
        for passed in reversed(self.passed):
            result = needed.pop(passed.line.target, None)
            if result is None:
                continue
            if passed.template is not None:
                if found is not None:
                    raise NotInvertible
                found = passed, result
                continue
            operands = (passed.line.left, passed.line.right)
            hidden = [place for place, operand in enumerate(operands) if operand in passed.decided]
            slot = operands[hidden[0]]
            question = Question(str(passed.line.operator), hidden[0], operands[1 - hidden[0]], result)
            (answer,) = (yield from _answers([question], passed.latents)) if len(hidden) == 1 else (None,)
            if answer is None or not isinstance(slot, Slot):
                raise NotInvertible
            needed[slot] = answer.latents[_free(question).index]
        return found

    def _questions(
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
        assert isinstance(self.domain, Assignments) and self.assigned is not None, "a whole line is filled by a line"
        slots = dict(template.slots)
        yield partial(Assignment, self.assigned, COPY), Question(COPY, 0, None, result)
        for name in self.domain.values.variables:
            for operator in INVERTIBLE if slots[name] in defined else ():
                yield partial(Assignment, self.assigned, operator, name), Question(operator, 1, slots[name], result)
                if operator in ONE_SIDED:
                    yield (
                        partial(_with_literal_first, self.assigned, operator, name),
                        Question(operator, 0, slots[name], result),
                    )


def _answers(questions: Sequence[Question], latents: Latents) -> Steps[list[Stepped | None]]:
    """Return what the executor finds for each hidden operand, in the free slot; None where it finds nothing."""
    invertible = [place for place, question in enumerate(questions) if question.operator in INVERSE_SEMANTICS]
    steps = []
    for question in (questions[place] for place in invertible):
        inverse, free, state = INVERSE_SEMANTICS[question.operator][question.hidden], _free(question), latents.copy()
        state[free.index] = question.result
        operands = (free, question.known) if inverse.result_first else (question.known, free)
        steps.append(Step(state, CoreLine(free, inverse.operator, *operands)))
    led = (yield steps) if steps else []
    answers: list[Stepped | None] = [None] * len(questions)
    for place, stepped in zip(invertible, led, strict=True):
        answers[place] = stepped if stepped.ok else None
    return answers


def _free(question: Question) -> Slot:
    """Return a slot that the known operand does not need: the result is put there, and the answer comes there."""
    return Slot(1 if question.known == Slot(0) else 0)


def _with_literal_first(target: str, operator: str, name: str, literal: int) -> Assignment:
    return Assignment(target, operator, literal, name)
