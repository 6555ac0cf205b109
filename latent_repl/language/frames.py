"""Where a program stands: the instruction, and the calls that are open, each with a frame of its own.

    cursor.through(program, Call(s2, "f", (s0,)))    at f's entry, and what is copied: s0 of depth 0 to s0 of depth 1
    cursor.through(program, Return(s1))              after the call, and: s1 of depth 1 to s2 of depth 0
    cursor.caught(program, error)                    at the handler of an error, out of the calls that have none

Whoever runs a program, on latents, on exact values or on terms of equations, goes by this and copies its own cells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from latent_repl.errors import ProgramError, StepBudgetError
from latent_repl.language.calling import bind, spelled
from latent_repl.language.prelude.table import TRAPS, PreludeRoutine
from latent_repl.language.program import (
    Call,
    Caught,
    Control,
    CoreLine,
    Detour,
    Given,
    Instruction,
    Jump,
    Load,
    Operand,
    Program,
    Resume,
    Return,
    Routine,
    Save,
    Slot,
    changes,
    reads,
)

MAXIMUM_DEPTH = 200
"""Calls that may be open at once. Chosen: beyond it CPython, which checks, would soon come to its own limit."""

Held = TypeVar("Held")
"""What one frame is to whoever runs a program."""


class Address(NamedTuple):
    """A slot of one of the frames; the program's own is at depth 0, the bottom."""

    depth: int
    slot: Slot


class Copy(NamedTuple):
    """A cell that goes from one frame to another as it is."""

    target: Address
    source: Address


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that has not returned.

    place: the caller's instruction; following: the next one. target: the caller's slot for the result.
    otherwise: where the caller goes on when no value is returned; None where it needs one.
    given: the parameters for which the call has an argument.
    """

    routine: Routine
    place: int
    following: int
    target: Slot
    given: frozenset[Slot] = frozenset()
    otherwise: int | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a program stands: at an instruction, within calls, the outermost first.

    caught_at: the instruction of an error that was caught just before; message: what that says.
    pending: where each `finally` block goes on that was entered, or with which error, by its depth and instruction.
    """

    place: int = 0
    calls: tuple[OpenCall, ...] = ()
    message: str = ""
    caught_at: int = 0
    pending: tuple[tuple[int, int, int | ProgramError], ...] = ()

    @property
    def depth(self) -> int:
        """How many calls are open."""
        return len(self.calls)

    @property
    def bottom(self) -> int:
        """The instruction at which the program itself stands."""
        return self.calls[0].place if self.calls else self.place

    def instruction(self, program: Program) -> Instruction:
        """Return the instruction at which it stands, of the program or of a routine of the prelude."""
        code = self.calls[-1].routine.code if self.calls else None
        return program.instructions[self.place] if code is None else code.instructions[self.place]

    def starts(self, program: Program) -> bool:
        """Return whether the execution of a source line begins here."""
        return not self.calls and self.place in program.starts

    @property
    def within_prelude(self) -> bool:
        """Whether the instruction is one of a routine of the prelude."""
        return bool(self.calls) and self.calls[-1].routine.code is not None

    @property
    def has_room(self) -> bool:
        """Whether a routine that calls another one can be entered here."""
        return self.depth + 2 <= MAXIMUM_DEPTH

    def at(self, slot: Slot) -> Address:
        """Return the address of a slot of the current frame."""
        return Address(self.depth, slot)

    def moved(self, place: int) -> Cursor:
        """Return the cursor at another instruction of the same frame."""
        return Cursor(place, self.calls, pending=self.pending)

    def detoured(self, block: int, then: int | ProgramError) -> Cursor:
        """Return the cursor at a `finally` block of the same frame; then: where that goes on, or with which error."""
        others = (each for each in self.pending if each[0] <= self.depth and each[:2] != (self.depth, block))
        return Cursor(block, self.calls, pending=(*others, (self.depth, block, then)))

    def after(self, block: int) -> int | ProgramError | None:
        """Return where a `finally` block goes on, or with which error; None where nothing has entered it."""
        return next((then for *where, then in self.pending if where == [self.depth, block]), None)

    def ended(self, program: Program) -> bool:
        """Return whether the program has come to its end."""
        return not self.calls and self.place >= program.end

    def through(self, program: Program, instruction: Control) -> tuple[Cursor, tuple[Copy, ...]]:
        """Return where an instruction leads, and which cells it copies.

        Raises ProgramError for a call that Python would refuse, and for one that needs a value and gets none.
        """
        match instruction:
            case Jump(target):
                return self.moved(target), ()
            case Given(parameter, target):
                return self.moved(target if parameter in self.calls[-1].given else self.place + 1), ()
            case Load(target, source):
                return self.moved(self.place + 1), (Copy(self.at(target), Address(0, source)),)
            case Save(target, source):
                return self.moved(self.place + 1), (Copy(Address(0, target), self.at(source)),)
            case Caught(target):
                written = OpenCall(spelled(self.message), self.caught_at, self.place + 1, target)
                return Cursor(0, (*self.calls, written), pending=self.pending), ()
            case Detour(block, following):
                return self.detoured(block, following), ()
            case Resume(block):
                then = self.after(block)
                if isinstance(then, ProgramError):
                    raise then
                return self.moved(program.end if then is None else then), ()
            case Call():
                return self._called(program, instruction)
            case Return(slot):
                return self._returned(program, slot)

    def entered(self, program: Program, call: OpenCall) -> Cursor:
        """Return the cursor at a routine's entry. Raises ProgramError where too many calls are open."""
        if self.depth == MAXIMUM_DEPTH:
            raise failure(program, self, "RecursionError", "maximum recursion depth exceeded")
        return Cursor(call.routine.entry, (*self.calls, call), pending=self.pending)

    def caught(self, program: Program, error: ProgramError) -> Cursor | None:
        """Return the cursor at the handler of an error that happened here; None where none catches it."""
        if not self.within_prelude:
            for handler in program.handlers:  # the innermost come first
                if handler.catches(self.place, error.kind):
                    if handler.final:
                        return self.detoured(handler.target, error)
                    return Cursor(handler.target, self.calls, error.message, self.place, self.pending)
        outside = Cursor(self.calls[-1].place, self.calls[:-1], pending=self.pending) if self.calls else None
        return outside and outside.caught(program, error)

    def trapped(
        self, program: Program, line: CoreLine, routines: Mapping[str, PreludeRoutine] = TRAPS
    ) -> tuple[Cursor, tuple[Operand | None, ...]] | None:
        """Return where a step leads that is one of several, and what its routine is given; None where there is none.

        Its parameters are the line's operands, after the target where the operator changes that in place.
        """
        wanted = routines.get(str(line.operator))
        if wanted is None:
            return None
        routine = program.library(wanted.name)
        parts = (line.target, line.left, line.right) if changes(line) else (line.left, line.right)
        given = parts[: len(routine.parameters)]
        following = self.place + 1
        parameters = frozenset(Slot(index) for index in range(len(given)))
        return self.entered(
            program, OpenCall(routine, self.place, following, line.target, parameters, following)
        ), given

    def _called(self, program: Program, call: Call) -> tuple[Cursor, tuple[Copy, ...]]:
        routine = program.routine(call.function, self.bottom)
        if routine is None:
            raise failure(program, self, "NameError", f"name '{call.function}' is not defined")
        try:
            bound = bind(routine, call)
        except TypeError as error:
            raise failure(program, self, "TypeError", str(error)) from None
        following = self.place + 1
        opened = OpenCall(routine, self.place, following, call.target, frozenset(bound), call.otherwise)
        inside = self.entered(program, opened)
        return inside, tuple(Copy(inside.at(parameter), self.at(slot)) for parameter, slot in bound.items())

    def _returned(self, program: Program, slot: Slot | None) -> tuple[Cursor, tuple[Copy, ...]]:
        call = self.calls[-1]
        caller = Cursor(call.following, self.calls[:-1], pending=self.pending)
        if slot is not None:
            return caller, (Copy(caller.at(call.target), self.at(slot)),)
        if call.otherwise is None:
            raise failure(program, caller.moved(call.place), "TypeError", no_value(call.routine.called))
        return caller.moved(call.otherwise), ()


def keep_frames(frames: list[Held], depth: int, empty: Callable[[], Held]) -> None:
    """Let there be one frame for each depth up to this one: those of ended calls go, that of a new one is empty."""
    del frames[depth + 1 :]
    while len(frames) <= depth:
        frames.append(empty())


def no_value(function: str) -> str:
    """Return what to say where a call is used as a value and its function returned none."""
    return f"{function}() returned None, which is no value of Lx"


def failure(program: Program, cursor: Cursor, kind: str, message: str) -> ProgramError:
    """Return the error of a program that stands here."""
    error = StepBudgetError if kind == "StepBudgetError" else ProgramError
    function = None
    while cursor.calls and function is None:
        called = cursor.calls[-1]
        if called.routine.code is None:
            function = called.routine.called, program.lines[cursor.place]
        else:
            # The user wrote no line of the prelude: what called it went wrong.
            cursor = Cursor(called.place, cursor.calls[:-1])
    return error(kind, message, program.lines[cursor.bottom], function)


def unassigned(program: Program, cursor: Cursor, address: Address) -> ProgramError:
    """Return Python's error for a variable that is read and holds no value."""
    if address.depth == 0:
        name = program.slots.get(address.slot, str(address.slot))
        return failure(program, cursor, "NameError", f"name '{name}' is not defined")
    name = cursor.calls[-1].routine.slots.get(address.slot, str(address.slot))
    message = f"cannot access local variable '{name}' where it is not associated with a value"
    return failure(program, cursor, "UnboundLocalError", message)


def addresses_needed(program: Program, cursor: Cursor, instruction: Instruction) -> list[Address]:
    """Return where there must be a value: what the expression under way has read before, then what is read now."""
    before = () if cursor.within_prelude else program.needed.get(cursor.place, ())
    return [*map(cursor.at, before), *addresses_read(cursor, instruction)]


def addresses_read(cursor: Cursor, instruction: Instruction) -> list[Address]:
    """Return what an instruction reads as addresses, and that of a global variable which is loaded."""
    if isinstance(instruction, Load):
        return [Address(0, instruction.source)]
    return [cursor.at(slot) for slot in reads(instruction)]
