"""What running a text leaves to look at: plain records, in the user's names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latent_repl.errors import ProgramError
from latent_repl.language.program import CoreLine, Program, Slot, Value
from latent_repl.markup import describe, table
from latent_repl.records import Run, TraceStep

if TYPE_CHECKING:
    from latent_repl.language.oracle.cpython import SourceRun

State = Mapping[str, Value]
LAST_VALUE = "_"


class Variables(State):
    """A state that cannot be changed; it equals a dictionary with the same items and looks like one."""

    __slots__ = ("_values",)

    def __init__(self, values: State) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)

    def _repr_html_(self) -> str:
        return table(("name", "value"), ((name, str(value)) for name, value in self.items()))


@dataclass(frozen=True, slots=True)
class Change:
    """What a statement did to one variable; None stands for absent."""

    name: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Step:
    """One executor step, in the user's names; temporaries are called %0, %1, ..."""

    core_line: str
    state: State
    status: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Executed:
    """One execution of one source line; expected and match only where the session checks."""

    line: int
    source: str
    state: State
    steps: int
    confidence: float
    output: tuple[str, ...]
    expected: State | None
    match: bool | None


@dataclass(frozen=True, slots=True)
class Result:
    """What `Session.run` did: every executed line, and the state that the decoder shows at the end.

    error: the error that the program ended in, as the model predicted it. match: whether CPython agrees with every
    state, output and error; None where the session does not check. seconds: wall clock.
    """

    source: str
    executed: tuple[Executed, ...]
    state: State
    changes: tuple[Change, ...]
    steps: int
    confidence: float
    output: tuple[str, ...]
    error: ProgramError | None
    expected: State | None
    match: bool | None
    trace: tuple[Step, ...]
    seconds: float

    def _repr_html_(self) -> str:
        """What a notebook shows: each executed line, what it printed, and whether CPython agrees."""
        verdict = {True: "✓", False: "✗", None: ""}
        rows = [
            (row.source, describe(row.state), "; ".join(row.output), f"{row.confidence:.4f}", verdict[row.match])
            for row in self.executed
        ]
        if self.error is not None:
            rows.append((str(self.error), "", "", "", ""))
        return table(("line", "state", "output", "confidence", "CPython"), rows)


def visible(state: State) -> State:
    """Return a state without the last bare value, which is nobody's variable."""
    return Variables({name: value for name, value in state.items() if name != LAST_VALUE})


def state_of(values: tuple[Value | None, ...], names: Mapping[str, Slot], defined: frozenset[Slot]) -> State:
    """Return the user's variables of a decoded state."""
    state = {name: values[slot.index] for name, slot in names.items() if slot in defined and name != LAST_VALUE}
    return Variables({name: value for name, value in state.items() if value is not None})


def changes_between(before: State, after: State) -> tuple[Change, ...]:
    """Return what differs between two states, the kinds of values (1, True) included."""
    names = dict.fromkeys([*before, *after])
    changes = (Change(name, before.get(name), after.get(name)) for name in names)
    return tuple(change for change in changes if repr(change.before) != repr(change.after))


def executed_lines(program: Program, run: Run, exact: SourceRun | None) -> tuple[Executed, ...]:
    """Return the machine's events in the user's names, each beside what CPython had after the same line."""
    lines = program.source.split("\n")
    rows = []
    for index, event in enumerate(run.events):
        state = state_of(event.values, program.names_at(event.line), event.defined)
        wanted = exact.events[index] if exact and index < len(exact.events) else None
        expected = visible(wanted.variables) if wanted else None
        match = None
        if exact:
            match = wanted is not None and wanted.line == event.line and same(state, expected or {})
            match = match and wanted is not None and wanted.output == event.output
        source = lines[event.line - 1].strip()
        rows.append(Executed(event.line, source, state, event.steps, event.confidence, event.output, expected, match))
    return tuple(rows)


def same(state: State, expected: State) -> bool:
    """Return whether two states are equal, the kinds of their values (1, True) included."""
    return {name: repr(value) for name, value in state.items()} == {
        name: repr(value) for name, value in expected.items()
    }


def agrees(executed: tuple[Executed, ...], run: Run, exact: SourceRun) -> bool:
    """Return whether CPython saw the same lines, states, outputs and error."""
    ended = [(error.kind, error.line) if error else None for error in (run.error, exact.error)]
    return ended[0] == ended[1] and len(executed) == len(exact.events) and all(row.match for row in executed)


def step_of(step: TraceStep, program: Program) -> Step:
    """Return an executor step in the user's names."""
    held = ((name, step.values[slot.index]) for slot, name in program.slots.items())
    state = {name: value for name, value in held if value is not None}
    core_line = in_names(step.core_line, program.slots)
    return Step(core_line, Variables(state), step.status, step.confidence)


def in_names(core_line: CoreLine, names: Mapping[Slot, str]) -> str:
    """Return a core line in the user's names; a slot without one keeps its address.

    >>> in_names(CoreLine(Slot(1), "+", Slot(0), 5), {Slot(0): "a"})
    's1 = a + 5'
    """
    named = {str(slot): name for slot, name in names.items()}
    return re.sub(r"\bs\d+\b", lambda found: named.get(found[0], found[0]), str(core_line))
