"""A flat list of instructions in the making: where lines start, and jumps to places not yet reached."""

from __future__ import annotations

from dataclasses import dataclass

from latent_repl.errors import CapacityError
from latent_repl.language.lowering.slots import Allocation
from latent_repl.language.program import Blank, Branch, CoreLine, Emit, Fail, Hole, Instruction, Jump, Operand, Slot

# Calls written out within calls multiply. Chosen: far beyond any program written by hand.
MAXIMUM_INSTRUCTIONS = 100_000


class Label:
    """A place in the list, known once `Assembler.place` has been given it."""

    index: int = -1


@dataclass(frozen=True)
class _Leap:
    """A branch, or a jump where there is no condition."""

    condition: Slot | None
    label: Label

    def resolved(self) -> Instruction:
        assert self.label.index >= 0, "a jump to a label that was never placed"
        return Jump(self.label.index) if self.condition is None else Branch(self.condition, self.label.index)


class Assembler:
    """Collects instructions, each with its source line, and hands out slots."""

    def __init__(self, allocation: Allocation) -> None:
        self.allocation = allocation
        self._list: list[CoreLine | Blank | Emit | Fail | _Leap] = []
        self.lines: list[int] = []
        self.starts: set[int] = set()
        self.visible: dict[int, dict[str, Slot]] = {}
        self._line = 1

    def begin(self, line: int) -> None:
        """Let the execution of a source line begin at the next instruction."""
        self._line = line
        self.starts.add(len(self._list))

    def core(
        self, target: Slot, operator: str | Hole, left: Operand | None = None, right: Operand | None = None
    ) -> None:
        """Add a core line."""
        self._add(CoreLine(target, operator, left, right))

    def add(self, instruction: Blank | Emit | Fail) -> None:
        """Add an instruction that is no core line and goes nowhere."""
        self._add(instruction)

    def branch(self, condition: Slot, label: Label) -> None:
        """Add a branch that is taken where the condition is false."""
        self._add(_Leap(condition, label))

    def jump(self, label: Label) -> None:
        """Add a jump."""
        self._add(_Leap(None, label))

    def place(self, label: Label) -> None:
        """Let the label mean the next instruction."""
        label.index = len(self._list)

    def instructions(self) -> tuple[Instruction, ...]:
        """Return the instructions, every label resolved."""
        return tuple(item.resolved() if isinstance(item, _Leap) else item for item in self._list)

    def _add(self, item: CoreLine | Blank | Emit | Fail | _Leap) -> None:
        if len(self._list) >= MAXIMUM_INSTRUCTIONS:
            raise CapacityError(f"the program has more than {MAXIMUM_INSTRUCTIONS} core lines, its calls written out")
        if isinstance(item, CoreLine | Blank) and item.holes:
            self.visible[len(self._list)] = self.allocation.visible()
        self._list.append(item)
        self.lines.append(self._line)
