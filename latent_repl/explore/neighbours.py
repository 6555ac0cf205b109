"""What lies where in the two latent spaces: neighbours, ways between two points, and how two points differ.

nearest_lines(session, "b = a + 2")           b = a + 2 at 0, b = a + 3 at 1.7, ...
between_lines(session, "b = a", "b = 9")      b = a ... b = 9, as the decoder reads the points between
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from latent_repl.errors import UsageError
from latent_repl.explore.explored import Explored
from latent_repl.language.operators import BINARY_OPERATORS, DELETE, UNARY_OPERATORS
from latent_repl.language.program import CoreLine, Operand, Slot
from latent_repl.language.python_values import ABSENT
from latent_repl.language.sameness import same_value
from latent_repl.language.values import Value
from latent_repl.machine import Machine
from latent_repl.markup import describe
from latent_repl.results import in_names, state_of
from latent_repl.shapes import Float
from latent_repl.timeline import Snapshot

NO_LINE = "(no core line)"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A known line or state, and the Euclidean distance of its latent."""

    text: str
    distance: float


@dataclass(frozen=True, slots=True)
class Between:
    """What the decoder reads at a share (0 to 1) of the way, and how sure it is."""

    share: float
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Movement:
    """One variable at two points: its values (ABSENT for none), and how far its latent moved."""

    name: str
    before: Any
    after: Any
    distance: float


def core_lines_of(session: Explored, *texts: str) -> tuple[list[CoreLine], Mapping[Slot, str]]:
    """Return the one core line that each text is lowered to now, and the names of their slots.

    Raises UsageError where one takes several, LxSyntaxError and its kin for what is no text of Lx.
    """
    _, program = session.lower("\n".join(texts))  # together: a new name must not take another's slot
    placed = [
        (number, line)
        for number, line in zip(program.lines[: program.end], program.instructions[: program.end], strict=True)
        if isinstance(line, CoreLine)
    ]
    for number, text in enumerate(texts, start=1):
        count = sum(place == number for place, _ in placed)
        if count != 1:
            raise UsageError(f"`{text}` is {count} core lines, write one such as `b = a + 2`")
    return [line for _, line in placed], program.slots


def nearest_lines(session: Explored, text: str, count: int = 8) -> list[Neighbour]:
    """Return the known lines next to a line: those that differ in one operand or in the operator, and its own."""
    [line], names = core_lines_of(session, text)
    known = list(dict.fromkeys([line, *_variations(line, session)]))
    latents = Machine(session.model).code_latents(known)
    return _sorted([in_names(other, names) for other in known], latents - latents[0], count)


def nearest_states(session: Explored, count: int = 8) -> list[Neighbour]:
    """Return the known states next to the current one: the session's, and those that differ in one variable.

    Known states are encoded anew, so that the first distance is how far the current latents have drifted.
    """
    passed = {describe(point.state): point.latents for point in session.timeline.passed[:-1]}
    states = list(_variations_of_state(session))
    latents = Machine(session.model).encode([values for values, _ in states])
    known = passed | dict(zip((text for _, text in states), latents, strict=True))
    return _sorted(list(known), np.stack(list(known.values())) - session.timeline.now.latents, count)


def between_lines(session: Explored, first: str, last: str, count: int = 9) -> list[Between]:
    """Return what the decoder reads on the straight way between two lines' code latents, ends included."""
    lines, names = core_lines_of(session, first, last)
    ends = Machine(session.model).code_latents(lines)
    shares, way = _way(ends[0], ends[1], count)
    read = decode_lines(session, way)
    return [
        Between(share, NO_LINE if line is None else in_names(line, names), confidence)
        for share, (line, confidence) in zip(shares, read, strict=True)
    ]


def between_states(session: Explored, first: Snapshot, last: Snapshot, count: int = 9) -> list[Between]:
    """Return what the decoder reads on the straight way between two states' latents, ends included."""
    shares, way = _way(first.latents, last.latents, count)
    names, defined = {**first.names, **last.names}, first.defined | last.defined
    return [
        Between(share, describe(state_of(decoded.values, names, defined)), decoded.confidence)
        for share, decoded in zip(shares, Machine(session.model).decode(way), strict=True)
    ]


def decode_lines(session: Explored, latents: Float[np.ndarray, "N C"]) -> list[tuple[CoreLine | None, float]]:
    """Return the core line that the decoder reads in each code latent, None where it is none, and its confidence."""
    logits = session.model.code_logits(latents)
    ids, likeliest = logits.argmax(-1), logits.max(-1, keepdims=True)
    confidence = (1 / np.exp(logits - likeliest).sum(-1, dtype=np.float64)).prod(-1)
    lines = [session.model.vocabulary.core_line(row) for row in ids.tolist()]
    whole = [line if line is not None and _is_whole(line) else None for line in lines]
    return list(zip(whole, confidence.tolist(), strict=True))


def differences(before: Snapshot, after: Snapshot) -> list[Movement]:
    """Return the variables whose latents are not the same number for number; none for the same state."""
    old, new = before.state, after.state
    slots = {**before.names, **after.names}
    moved = np.linalg.norm(after.latents - before.latents, axis=-1)
    rows = (
        Movement(name, old.get(name, ABSENT), new.get(name, ABSENT), float(moved[slots[name].index]))
        for name in {**old, **new}
    )
    return [row for row in rows if row.distance or not same_value(row.before, row.after)]


def _way(first: np.ndarray, last: np.ndarray, count: int) -> tuple[list[float], np.ndarray]:
    shares = np.linspace(0, 1, count).astype(np.float32)
    return shares.tolist(), np.stack([(1 - share) * first + share * last for share in shares])


def _sorted(texts: Sequence[str], offsets: np.ndarray, count: int) -> list[Neighbour]:
    distances = np.linalg.norm(offsets.reshape(len(texts), -1), axis=1)
    order = np.argsort(distances, kind="stable")[:count]
    return [Neighbour(texts[place], float(distances[place])) for place in order]


def _is_whole(line: CoreLine) -> bool:
    """Say whether a decoded line has just the operands that its operator takes."""
    wanted = 2 if line.operator in BINARY_OPERATORS else 0 if line.operator == DELETE else 1
    return [operand is not None for operand in (line.left, line.right)] == [wanted > 0, wanted > 1]


def _variations(line: CoreLine, session: Explored) -> Iterator[CoreLine]:
    """Yield the lines that differ in one operand or in the operator."""
    values: list[Operand] = [*session.timeline.now.names.values(), False, True, *_numbers(session)]
    if line.left is not None:
        yield from (replace(line, left=value) for value in values)
    if line.right is not None:
        yield from (replace(line, right=value) for value in values)
    alike = next((kind for kind in (BINARY_OPERATORS, UNARY_OPERATORS) if line.operator in kind), ())
    yield from (replace(line, operator=operator) for operator in alike)


def _variations_of_state(session: Explored) -> Iterator[tuple[list[Value | None], str]]:
    """Yield the current decoded state and those with another number in one variable, each with its text."""
    state, slots = session.timeline.now.state, session.timeline.now.names
    now = session.timeline.now.decoded.values
    yield list(now), describe(state)
    for name, number in ((name, number) for name in state for number in _numbers(session)):
        values = list(now)
        values[slots[name].index] = number
        yield values, describe({**state, name: number})


def _numbers(session: Explored) -> Iterable[int]:
    return range(session.model.config.minimum, session.model.config.maximum + 1)
