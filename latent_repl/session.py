"""The main path: text -> core lines -> latents -> executor -> latents -> state.

    session = Session()
    session.run("a = 71").state            {"a": 71}
    session.run("a - 53").output           ("18",)

A session is one row of the machine and what the user's names mean in it. Every point it passed is kept as an
immutable snapshot, so that undo, redo and goto are exact.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jaxtyping import Float
from torch import Tensor

from latent_repl.errors import ProgramError, UsageError
from latent_repl.language.lower import lower
from latent_repl.language.nodes import Program, Slot, Value
from latent_repl.language.parse import Tree, parse
from latent_repl.machine import Machine, Mode, Run, TraceStep
from latent_repl.model.checkpoint import load
from latent_repl.model.interpreter import LatentInterpreter

if TYPE_CHECKING:
    from latent_repl.language.cpython import SourceRun

State = Mapping[str, Value]
LAST_VALUE = "_"


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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A point in a session; `exact` is what CPython has, None where nothing was checked up to here."""

    source: str
    latents: Float[Tensor, "S D"]
    names: Mapping[str, Slot]
    defined: frozenset[Slot]
    exact: State | None


class Session:
    """Runs Lx text on a trained model and keeps the state from one text to the next.

    model: the name of a shipped checkpoint, a folder, or a loaded model. mode: "latent" or "snap". check: compare
    with CPython. trace: keep every executor step. step_budget: executor steps that one text may take.
    """

    def __init__(
        self,
        model: str | Path | LatentInterpreter = "base",
        *,
        mode: Mode = "latent",
        check: bool = True,
        trace: bool = False,
        step_budget: int = 10_000,
        device: str = "cpu",
    ) -> None:
        self.model = model if isinstance(model, LatentInterpreter) else load(model, device)
        self.check, self.trace, self.step_budget = check, trace, step_budget
        self._machine = Machine(self.model, mode)
        self.reset()

    def run(self, text: str, *, file: str = "<input>") -> Result:
        """Run a text from the current state, keep the state it leads to, and return what happened.

        Raises LxSyntaxError for text outside Lx, LxNameError for a name that nothing assigned and CapacityError for
        too many variables; the session is then as it was before, as it is after a KeyboardInterrupt. An error of the
        program itself is no exception: it is `Result.error`, and the state is that before the failing line.
        """
        started = time.perf_counter()
        tree, program = self.lower(text, file=file)
        [run] = self._machine.run(
            [program], self.latents[None], defined=[self.defined], step_budget=self.step_budget, trace=self.trace
        )
        exact = self._expect(tree) if self.check else None
        before, confidence = self.state, self._confidence(run)
        names = program.names_at(run.error.line - 1) if run.error else program.names
        self._keep(Snapshot(text, run.latents, names, run.defined, exact.variables if exact else None))
        executed = _executed(program, run, exact)
        return Result(
            source=text,
            executed=executed,
            state=self.state,
            changes=_changes(before, self.state),
            steps=run.steps,
            confidence=confidence,
            output=tuple(line for row in executed for line in row.output),
            error=run.error,
            expected=_visible(exact.variables) if exact else None,
            match=_agrees(executed, run, exact) if exact else None,
            trace=tuple(_step(step, program) for step in run.trace),
            seconds=time.perf_counter() - started,
        )

    def lower(self, text: str, *, file: str = "<input>") -> tuple[Tree, Program]:
        """Return a text's tree and its core lines as they would run now."""
        bounds = {"minimum": self.model.config.minimum, "maximum": self.model.config.maximum}
        tree = parse(text, file=file, **bounds)
        if tree.holes:
            raise UsageError(
                f"{file}: the text has {tree.holes} hole(s); fill them with `:synth` or `latent-repl synth`"
            )
        return tree, lower(tree, slots=self.model.config.slots, names=self.names, **bounds)

    @property
    def state(self) -> State:
        """The user's variables as the decoder shows them."""
        [decoded] = self._machine.decode(self.latents[None])
        return _state(decoded.values, self.names, self.defined)

    @property
    def mode(self) -> Mode:
        """How a step's output is fed to the next: "latent" as it is, "snap" decoded and encoded again."""
        return self._machine.mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        if mode not in ("latent", "snap"):
            raise UsageError(f"no mode {mode!r}; the modes are latent and snap")
        self._machine.mode = mode

    @property
    def latents(self) -> Float[Tensor, "S D"]:
        """The current state latents."""
        return self._now.latents

    @property
    def names(self) -> Mapping[str, Slot]:
        """The user's variables, `_` included, and their slots."""
        return self._now.names

    @property
    def defined(self) -> frozenset[Slot]:
        """The slots that an executed line has written."""
        return self._now.defined

    @property
    def history(self) -> list[str]:
        """The texts run so far, up to the current point."""
        return [snapshot.source for snapshot in self._snapshots[1 : self._position + 1]]

    def reset(self) -> None:
        """Forget everything: an empty state, no names, no history."""
        self._snapshots = [Snapshot("", self._machine.empty_state(), {}, frozenset(), {})]
        self._position = 0

    def undo(self) -> None:
        """Go back to the state before the last text. Raises UsageError where there is none."""
        self.goto(self._position - 1)

    def redo(self) -> None:
        """Go forward again after an undo. Raises UsageError where there is nothing to redo."""
        self.goto(self._position + 1)

    def goto(self, number: int) -> None:
        """Go to the state after text `number`, 0 for the beginning. Raises UsageError if there is no such text."""
        if not 0 <= number < len(self._snapshots):
            raise UsageError(f"no state {number}: this session has states 0 to {len(self._snapshots) - 1}")
        self._position = number

    @property
    def _now(self) -> Snapshot:
        return self._snapshots[self._position]

    def _keep(self, snapshot: Snapshot) -> None:
        self._snapshots = [*self._snapshots[: self._position + 1], snapshot]
        self._position += 1

    def _confidence(self, run: Run) -> float:
        return run.events[-1].confidence if run.events else self._machine.decode(run.latents[None])[0].confidence

    def _expect(self, tree: Tree) -> SourceRun:
        """Return what CPython makes of the text; imported here because nothing but the check may need it."""
        from latent_repl.language.oracle import run_source

        exact = self._now.exact
        config = self.model.config
        return run_source(
            tree,
            self.state if exact is None else exact,
            minimum=config.minimum,
            maximum=config.maximum,
            step_limit=self.step_budget,
        )


def _visible(state: State) -> State:
    return {name: value for name, value in state.items() if name != LAST_VALUE}


def _state(values: tuple[Value | None, ...], names: Mapping[str, Slot], defined: frozenset[Slot]) -> State:
    """Return the user's variables of a decoded state."""
    state = {name: values[slot.index] for name, slot in names.items() if slot in defined and name != LAST_VALUE}
    return {name: value for name, value in state.items() if value is not None}


def _changes(before: State, after: State) -> tuple[Change, ...]:
    names = dict.fromkeys([*before, *after])
    changes = (Change(name, before.get(name), after.get(name)) for name in names)
    return tuple(change for change in changes if repr(change.before) != repr(change.after))


def _executed(program: Program, run: Run, exact: SourceRun | None) -> tuple[Executed, ...]:
    """Return the machine's events in the user's names, each beside what CPython had after the same line."""
    lines = program.source.split("\n")
    rows = []
    for index, event in enumerate(run.events):
        state = _state(event.values, program.names_at(event.line), event.defined)
        wanted = exact.events[index] if exact and index < len(exact.events) else None
        expected = _visible(wanted.variables) if wanted else None
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


def _agrees(executed: tuple[Executed, ...], run: Run, exact: SourceRun) -> bool:
    """Return whether CPython saw the same lines, states, outputs and error."""
    ended = [(error.kind, error.line) if error else None for error in (run.error, exact.error)]
    return ended[0] == ended[1] and len(executed) == len(exact.events) and all(row.match for row in executed)


def _step(step: TraceStep, program: Program) -> Step:
    names = {str(slot): name for slot, name in program.slots.items()}
    core_line = re.sub(r"\bs\d+\b", lambda found: names.get(found[0], found[0]), str(step.core_line))
    held = ((name, step.values[slot.index]) for slot, name in program.slots.items())
    state = {name: value for name, value in held if value is not None}
    return Step(core_line, state, step.status, step.confidence)
