"""A flat list of instructions in the making: where lines start, and jumps to places not yet reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from latent_repl.language.lowering.slots import Allocation
from latent_repl.language.operators import COPY
from latent_repl.language.program import (
    Blank,
    Branch,
    Call,
    Caught,
    CoreLine,
    Detour,
    Emit,
    Fail,
    Given,
    Hole,
    Instruction,
    Jump,
    Load,
    Operand,
    Resume,
    Return,
    Save,
    Slot,
    reads,
)
from latent_repl.language.raised import ErrorHandler
from latent_repl.language.values import NOTHING

Keywords = Sequence[tuple[str, Slot]]


class Label:
    """A place in the list, known once `Assembler.place` has been given it."""

    index: int = -1


@dataclass(frozen=True)
class _Leap:
    """An instruction that waits for the index of a label."""

    make: Callable[[int], Instruction]
    label: Label

    def resolved(self) -> Instruction:
        assert self.label.index >= 0, "a jump to a label that was never placed"
        return self.make(self.label.index)


class Assembler:
    """Collects instructions, each with its source line, and hands out slots.

    first: the index of the first instruction, where others come before them.
    limits: the smallest and the largest number of a cell. with_rows: whether the checkpoint has rows.
    """

    def __init__(
        self, allocation: Allocation, first: int = 0, *, limits: tuple[int, int] = (-999, 999), with_rows: bool = False
    ) -> None:
        self.allocation, self.first, self.limits, self.with_rows = allocation, first, limits, with_rows
        self._list: list[Instruction | _Leap] = []
        self.lines: list[int] = []
        self.starts: set[int] = set()
        self.visible: dict[int, dict[str, Slot]] = {}
        self._read: dict[int, list[Slot]] = {}
        self._handlers: list[tuple[int, int, frozenset[str], Label, bool]] = []
        self._line = 1
        # Whether an error is caught here: then a variable keeps its value until all of an expression has one.
        self.guarded = False

    @property
    def following(self) -> int:
        """The index of the next instruction."""
        return self.first + len(self._list)

    def begin(self, line: int) -> None:
        """Let the execution of a source line begin at the next instruction."""
        self.belong(line)
        self.starts.add(self.following)

    def belong(self, line: int) -> None:
        """Let the next instructions belong to a source line whose execution is not told of, as in functions."""
        self._line = line

    def core(
        self, target: Slot, operator: str | Hole, left: Operand | None = None, right: Operand | None = None
    ) -> None:
        """Add a core line."""
        self._add(CoreLine(target, operator, left, right))

    def say(self, words: str) -> None:
        """Let the core line that was added last say so where an operand is of a wrong kind: `CoreLine.says`."""
        line = self._list[-1]
        assert isinstance(line, CoreLine), "nothing else takes operands"
        self._list[-1] = replace(line, says=words)

    def catch(self, first: int, last: int, kinds: frozenset[str], label: Label, *, final: bool = False) -> None:
        """Let errors of some kinds lead to a label, at the instructions first <= index < last; final: and go on."""
        self._handlers.append((first, last, kinds, label, final))

    def handlers(self) -> tuple[ErrorHandler, ...]:
        """Return the handlers, in the order in which they were added."""
        return tuple(
            ErrorHandler(first, last, kinds, label.index, final) for first, last, kinds, label, final in self._handlers
        )

    def add(self, instruction: Blank | Emit | Fail | Load | Save | Caught | Return) -> None:
        """Add an instruction that is no core line and goes to no label."""
        self._add(instruction)

    def branch(self, condition: Slot, label: Label) -> None:
        """Add a branch that is taken where the condition is false."""
        self._add(_Leap(partial(Branch, condition), label))

    def jump(self, label: Label) -> None:
        """Add a jump."""
        self._add(_Leap(Jump, label))

    def detour(self, block: Label) -> None:
        """Add a jump to a `finally` block, which goes on behind it."""
        following = Label()
        self._add(_Leap(lambda index: Detour(block.index, index), following))
        self.place(following)

    def resume(self, block: Label) -> None:
        """End the `finally` block that begins at a label."""
        self._add(Resume(block.index))

    def given(self, parameter: Slot, label: Label) -> None:
        """Add a jump that is taken where the parameter has an argument."""
        self._add(_Leap(partial(Given, parameter), label))

    def call(
        self,
        target: Slot,
        function: str,
        arguments: Sequence[Slot],
        keywords: Keywords,
        otherwise: Label | None,
        packed: tuple[Slot | None, Slot | None] = (None, None),
    ) -> None:
        """Add a call; otherwise: where to go on when no value is returned, None where one is needed.

        packed: the tuple and the dict of the remaining arguments.
        """
        rest, others = packed
        call = partial(Call, target, function, tuple(arguments), tuple(keywords), rest=rest, others=others)
        self._add(call() if otherwise is None else _Leap(call, otherwise))

    @contextmanager
    def none_for(self, target: Slot) -> Iterator[Label]:
        """Give the label where a call goes on that returns nothing; there the target becomes None."""
        nothing, done = Label(), Label()
        yield nothing
        self.jump(done)
        self.place(nothing)
        self.core(target, COPY, NOTHING)
        self.place(done)

    def read(self, variable: Slot) -> None:
        """Let a variable be read here, before the next instruction; a later one uses its value."""
        self._read.setdefault(self.following, []).append(variable)

    def needed(self) -> dict[int, tuple[Slot, ...]]:
        """Return what is read before an instruction, where that is not what the instruction itself reads first."""
        listed = {self.first + place: instruction for place, instruction in enumerate(self.instructions())}
        return {place: tuple(read) for place, read in self._read.items() if read != reads(listed[place])[: len(read)]}

    def place(self, label: Label) -> None:
        """Let the label mean the next instruction."""
        label.index = self.following

    def instructions(self) -> tuple[Instruction, ...]:
        """Return the instructions, every label resolved."""
        return tuple(item.resolved() if isinstance(item, _Leap) else item for item in self._list)

    def _add(self, item: Instruction | _Leap) -> None:
        if isinstance(item, CoreLine | Blank) and item.holes:
            self.visible[self.following] = self.allocation.visible()
        self._list.append(item)
        self.lines.append(self._line)
