"""Exact execution: of core lines with Python's ints, and of source by CPython itself.

The oracle makes training data and checks what the model did. It never produces what is shown as the model's.

    step(CoreLine(Slot(1), "+", Slot(0), 5), (71, None), -99, 99)    -> (71, 76), "ok"
    run_source(parse("a = 71\\na + 5"), {}).variables                 -> {"a": 71, "_": 76}
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from latent_repl.errors import ProgramError
from latent_repl.language import printed
from latent_repl.language.frames import Cursor, addresses_needed, failure, keep_frames, unassigned
from latent_repl.language.heap import reclaimed
from latent_repl.language.messages import failed
from latent_repl.language.movement import named
from latent_repl.language.operators import FULL, OVERFLOW, STATUS_OK, TRAP
from latent_repl.language.oracle.cpython import SourceEvent, SourceRun, run_source
from latent_repl.language.oracle.steps import (
    NO_HEAP,
    Limits,
    cell_of,
    operands,
    step,
    step_on_rows,
    written_to,
)
from latent_repl.language.program import (
    Branch,
    Call,
    Caught,
    Control,
    CoreLine,
    Detour,
    Emit,
    Fail,
    Given,
    Instruction,
    Jump,
    Load,
    Program,
    Resume,
    Return,
    Save,
    Slot,
)
from latent_repl.language.python_values import python_value, shown, text_of
from latent_repl.language.values import Cells, Rows, Value

__all__ = [
    "Execution",
    "LineEvent",
    "SourceEvent",
    "SourceRun",
    "execute",
    "execute_line",
    "run_source",
    "step",
]


@dataclass(frozen=True)
class LineEvent:
    """One executed source line: the values by slot after it, what it printed, how many core lines it took."""

    line: int
    values: Cells
    output: tuple[str, ...]
    steps: int
    rows: Rows = ()


@dataclass(frozen=True)
class Execution:
    """How a program went.

    values: by slot, None for an empty one; from before the failing line where there is an error.
    counter: the program's own instruction that failed, or its end.
    steps: core lines executed, the failing one included.
    events: one for each source line executed to its end.
    output: everything printed.
    rows: those of the heap, from before the failing line where there is an error. reclaimed: how often it was full.
    """

    values: Cells
    counter: int
    steps: int
    events: tuple[LineEvent, ...]
    output: tuple[str, ...]
    error: ProgramError | None = None
    rows: Rows = ()
    reclaimed: int = 0

    @property
    def defined(self) -> frozenset[Slot]:
        """The slots that hold a value, temporaries included."""
        return frozenset(Slot(index) for index, value in enumerate(self.values) if value is not None)


def execute(
    program: Program,
    values: Sequence[Value | None],
    *,
    minimum: int = -999,
    maximum: int = 999,
    step_budget: int = 10_000,
    rows: Rows = (),
    capacity: tuple[int, int] = NO_HEAP,
) -> Execution:
    """Run a lowered program from the given values, one for every slot, None for empty.

    A line that fails leaves the values from before it. The budget counts core lines, and source lines and calls begun:
    a loop may have no core line.

    rows: those that the values refer to. capacity: how many cells a row can have, and how many rows a heap.
    """
    return _Exact(program, (tuple(values), rows), Limits(minimum, maximum, *capacity), step_budget).run()


def execute_line(
    program: Program,
    values: Sequence[Value | None],
    place: int,
    *,
    minimum: int = -999,
    maximum: int = 999,
    step_budget: int = 10_000,
    rows: Rows = (),
    capacity: tuple[int, int] = NO_HEAP,
) -> Execution:
    """Run one source line, which begins at instruction `place`, from the given values, as `execute` does.

    `Execution.counter` is where the next line begins.
    """
    limits = Limits(minimum, maximum, *capacity)
    return _Exact(program, (tuple(values), rows), limits, step_budget, place).run(one_line=True)


class _Exact:
    """The execution under way; frames: the bottom one first, one more for each open call."""

    def __init__(
        self, program: Program, state: tuple[Cells, Rows], limits: Limits, step_budget: int, counter: int = 0
    ) -> None:
        self.program, self.cursor = program, Cursor(counter)
        self.frames, self.rows = [state[0]], state[1]
        self.limits, self.step_budget = limits, step_budget
        self.steps = self.begun_count = self.reclaimed = 0
        self.events: list[LineEvent] = []
        # Pieces, each with its end.
        self.output: list[str] = []
        # The line under way: its number, and values, rows, steps and output before it.
        self.begun: tuple[int, Cells, Rows, int, int] | None = None

    def run(self, *, one_line: bool = False) -> Execution:
        error: ProgramError | None = None
        try:
            while not self.cursor.ended(self.program):
                if self.cursor.starts(self.program):
                    if one_line and self.begun is not None:
                        break
                    self.begin_line()
                try:
                    self.execute(self.cursor.instruction(self.program))
                except ProgramError as raised:
                    caught = self.cursor.caught(self.program, raised)
                    if caught is None:
                        raise
                    self.cursor = caught
                    self.keep_frames()
            self.end_line()
        except ProgramError as caught:
            error = caught
            self.frames = self.frames[:1] if self.begun is None else [self.begun[1]]
            self.rows = self.rows if self.begun is None else self.begun[2]
        values, counter = self.frames[0], self.cursor.bottom
        output, events = printed.lines(self.output), tuple(self.events)
        return Execution(values, counter, self.steps, events, output, error, self.rows, self.reclaimed)

    def begin_line(self) -> None:
        self.end_line()
        self.count()
        line = self.program.lines[self.cursor.place]
        self.begun = (line, self.frames[0], self.rows, self.steps, len(self.output))

    def end_line(self) -> None:
        if self.begun is not None:
            line, _, _, steps, begun = self.begun
            output = printed.lines(self.output[begun:])
            self.events.append(LineEvent(line, self.frames[0], output, self.steps - steps, self.rows))

    def count(self) -> None:
        """Count one more line or call: there may be no core line in what is repeated."""
        self.begun_count += 1
        self.check_budget(self.begun_count)

    def execute(self, instruction: Instruction) -> None:
        for address in addresses_needed(self.program, self.cursor, instruction):
            if self.frames[address.depth][address.slot.index] is None:
                raise unassigned(self.program, self.cursor, address)
        values, following = self.frames[-1], self.cursor.place + 1
        match instruction:
            case CoreLine():
                self.core_line(instruction)
                return
            case Branch(condition, target):
                following = following if self.value(values[condition.index]) else target
            case Emit():
                self.emit(instruction)
            case Fail(error, message, parts):
                texts = (part if isinstance(part, str) else text_of(self.value(values[part.index])) for part in parts)
                raise failure(self.program, self.cursor, error, message + "".join(texts))
            case Jump() | Call() | Given() | Load() | Save() | Caught() | Detour() | Resume() | Return():
                self.go_through(instruction)
                return
        self.cursor = self.cursor.moved(following)

    def value(self, cell: Value | None) -> Any:
        return python_value(cell, self.rows)

    def emit(self, instruction: Emit) -> None:
        values = [self.value(self.frames[-1][slot.index]) for slot in instruction.slots]
        if instruction.kind == "print":
            self.output.append(printed.printed(map(text_of, values), instruction.separator, instruction.end))
        elif values != [None]:
            self.output.append(printed.printed(map(shown, values)))

    def go_through(self, instruction: Control) -> None:
        if isinstance(instruction, Call | Caught):
            self.count()
        self.cursor, copies = self.cursor.through(self.program, instruction)
        cells = [(copy.target, self.frames[copy.source.depth][copy.source.slot.index]) for copy in copies]
        self.keep_frames()
        for (depth, slot), value in cells:
            self.frames[depth] = written_to(self.frames[depth], slot, value)

    def keep_frames(self) -> None:
        keep_frames(self.frames, self.cursor.depth, lambda: (None,) * len(self.frames[0]))

    def core_line(self, core_line: CoreLine) -> None:
        self.check_budget(self.steps + 1)
        self.steps += 1
        values, rows, status = step_on_rows(core_line, self.frames[-1], self.rows, self.limits)
        if status == FULL:
            self.frames, self.rows = reclaimed(self.frames, self.rows)
            self.reclaimed += 1
            values, rows, status = step_on_rows(core_line, self.frames[-1], self.rows, self.limits)
        if status == STATUS_OK:
            self.frames[-1], self.rows = values, rows
            self.cursor = self.cursor.moved(self.cursor.place + 1)
        elif not (status == TRAP or (status == OVERFLOW and self.limits.rows)) or not self.trap(core_line):
            self.fail(core_line, status)

    def trap(self, core_line: CoreLine) -> bool:
        """Enter the routine that finishes what the step cannot; return False where there is none."""
        entered = self.cursor.trapped(self.program, core_line)
        if entered is None:
            return False
        self.count()
        self.cursor, given = entered
        cells = [cell_of(part, self.frames[-1]) for part in given]
        self.keep_frames()
        for index, cell in enumerate(cells):
            self.frames[-1] = written_to(self.frames[-1], Slot(index), cell)
        return True

    def fail(self, core_line: CoreLine, status: str) -> None:
        limits, values = self.limits, self.frames[-1]
        if status == OVERFLOW:
            kind, message = status, f"the result is outside {limits.minimum}..{limits.maximum}"
        else:
            own, left, right = (named(cell, self.rows) for cell in operands(core_line, values))
            kind, message = failed(status, str(core_line.operator), own, left, right, limits.cells, core_line.says)
        raise failure(self.program, self.cursor, kind, message)

    def check_budget(self, count: int) -> None:
        if count > self.step_budget:
            message = f"more than {self.step_budget} steps; is there a loop without an end?"
            raise failure(self.program, self.cursor, "StepBudgetError", message)
