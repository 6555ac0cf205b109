"""Exact execution: of core lines with Python's ints, and of source by CPython itself.

The oracle makes training data and checks what the model did. It never produces what is shown as the model's.

    step(CoreLine(Slot(1), "+", Slot(0), 5), (71, None), -99, 99)    -> (71, 76), "ok"
    run_source(parse("a = 71\\na + 5"), {}).variables                 -> {"a": 71, "_": 76}
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from latent_repl.errors import ProgramError, StepBudgetError
from latent_repl.language.oracle.cpython import SourceEvent, SourceRun, run_source
from latent_repl.language.program import (
    COPY,
    DELETE,
    DIVISION_BY_ZERO,
    STATUS_OK,
    Branch,
    CoreLine,
    Emit,
    Fail,
    Hole,
    Instruction,
    Jump,
    Operand,
    Program,
    Slot,
    Value,
)

__all__ = ["Event", "Execution", "SourceEvent", "SourceRun", "execute", "execute_line", "reads", "run_source", "step"]

_BINARY: Mapping[str, Callable[[Value, Value], Value]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "min": min,
    "max": max,
}
_UNARY: Mapping[str, Callable[[Value], Value]] = {
    "neg": operator.neg,
    "not": operator.not_,
    "abs": abs,
    COPY: lambda value: value,
}


@dataclass(frozen=True)
class Event:
    """One executed source line: the values by slot after it, what it printed, how many core lines it took."""

    line: int
    values: tuple[Value | None, ...]
    output: tuple[str, ...]
    steps: int


@dataclass(frozen=True)
class Execution:
    """How a program went.

    values: by slot, None for an empty one; from before the failing line where there is an error.
    counter: the instruction that failed, or the number of instructions.
    steps: core lines executed, the failing one included.
    events: one for each source line executed to its end.
    output: everything printed.
    """

    values: tuple[Value | None, ...]
    counter: int
    steps: int
    events: tuple[Event, ...]
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

    Raises ValueError where an operand is a hole or an empty slot.
    """
    before = tuple(values)
    try:
        result = _result(core_line, before)
    except ZeroDivisionError:
        return before, "ZeroDivisionError"
    if result is not None and not minimum <= result <= maximum:
        return before, "OverflowError"
    index = core_line.target.index
    return (*before[:index], result, *before[index + 1 :]), STATUS_OK


def execute(
    program: Program,
    values: Sequence[Value | None],
    *,
    minimum: int = -999,
    maximum: int = 999,
    step_budget: int = 10_000,
) -> Execution:
    """Run a lowered program from the given values, one for every slot, None for empty.

    A line that fails leaves the values from before it. The budget counts core lines, and source lines begun: a loop
    may have no core line.
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
    if core_line.operator == DELETE:
        return None
    left = _read(core_line.left, values)
    if core_line.operator in _UNARY:
        return _UNARY[core_line.operator](left)
    return _BINARY[core_line.operator](left, _read(core_line.right, values))


def _read(operand: Operand | None, values: tuple[Value | None, ...]) -> Value:
    value = values[operand.index] if isinstance(operand, Slot) else operand
    if not isinstance(value, int):
        raise ValueError(f"{operand} holds no value: fill every hole, and assign every slot before it is read")
    return value


def reads(instruction: Instruction) -> list[Slot]:
    """Return the slots that must hold a value where an instruction is executed; for `del` that is its target."""
    match instruction:
        case CoreLine() if instruction.operator == DELETE:
            return [instruction.target]
        case CoreLine():
            return [operand for operand in (instruction.left, instruction.right) if isinstance(operand, Slot)]
        case Branch():
            return [instruction.condition]
        case Emit():
            return list(instruction.slots)
        case _:
            return []


class _Exact:
    """The execution under way."""

    def __init__(
        self,
        program: Program,
        values: tuple[Value | None, ...],
        minimum: int,
        maximum: int,
        step_budget: int,
        counter: int = 0,
    ) -> None:
        self.program, self.values = program, values
        self.minimum, self.maximum, self.step_budget = minimum, maximum, step_budget
        self.counter = counter
        self.steps = self.lines = 0
        self.events: list[Event] = []
        self.output: list[str] = []
        # The line under way: its number, and values, steps and output before it.
        self.begun: tuple[int, tuple[Value | None, ...], int, int] | None = None

    def run(self, *, one_line: bool = False) -> Execution:
        error: ProgramError | None = None
        try:
            while self.counter < len(self.program.instructions):
                if self.counter in self.program.starts:
                    if one_line and self.begun is not None:
                        break
                    self.begin_line()
                self.execute(self.program.instructions[self.counter])
            self.end_line()
        except ProgramError as caught:
            error = caught
            self.values = self.values if self.begun is None else self.begun[1]
        return Execution(self.values, self.counter, self.steps, tuple(self.events), tuple(self.output), error)

    def begin_line(self) -> None:
        self.end_line()
        self.lines += 1
        self.begun = (self.line, self.values, self.steps, len(self.output))
        self.check_budget(self.lines)

    def end_line(self) -> None:
        if self.begun is not None:
            line, _, steps, printed = self.begun
            self.events.append(Event(line, self.values, tuple(self.output[printed:]), self.steps - steps))

    def execute(self, instruction: Instruction) -> None:
        self.refuse_unassigned(instruction)
        following = self.counter + 1
        match instruction:
            case CoreLine():
                self.core_line(instruction)
            case Branch(condition, target):
                following = following if self.values[condition.index] else target
            case Jump(target):
                following = target
            case Emit(slots):
                self.output.append(" ".join(str(self.values[slot.index]) for slot in slots))
            case Fail(error, message):
                raise ProgramError(error, message, self.line)
        self.counter = following

    def core_line(self, core_line: CoreLine) -> None:
        self.check_budget(self.steps + 1)
        self.values, status = step(core_line, self.values, self.minimum, self.maximum)
        self.steps += 1
        if status != STATUS_OK:
            messages = {"OverflowError": f"the result is outside {self.minimum}..{self.maximum}"}
            raise ProgramError(status, messages.get(status, DIVISION_BY_ZERO), self.line)

    def refuse_unassigned(self, instruction: Instruction) -> None:
        for slot in reads(instruction):
            if self.values[slot.index] is None:
                name = self.program.slots.get(slot, str(slot))
                raise ProgramError("NameError", f"name '{name}' is not defined", self.line)

    def check_budget(self, count: int) -> None:
        if count > self.step_budget:
            message = f"more than {self.step_budget} steps; is there a loop without an end?"
            raise StepBudgetError("StepBudgetError", message, self.line)

    @property
    def line(self) -> int:
        return self.program.lines[self.counter]
