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
from latent_repl.language.frames import Cursor, addresses_read, failure, keep_frames, unassigned
from latent_repl.language.operators import (
    DIVISION_BY_ZERO,
    OVERFLOW,
    STATUS_OK,
    TABLE,
    ZERO_DIVISION,
    Operator,
)
from latent_repl.language.oracle.cpython import SourceEvent, SourceRun, run_source
from latent_repl.language.program import (
    Branch,
    Call,
    CoreLine,
    Emit,
    Fail,
    Given,
    Hole,
    Instruction,
    Jump,
    Load,
    Operand,
    Program,
    Return,
    Slot,
)
from latent_repl.language.values import Value, fits, kind_of

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
    values: tuple[Value | None, ...]
    output: tuple[str, ...]
    steps: int


@dataclass(frozen=True)
class Execution:
    """How a program went.

    values: by slot, None for an empty one; from before the failing line where there is an error.
    counter: the program's own instruction that failed, or its end.
    steps: core lines executed, the failing one included.
    events: one for each source line executed to its end.
    output: everything printed.
    """

    values: tuple[Value | None, ...]
    counter: int
    steps: int
    events: tuple[LineEvent, ...]
    output: tuple[str, ...]
    error: ProgramError | None = None

    @property
    def defined(self) -> frozenset[Slot]:
        """The slots that hold a value, temporaries included."""
        return frozenset(Slot(index) for index, value in enumerate(self.values) if value is not None)


def step(
    core_line: CoreLine, values: Sequence[Value | None], minimum: int, maximum: int
) -> tuple[tuple[Value | None, ...], str]:
    """Run one core line; return the values by slot after it, and the status.

    Where the status is not ok (a division by zero, a result outside minimum..maximum), the values are those before.

    Raises ValueError where an operand is a hole or an empty slot, TypeError for a kind that the operator does not take.
    """
    before = tuple(values)
    try:
        result = _result(core_line, before)
    except ZeroDivisionError:
        return before, ZERO_DIVISION
    if not fits(result, minimum, maximum):
        return before, OVERFLOW
    return _written(before, core_line.target, result), STATUS_OK


def execute(
    program: Program,
    values: Sequence[Value | None],
    *,
    minimum: int = -999,
    maximum: int = 999,
    step_budget: int = 10_000,
) -> Execution:
    """Run a lowered program from the given values, one for every slot, None for empty.

    A line that fails leaves the values from before it. The budget counts core lines, and source lines and calls begun:
    a loop may have no core line.
    """
    return _Exact(program, tuple(values), minimum, maximum, step_budget).run()


def execute_line(
    program: Program,
    values: Sequence[Value | None],
    place: int,
    *,
    minimum: int = -999,
    maximum: int = 999,
    step_budget: int = 10_000,
) -> Execution:
    """Run one source line, which begins at instruction `place`, from the given values, as `execute` does.

    `Execution.counter` is where the next line begins.
    """
    return _Exact(program, tuple(values), minimum, maximum, step_budget, place).run(one_line=True)


def _result(core_line: CoreLine, values: tuple[Value | None, ...]) -> Value | None:
    if isinstance(core_line.operator, Hole):
        raise ValueError("the operator is a hole: fill every hole")
    row = TABLE[core_line.operator]
    operands = (core_line.left, core_line.right)[: row.arity]
    result: Value | None = row.exact(*(_read(operand, values, row) for operand in operands))
    return result


def _read(operand: Operand | None, values: tuple[Value | None, ...], row: Operator) -> Any:
    value = values[operand.index] if isinstance(operand, Slot) else operand
    kind = kind_of(value)
    if kind is None or not kind.literal:
        raise ValueError(f"{operand} holds no value: fill every hole, and assign every slot before it is read")
    if kind not in row.takes:
        raise TypeError(f"{row.symbol} takes no {kind.name}")
    return value


Frame = tuple[Value | None, ...]
"""The values of one frame, by slot."""


class _Exact:
    """The execution under way; frames: the bottom one first, one more for each open call."""

    def __init__(
        self, program: Program, values: Frame, minimum: int, maximum: int, step_budget: int, counter: int = 0
    ) -> None:
        self.program, self.frames, self.cursor = program, [values], Cursor(counter)
        self.minimum, self.maximum, self.step_budget = minimum, maximum, step_budget
        self.steps = self.begun_count = 0
        self.events: list[LineEvent] = []
        self.output: list[str] = []
        # The line under way: its number, and values, steps and output before it.
        self.begun: tuple[int, Frame, int, int] | None = None

    def run(self, *, one_line: bool = False) -> Execution:
        error: ProgramError | None = None
        try:
            while not self.cursor.ended(self.program):
                if self.cursor.place in self.program.starts:
                    if one_line and self.begun is not None:
                        break
                    self.begin_line()
                self.execute(self.program.instructions[self.cursor.place])
            self.end_line()
        except ProgramError as caught:
            error = caught
            self.frames = self.frames[:1] if self.begun is None else [self.begun[1]]
        values, counter = self.frames[0], self.cursor.bottom
        return Execution(values, counter, self.steps, tuple(self.events), tuple(self.output), error)

    def begin_line(self) -> None:
        self.end_line()
        self.count()
        self.begun = (self.program.lines[self.cursor.place], self.frames[0], self.steps, len(self.output))

    def end_line(self) -> None:
        if self.begun is not None:
            line, _, steps, printed = self.begun
            self.events.append(LineEvent(line, self.frames[0], tuple(self.output[printed:]), self.steps - steps))

    def count(self) -> None:
        """Count one more line or call: there may be no core line in what is repeated."""
        self.begun_count += 1
        self.check_budget(self.begun_count)

    def execute(self, instruction: Instruction) -> None:
        for address in addresses_read(self.cursor, instruction):
            if self.frames[address.depth][address.slot.index] is None:
                raise unassigned(self.program, self.cursor, address)
        values, following = self.frames[-1], self.cursor.place + 1
        match instruction:
            case CoreLine():
                self.core_line(instruction)
            case Branch(condition, target):
                following = following if values[condition.index] else target
            case Emit(slots):
                self.output.append(" ".join(str(values[slot.index]) for slot in slots))
            case Fail(error, message):
                raise failure(self.program, self.cursor, error, message)
            case Jump() | Call() | Given() | Load() | Return():
                self.go_through(instruction)
                return
        self.cursor = self.cursor.moved(following)

    def go_through(self, instruction: Jump | Call | Given | Load | Return) -> None:
        if isinstance(instruction, Call):
            self.count()
        self.cursor, copies = self.cursor.through(self.program, instruction)
        cells = [(copy.target, self.frames[copy.source.depth][copy.source.slot.index]) for copy in copies]
        keep_frames(self.frames, self.cursor.depth, lambda: (None,) * len(self.frames[0]))
        for (depth, slot), value in cells:
            self.frames[depth] = _written(self.frames[depth], slot, value)

    def core_line(self, core_line: CoreLine) -> None:
        self.check_budget(self.steps + 1)
        self.steps += 1
        try:
            self.frames[-1], status = step(core_line, self.frames[-1], self.minimum, self.maximum)
        except TypeError as error:
            raise failure(self.program, self.cursor, "TypeError", str(error)) from error
        if status != STATUS_OK:
            messages = {OVERFLOW: f"the result is outside {self.minimum}..{self.maximum}"}
            raise failure(self.program, self.cursor, status, messages.get(status, DIVISION_BY_ZERO))

    def check_budget(self, count: int) -> None:
        if count > self.step_budget:
            message = f"more than {self.step_budget} steps; is there a loop without an end?"
            raise failure(self.program, self.cursor, "StepBudgetError", message)


def _written(values: Frame, slot: Slot, value: Value | None) -> Frame:
    return (*values[: slot.index], value, *values[slot.index + 1 :])
