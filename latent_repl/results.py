"""What running a text leaves to look at: plain records, in the user's names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from latent_repl.errors import ProgramError
from latent_repl.language.program import LAST_VALUE, CoreLine, Program, Slot
from latent_repl.language.python_values import ABSENT, python_values, shown
from latent_repl.language.sameness import same_cells, same_value
from latent_repl.language.values import Rows, Value
from latent_repl.markup import brief, describe, table
from latent_repl.model.memory import NO_COUNTS, Counts
from latent_repl.records import Event, Run, TraceStep

State = Mapping[str, Any]
"""Variables by name, as Python has them: ints, bools, None, strings, lists, tuples, dicts."""


class Variables(State):
    """A state that cannot be changed; it equals a dictionary with the same items and looks like one."""

    __slots__ = ("_values",)

    def __init__(self, values: State) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"{{{', '.join(f'{name!r}: {shown(value)}' for name, value in self.items())}}}"

    def _repr_html_(self) -> str:
        return table(("name", "value"), ((name, shown(value)) for name, value in self.items()))


@dataclass(frozen=True, slots=True)
class Change:
    """What a statement did to one variable; ABSENT stands for none."""

    name: str
    before: Any
    after: Any

    @property
    def ended(self) -> bool:
        """Whether there is no such variable any more."""
        return self.after is ABSENT


@dataclass(frozen=True, slots=True)
class Step:
    """One executor step, in the user's names; temporaries are called %0, %1, ...

    function: the one that it belongs to, whose own names the core line and the state have; empty for none.
    of_prelude: whether that is a routine of the prelude.
    """

    core_line: str
    state: State
    status: str
    confidence: float
    function: str = ""
    of_prelude: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What exact execution came to and what the model did, in words: `n = 72` and `n = 71`, or `line 4 next`.

    cell: the first one that differs, as `n` or `x[3]`; empty where it is no value that does.
    """

    expected: str
    got: str
    cell: str = field(default="", compare=False)  # the words tell it


@dataclass(frozen=True, slots=True)
class Verdict:
    """The check of one line: the state that exact execution leads to, None for an error, and what differs from it."""

    expected: State | None
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class WrongLine:
    """One execution of a line that differs from exact execution from the same state."""

    line: int
    source: str
    difference: Difference

    def __str__(self) -> str:
        """Return ``3: mismatch in `x = y * 2`: expected x = [1, 2]; got x = [1, 3], first at x[1]``."""
        expected, got, cell = self.difference.expected, self.difference.got, self.difference.cell
        first = f", first at {cell}" if cell and not expected.startswith(f"{cell} = ") else ""
        return f"{self.line}: mismatch in `{self.source}`: expected {expected}; got {got}{first}"


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the model and CPython first part; iteration: which execution of the line, None where there is but one."""

    line: int
    iteration: int | None
    difference: Difference

    def __str__(self) -> str:
        """Return `diverged at line 3, iteration 72: CPython has n = 72, the model n = 71`."""
        iteration = "" if self.iteration is None else f", iteration {self.iteration}"
        expected, got = self.difference.expected, self.difference.got
        return f"diverged at line {self.line}{iteration}: CPython has {expected}, the model {got}"


@dataclass(frozen=True, slots=True)
class Executed:
    """One execution of one source line; expected and match only where the session checks.

    confidence: the product of the decoder's probabilities over all slots of the state, and in `snap` mode over all that
    was decoded on the line's way there.
    expected: the state that exact execution of this line leads to from the model's own state before it.
    """

    line: int
    source: str
    state: State
    steps: int
    confidence: float
    output: tuple[str, ...]
    expected: State | None
    match: bool | None


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """What `Session.run` did: every executed line, and the state that the decoder shows at the end.

    confidence: as of a line, in `snap` mode over the way of the whole text.
    error: the error that the program ended in, as the model predicted it. match: whether CPython, from the model's
    state before the text, agrees with every state, output and error; None where the session does not check.
    expected: what it ends with. divergence: where the two first part. wrong: the lines that are wrong by themselves,
    from the model's own state before each. seconds: wall clock.
    costs: the results of executor and mover that the steps took, and how many of them were recalled, not computed.
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
    divergence: Divergence | None = None
    wrong: tuple[WrongLine, ...] = ()
    costs: Counts = NO_COUNTS

    def __repr__(self) -> str:
        end = {} if self.error is None else {"error": self.error}
        parts = {"state": self.state, "output": self.output, "steps": self.steps}
        return brief(
            "Result", source=self.source, **parts, confidence=round(self.confidence, 4), match=self.match, **end
        )

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


def state_of(
    values: Sequence[Value | None], names: Mapping[str, Slot], defined: frozenset[Slot], rows: Rows = ()
) -> State:
    """Return the user's variables of a decoded state, whose values refer to rows."""
    held = {name: values[slot.index] for name, slot in names.items() if slot in defined and name != LAST_VALUE}
    return Variables(python_values({name: value for name, value in held.items() if value is not None}, rows))


def changes_between(before: State, after: State) -> tuple[Change, ...]:
    """Return what differs between two states, the kinds of values (1, True) included."""
    names = dict.fromkeys([*before, *after])
    changes = (Change(name, before.get(name, ABSENT), after.get(name, ABSENT)) for name in names)
    return tuple(change for change in changes if not same_value(change.before, change.after))


def states_of(program: Program, run: Run) -> list[State]:
    """Return the user's variables after each executed line."""
    states = list[State]()
    for before, event in zip((None, *run.events), run.events, strict=False):
        names = program.names_at(event.line)
        if before is None or not _leaves_all(program, before, event):
            states.append(state_of(event.values, names, event.defined, event.rows))
        else:  # thousands of lines of a loop need one state
            states.append(states[-1])
    return states


def _leaves_all(program: Program, before: Event, after: Event) -> bool:
    """Return whether nothing changes between two executed lines."""
    named = program.names_at(before.line) == program.names_at(after.line) and before.defined == after.defined
    return named and same_cells(before.values, before.rows, after.values, after.rows)


def executed_lines(
    program: Program, run: Run, states: Sequence[State], verdicts: Sequence[Verdict] | None
) -> tuple[Executed, ...]:
    """Return the machine's events with the states that they led to, each with its verdict where the session checks."""
    lines, executed = program.source.split("\n"), list[Executed]()
    for event, state, verdict in zip_longest(run.events, states, verdicts or ()):
        source = lines[event.line - 1].strip()
        expected, match = (None, None) if verdict is None else (verdict.expected, verdict.difference is None)
        executed.append(
            Executed(event.line, source, state, event.steps, event.confidence, event.output, expected, match)
        )
    return tuple(executed)


def step_of(step: TraceStep, program: Program) -> Step:
    """Return an executor step in the user's names."""
    names = program.slots if step.routine is None else step.routine.slots
    held = ((name, step.values[slot.index]) for slot, name in names.items())
    state = python_values({name: value for name, value in held if value is not None}, step.rows)
    function, of_prelude = ("", False) if step.routine is None else (step.routine.called, step.routine.code is not None)
    line = in_names(step.core_line, names)
    return Step(line, Variables(state), step.status, step.confidence, function, of_prelude)


def in_names(core_line: CoreLine, names: Mapping[Slot, str]) -> str:
    """Return a core line in the user's names; a slot without one keeps its address.

    >>> in_names(CoreLine(Slot(1), "+", Slot(0), 5), {Slot(0): "a"})
    's1 = a + 5'
    """
    named = {str(slot): name for slot, name in names.items()}
    return re.sub(r"\bs\d+\b", lambda found: named.get(found[0], found[0]), str(core_line))
