"""The check against exact execution: each line from the model's own state, the whole text against CPython.

    n = 0                  right: the line alone, from the state before it
    for j in range(75):
        n += 1             wrong once, at 70; the rounds after it are judged from the model's own 71, and right
                           CPython ran the same text beside it: diverged at line 3, iteration 71

So one wrong line is told once, and does not make the lines after it wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from latent_repl.errors import ProgramError
from latent_repl.language.oracle.core_lines import Execution, execute_line, run_source
from latent_repl.language.oracle.cpython import SourceRun
from latent_repl.language.oracle.liveness import is_live
from latent_repl.language.oracle.steps import Limits
from latent_repl.language.parsing.parse import Tree
from latent_repl.language.program import Program, Resume, Slot
from latent_repl.language.python_values import ABSENT, python_value, python_values, shown
from latent_repl.language.sameness import first_difference, same, same_cells, same_value
from latent_repl.language.values import Cells, Rows
from latent_repl.records import Event, Run
from latent_repl.results import Difference, Divergence, State, Verdict, WrongLine, state_of, states_of, visible

OUT_OF_BUDGET, OUT_OF_ROWS = "StepBudgetError", "MemoryError"
"""What ends a run for want of steps, a limit of ours, so no line is wrong for it; and for want of room, of which
CPython has far more: where a heap is full depends on what lies in it, so only a line by itself can be wrong for it."""

Before = tuple[Cells, Rows]
"""The values by slot from which a line begins, and the rows that they refer to."""


@dataclass(frozen=True, slots=True)
class Check:
    """What the check of one text came to.

    verdicts: one for each executed line. wrong: the lines that are not right, a failing one included. variables:
    CPython's, `_` included, where it began with its own; None where it was cut off for want of steps. expected:
    CPython's where it began with the model's.
    """

    verdicts: tuple[Verdict, ...]
    wrong: tuple[WrongLine, ...]
    divergence: Divergence | None
    match: bool
    variables: State | None
    expected: State

    @property
    def findings(self) -> dict[str, Any]:
        """The fields that a result has of it."""
        return {"expected": self.expected, "match": self.match, "divergence": self.divergence, "wrong": self.wrong}


@dataclass(frozen=True, slots=True)
class RunChecker:
    """Checks runs of one session, of a checkpoint with such limits; a text takes `step_limit` lines at most."""

    limits: Limits
    step_limit: int

    def check(
        self,
        tree: Tree,
        program: Program,
        run: Run,
        states: Sequence[State],
        before: Before,
        names: Mapping[str, Slot],
        exact: State | None,
    ) -> Check:
        """Check a run that began with these values by slot.

        states: the user's variables after each of its lines. exact: CPython's variables before the text, None where
        nothing was compared yet.
        """
        values, rows = before
        cells = {name: value for name, slot in names.items() if (value := values[slot.index]) is not None}
        held = python_values(cells, rows)
        source_run = self._run(tree, held)
        own = source_run if exact is None or same(exact, held) else self._run(tree, exact)
        outcomes, expected = _outcomes(program, run, states), _source_outcomes(source_run)
        verdicts = tuple(self._verdicts(program, run, before, outcomes))
        wrong = _wrong_lines(program, outcomes, verdicts)
        divergence = _divergence(outcomes, expected)
        match = not wrong and divergence is None and _end_alike(run, source_run)
        executed = verdicts[: len(run.events)]
        cut = own.error is not None and own.error.kind == OUT_OF_BUDGET
        held_on = None if cut else own.variables
        return Check(executed, wrong, divergence, match, held_on, visible(source_run.variables))

    def wrong_lines(self, program: Program, run: Run, before: Before) -> tuple[WrongLine, ...]:
        """Return the lines of a run that are wrong by themselves; it began with these values by slot."""
        outcomes = _outcomes(program, run, states_of(program, run))
        return _wrong_lines(program, outcomes, tuple(self._verdicts(program, run, before, outcomes)))

    def _run(self, tree: Tree, variables: State) -> SourceRun:
        return run_source(tree, variables, step_limit=self.step_limit, **self._options)

    @property
    def _options(self) -> dict[str, Any]:
        limits = self.limits
        return {"minimum": limits.minimum, "maximum": limits.maximum, "capacity": (limits.cells, limits.rows)}

    def _verdicts(
        self, program: Program, run: Run, before: Before, outcomes: Sequence[_LineOutcome]
    ) -> Iterator[Verdict]:
        """Yield what exact execution of each line makes of the model's own state before it."""
        for event, outcome in zip((*run.events, None), outcomes, strict=False):
            place = run.failed_at if event is None else event.place
            assert place is not None, "a line that failed began somewhere"
            values, rows = before
            exact = execute_line(program, values, place, rows=rows, **self._options)
            before = ((), ()) if event is None else (_defined_values(event), event.rows)
            alike = event is not None and exact.error is None and same_cells(exact.values, exact.rows, *before)
            if isinstance(program.instructions[place], Resume):  # where it goes on, its block's beginning has decided
                yield Verdict(outcome.state, None)
                continue
            expected = _exact_outcome(program, exact, outcome.line, outcome.state if alike else None)
            difference = _difference(expected, outcome)
            if event is not None and not alike:
                difference = difference or _hidden_difference(program, exact, before, outcome.line)
            yield Verdict(expected.state, difference)


@dataclass(frozen=True, slots=True)
class _LineOutcome:
    """What the execution of one source line came to: the next line, None for the end; no state where it failed."""

    line: int
    state: State | None
    output: tuple[str, ...]
    following: int | None
    error: str | None


def _wrong_lines(
    program: Program, outcomes: Sequence[_LineOutcome], verdicts: Sequence[Verdict]
) -> tuple[WrongLine, ...]:
    lines = program.source.split("\n")
    return tuple(
        WrongLine(outcome.line, lines[outcome.line - 1].strip(), verdict.difference)
        for outcome, verdict in zip(outcomes, verdicts, strict=True)
        if verdict.difference is not None
    )


def _outcomes(program: Program, run: Run, states: Sequence[State]) -> list[_LineOutcome]:
    failed_at = None if run.failed_at is None else program.lines[run.failed_at]
    return _chained([(event.line, event.output) for event in run.events], states, run.error, failed_at)


def _source_outcomes(run: SourceRun) -> list[_LineOutcome]:
    states = [visible(event.variables) for event in run.events]
    return _chained([(event.line, event.output) for event in run.events], states, run.error, run.failed_at)


def _chained(
    lines: Sequence[tuple[int, tuple[str, ...]]],
    states: Sequence[State],
    error: ProgramError | None,
    failed_at: int | None,
) -> list[_LineOutcome]:
    """Return the outcome of each line that ended, and of the one that failed."""
    failed = None if error is None else failed_at or error.line
    following = [*(line for line, _ in lines[1:]), failed]
    ended = [
        _LineOutcome(line, state, output, after, None)
        for (line, output), state, after in zip(lines, states, following, strict=False)
    ]
    return ended if error is None or failed is None else [*ended, _LineOutcome(failed, None, (), None, error.kind)]


def _exact_outcome(program: Program, exact: Execution, line: int, state: State | None) -> _LineOutcome:
    """Return what exact execution came to; state: the one that it leads to, where it has been read already."""
    if exact.error is not None:
        return _LineOutcome(line, None, (), None, exact.error.kind)
    following = program.lines[exact.counter] if exact.counter < program.end else None
    if state is None:
        state = state_of(exact.values, program.names_at(line), exact.defined, exact.rows)
    return _LineOutcome(line, state, exact.output, following, None)


def _difference(expected: _LineOutcome, got: _LineOutcome) -> Difference | None:
    """Return in words the first thing that differs between two executions of a line."""
    if OUT_OF_BUDGET in (expected.error, got.error):
        return None
    if expected.error != got.error:
        return Difference(expected.error or "no error", got.error or "no error")
    one, other = expected.state or {}, got.state or {}
    if not same(one, other):
        names = [name for name in {**one, **other} if not same_value(one.get(name, ABSENT), other.get(name, ABSENT))]
        if not names:
            return Difference("the same values, shared otherwise", "its own")
        return Difference(_said(one, names), _said(other, names), first_difference(one, other))
    if expected.output != got.output:
        return Difference(_printed(expected.output), _printed(got.output))
    if expected.following != got.following:
        return Difference(_next(expected.following), _next(got.following))
    return None


def _hidden_difference(program: Program, exact: Execution, after: Before, line: int) -> Difference | None:
    """Return a value without a user's name that differs and that a later line reads, such as a loop's counter."""
    if exact.error is not None:
        return None
    named = program.names_at(line).values()
    values, rows = after
    for index, cells in enumerate(zip(exact.values, values, strict=True)):
        slot = Slot(index)
        if slot in named or not is_live(program, slot, exact.counter):
            continue
        expected, got = (
            ABSENT if cell is None else python_value(cell, own)
            for cell, own in zip(cells, (exact.rows, rows), strict=True)
        )
        if not same_value(expected, got):
            name = program.slots.get(slot, str(slot))
            said = _said({} if expected is ABSENT else {name: expected}, [name])
            return Difference(said, f"{name} = {shown(got)}", name)
    return None


def _divergence(outcomes: Sequence[_LineOutcome], expected: Sequence[_LineOutcome]) -> Divergence | None:
    """Return where a run and CPython's first part; both begin with the same line."""
    for index, (exact, outcome) in enumerate(zip(expected, outcomes, strict=False)):
        errors = {exact.error, outcome.error}
        if OUT_OF_BUDGET in errors or (len(errors) == 2 and OUT_OF_ROWS in errors):
            return None
        difference = _difference(exact, outcome)
        if difference is not None:
            lines = [row.line for row in outcomes]
            repeated = lines.count(outcome.line) > 1
            iteration = lines[: index + 1].count(outcome.line) if repeated else None
            return Divergence(outcome.line, iteration, difference)
    return None


def _end_alike(run: Run, exact: SourceRun) -> bool:
    kinds = [None if error is None else error.kind for error in (run.error, exact.error)]
    return kinds[0] == kinds[1] or not {OUT_OF_BUDGET, OUT_OF_ROWS}.isdisjoint(kinds)


def _defined_values(event: Event) -> Cells:
    return tuple(value if Slot(index) in event.defined else None for index, value in enumerate(event.values))


def _said(state: State, names: Sequence[str]) -> str:
    return ", ".join(f"{name} = {shown(state[name])}" if name in state else f"no {name}" for name in names)


def _printed(output: tuple[str, ...]) -> str:
    return f"output {'; '.join(line or 'an empty line' for line in output)}" if output else "no output"


def _next(line: int | None) -> str:
    return "the end next" if line is None else f"line {line} next"
