"""One line inverted: which operand leads to a result, given the other one. The executor itself finds it."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np

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
from latent_repl.language.program import CoreLine, Operand, Slot
from latent_repl.language.values import Value
from latent_repl.shapes import Float


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
Returned = TypeVar("Returned")


class InverseStep(NamedTuple):
    """A core line to be run on a state."""

    latents: Latents
    line: CoreLine


class Stepped(NamedTuple):
    """The state after a core line, the decoded value of its target, and whether the status is ok."""

    latents: Latents
    value: Value | None
    ok: bool


InverseSteps = Generator[Sequence[InverseStep], Sequence[Stepped], Returned]
"""Yields steps to be taken, is sent what they led to, and returns a result."""


class HiddenOperand(NamedTuple):
    """Which operand, the left one (0) or the right one (1), leads to the result, given the other one."""

    operator: str
    hidden: int
    known: Operand | None
    result: Latent


def answers_to(questions: Sequence[HiddenOperand], latents: Latents) -> InverseSteps[list[Stepped | None]]:
    """Return what the executor finds for each hidden operand, in the free slot; None where it finds nothing."""
    invertible = [place for place, question in enumerate(questions) if question.operator in INVERSE_SEMANTICS]
    steps = []
    for question in (questions[place] for place in invertible):
        inverse, free, state = (
            INVERSE_SEMANTICS[question.operator][question.hidden],
            free_slot(question),
            latents.copy(),
        )
        state[free.index] = question.result
        operands = (free, question.known) if inverse.result_first else (question.known, free)
        steps.append(InverseStep(state, CoreLine(free, inverse.operator, *operands)))
    led = (yield steps) if steps else []
    answers: list[Stepped | None] = [None] * len(questions)
    for place, stepped in zip(invertible, led, strict=True):
        answers[place] = stepped if stepped.ok else None
    return answers


def free_slot(question: HiddenOperand) -> Slot:
    """Return a slot that the known operand does not need: the result is put there, and the answer comes there."""
    return Slot(1 if question.known == Slot(0) else 0)
