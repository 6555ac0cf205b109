"""The records of a run: what one program is while the machine runs it, and what is left of it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from latent_repl.errors import ProgramError, StepBudgetError
from latent_repl.language.operators import DELETE
from latent_repl.language.program import CoreLine, Instruction, Program, Slot
from latent_repl.language.values import Value


@dataclass(frozen=True, slots=True)
class Decoded:
    """A state as the decoder shows it: the value of each slot (None: empty), the status, and the product of the
    decoder's probabilities over all slots."""

    values: tuple[Value | None, ...]
    status: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Event:
    """The execution of one source line to its end: the state after it, executor steps, and the lines it showed.

    place: the instruction at which the line began.
    """

    line: int
    place: int
    values: tuple[Value | None, ...]
    status: str
    confidence: float
    steps: int
    output: tuple[str, ...]
    defined: frozenset[Slot]


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One executor step and the state after it."""

    core_line: CoreLine
    values: tuple[Value | None, ...]
    status: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Run:
    """How one program ended; after an error the latents are those before the failing line.

    path: the places of the core lines and branches that were executed, in their order, a failing line included.
    failed_at: the instruction at which the failing line began, if one failed.
    output: every line that was shown, those of a failing line included.
    """

    latents: Float[np.ndarray, "S D"]
    counter: int
    steps: int
    path: tuple[int, ...]
    defined: frozenset[Slot]
    error: ProgramError | None
    events: tuple[Event, ...]
    trace: tuple[TraceStep, ...]
    failed_at: int | None = None
    output: tuple[str, ...] = ()


@dataclass(slots=True)
class Line:
    """A source line under way: where it began, the state before it, and after it once it has ended."""

    number: int
    place: int
    before: tuple[np.ndarray, frozenset[Slot]]
    steps: int = 0
    output: list[str] = field(default_factory=list)
    after: tuple[np.ndarray, frozenset[Slot]] | None = None


@dataclass(slots=True)
class Running:
    """One program while it runs; codes: the bare code latents that run in the place of core lines, by their index."""

    program: Program
    latents: np.ndarray
    counter: int
    defined: frozenset[Slot]
    codes: Mapping[int, np.ndarray] = field(default_factory=dict)
    steps: int = 0
    path: list[int] = field(default_factory=list)
    error: ProgramError | None = None
    failed_at: int | None = None
    begun: int = 0
    line: Line | None = None
    ended: list[Line] = field(default_factory=list)
    trace: list[tuple[CoreLine, np.ndarray]] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    show: Callable[[str], None] = lambda text: None

    @property
    def instruction(self) -> Instruction | None:
        """The next instruction, None where the program has ended."""
        if self.error or self.counter >= len(self.program.instructions):
            return None
        return self.program.instructions[self.counter]

    def begin_line(self) -> None:
        """Note that the execution of a source line ends here and another begins."""
        self.end_line()
        self.begun += 1
        self.line = Line(self.program.lines[self.counter], self.counter, (self.latents, self.defined))

    def end_line(self) -> None:
        """Note that the source line under way, if there is one, has come to its end."""
        if self.line is not None:
            self.line.after = (self.latents, self.defined)
            self.ended.append(self.line)
            self.line = None

    def emit(self, text: str) -> None:
        """Show a line of output at once: what follows may fail, be interrupted, or never end."""
        self.output.append(text)
        if self.line is not None:
            self.line.output.append(text)
        self.show(text)

    def fail(self, kind: str, message: str) -> None:
        """End with an error; the state is that from before the source line."""
        error = StepBudgetError if kind == "StepBudgetError" else ProgramError
        self.error = error(kind, message, self.program.lines[self.counter])
        if self.line is not None:
            self.latents, self.defined = self.line.before
            self.failed_at = self.line.place
            self.line = None

    def undefined(self, core_line: CoreLine) -> Slot | None:
        """Return a slot that the core line reads and no step has written, if there is one."""
        read = (core_line.target,) if core_line.operator == DELETE else (core_line.left, core_line.right)
        return next((slot for slot in read if isinstance(slot, Slot) and slot not in self.defined), None)

    def define(self, core_line: CoreLine) -> None:
        """Note that the core line has written its target, or emptied it."""
        target = {core_line.target}
        self.defined = self.defined - target if core_line.operator == DELETE else self.defined | target
