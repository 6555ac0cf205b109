"""What one program is while the machine runs it: its frames, where it stands, and the line under way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from latent_repl.errors import ProgramError
from latent_repl.heaps import HeapReader
from latent_repl.language.frames import Copy, Cursor, addresses_needed, failure, keep_frames, unassigned
from latent_repl.language.operators import DELETE
from latent_repl.language.prelude.table import DOUBTS
from latent_repl.language.printed import lines
from latent_repl.language.program import (
    Call,
    Caught,
    Control,
    CoreLine,
    Instruction,
    Load,
    Program,
    Routine,
    Slot,
    reads,
)
from latent_repl.model.heap import Heap
from latent_repl.records import Decoded, Event

LatentState = tuple[np.ndarray, frozenset[Slot], Heap | None]
"""The latents of the bottom frame, which slots hold a value, and the heap."""


@dataclass(slots=True)
class Line:
    """A source line under way: where it began, the state before it, and after it once it has ended.

    certain: the product of the decoder's probabilities in its snaps.
    """

    number: int
    place: int
    before: LatentState
    steps: int = 0
    certain: float = 1.0
    output: list[str] = field(default_factory=list)
    after: LatentState | None = None

    def event(self, decoded: Decoded) -> Event:
        """Return the record of the line, which has ended, with what the state after it decodes to."""
        assert self.after is not None
        values, status, confidence = decoded.values, decoded.status, decoded.confidence * self.certain
        output, defined = lines(self.output), self.after[1]
        return Event(self.number, self.place, values, status, confidence, self.steps, output, defined, decoded.rows)


@dataclass(slots=True)
class Frame:
    """The slots of one call, or of the program itself: their latents, and which hold a value.

    snapped: whether every latent has been decoded and encoded again, so that doing it once more changes nothing.
    """

    latents: np.ndarray
    defined: frozenset[Slot] = frozenset()
    snapped: bool = False

    def write(self, slot: Slot, latent: np.ndarray) -> None:
        """Put a cell into a slot as it is."""
        self.latents, self.snapped = self.latents.copy(), False
        self.latents[slot.index] = latent
        self.defined |= {slot}

    def define(self, core_line: CoreLine) -> None:
        """Note that the core line has written its target, or emptied it."""
        deletes = core_line.operator == DELETE
        if deletes is (core_line.target in self.defined):
            self.defined ^= {core_line.target}


@dataclass(slots=True)
class Running:
    """One program while it runs.

    frames: the bottom one, and one for each open call. codes: the bare code latents that run in the place of core
    lines, by their index. begun: source lines and calls. reclaimed: how often; retried: whether for the next step.
    certain: as in `Run`.
    """

    program: Program
    frames: list[Frame]
    cursor: Cursor = field(default_factory=Cursor)
    codes: Mapping[int, np.ndarray] = field(default_factory=dict)
    heap: Heap | None = None
    steps: int = 0
    certain: float = 1.0
    path: list[int] = field(default_factory=list)
    error: ProgramError | None = None
    failed_at: int | None = None
    begun: int = 0
    reclaimed: int = 0
    retried: bool = False
    line: Line | None = None
    ended: list[Line] = field(default_factory=list)
    trace: list[tuple[CoreLine, Routine | None, np.ndarray, Heap | None, float]] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    show: Callable[[str], None] = lambda text: None

    @property
    def instruction(self) -> Instruction | None:
        """The next instruction, None where the program has ended."""
        return None if self.error or self.cursor.ended(self.program) else self.cursor.instruction(self.program)

    @property
    def place(self) -> int:
        """The index of the next instruction."""
        return self.cursor.place

    @property
    def frame(self) -> Frame:
        """The frame that instructions read and write."""
        return self.frames[-1]

    @property
    def routine(self) -> Routine | None:
        """The function that is being run, None for the program itself."""
        return self.cursor.calls[-1].routine if self.cursor.calls else None

    def go(self, place: int) -> None:
        """Go on at another instruction of the same frame."""
        self.cursor = self.cursor.moved(place)

    def go_through(self, instruction: Control, empty: np.ndarray) -> None:
        """Take a jump, a call or a return, or load a global variable. empty: the latents of a frame without values."""
        self.pass_by()
        self.begun += isinstance(instruction, Call | Caught)
        try:
            cursor, copies = self.cursor.through(self.program, instruction)
        except ProgramError as error:
            self.end(error)
            return
        self.move(cursor, copies, empty)

    def move(self, cursor: Cursor, copies: Sequence[Copy], empty: np.ndarray) -> None:
        """Go to a place within other calls: its frame begins, or those above it end, and cells are copied to it."""
        cells = [self.frames[copy.source.depth].latents[copy.source.slot.index] for copy in copies]
        self.cursor = cursor
        keep_frames(self.frames, cursor.depth, lambda: Frame(empty))
        for copy, cell in zip(copies, cells, strict=True):
            self.frames[copy.target.depth].write(copy.target.slot, cell)

    def pass_by(self) -> None:
        """Note that the next instruction is executed."""
        if not self.cursor.within_prelude:
            self.path.append(self.place)

    def has_another_way(self, core_line: CoreLine) -> bool:
        """Return whether a routine finds another way what the next step, a core line, leads to."""
        known = self.heap is not None and core_line.operator in DOUBTS and self.bare_code() is None
        return known and self.cursor.has_room

    def count_step(self, certain: float) -> None:
        """Note that a step was taken, and how certain its snap was."""
        self.steps, self.certain = self.steps + 1, self.certain * certain
        if self.line is not None:
            self.line.steps, self.line.certain = self.line.steps + 1, self.line.certain * certain

    def bare_code(self) -> np.ndarray | None:
        """Return the bare code latent that runs in the place of the next core line, None where there is none."""
        return None if self.cursor.within_prelude else self.codes.get(self.place)

    def enter(self, cursor: Cursor, cells: Sequence[np.ndarray], empty: np.ndarray) -> None:
        """Go to a routine's entry in a new frame, whose first slots are given cells."""
        self.begun += 1
        self.move(cursor, (), empty)
        for index, cell in enumerate(cells):
            self.frame.write(Slot(index), cell)

    def reclaim(self, reader: HeapReader) -> None:
        """Let the rows that no frame reaches be free, for another try at the next step."""
        assert self.heap is not None, "only a heap can be full"
        latents, self.heap = reader.reclaimed([frame.latents for frame in self.frames], self.heap)
        self.frames = [Frame(each, frame.defined) for each, frame in zip(latents, self.frames, strict=True)]
        self.reclaimed, self.retried = self.reclaimed + 1, True

    def begin_line(self) -> None:
        """Note that the execution of a source line ends here and another begins."""
        self.end_line()
        self.begun += 1
        self.line = Line(self.program.lines[self.place], self.place, self._state)

    def end_line(self) -> None:
        """Note that the source line under way, if there is one, has come to its end."""
        if self.line is not None:
            self.line.after = self._state
            self.ended.append(self.line)
            self.line = None

    @property
    def _state(self) -> LatentState:
        return self.frames[0].latents, self.frames[0].defined, self.heap

    def emit(self, text: str) -> None:
        """Show a piece of output at once: what follows may fail, be interrupted, or never end."""
        self.output.append(text)
        if self.line is not None:
            self.line.output.append(text)
        self.show(text)

    def overrun(self, step_budget: int) -> None:
        """Fail for more steps than are allowed."""
        more = f":budget {10 * step_budget}, or --step-budget {10 * step_budget}"
        self.fail("StepBudgetError", f"still running after {step_budget} steps; allow more with {more}")

    def fail(self, kind: str, message: str) -> None:
        """Fail with an error at the next instruction."""
        self.end(failure(self.program, self.cursor, kind, message))

    def end(self, error: ProgramError) -> None:
        """Go on at the error's handler; without one end, in the state from before the source line."""
        caught = self.cursor.caught(self.program, error)
        if caught is not None:
            self.cursor, self.retried = caught, False
            del self.frames[caught.depth + 1 :]
            return
        self.error = error
        self.frames = self.frames[:1]
        if self.line is not None:
            latents, defined, self.heap = self.line.before
            self.frames = [Frame(latents, defined)]
            self.failed_at = self.line.place
            self.line = None

    def misses(self, instruction: Instruction) -> bool:
        """Fail with an error, and return True, where an instruction reads a slot that no step has written."""
        if not isinstance(instruction, Load):  # what all others read is in the frame at hand, and mostly there
            before = () if self.cursor.within_prelude else self.program.needed.get(self.place, ())
            if self.frame.defined.issuperset((*before, *reads(instruction))):
                return False
        for address in addresses_needed(self.program, self.cursor, instruction):
            if address.slot not in self.frames[address.depth].defined:
                self.end(unassigned(self.program, self.cursor, address))
                return True
        return False
