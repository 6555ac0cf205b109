"""The instructions of a lowered program.

A program is one flat tuple of instructions::

    0  s1 = s0 < 10        CoreLine   one executor step
    1  branch s1 -> 4      Branch     taken when the decoded s1 is false
    2  s0 = s0 + 1         CoreLine
    3  jump 0              Jump
    4  emit s0             Emit       shows the decoded s0

The functions that it calls lie behind it, each once. A call begins a frame, which has all slots for itself::

    5  s0 = call f(s2)     Call       an empty frame, the cell of s2 copied to the first parameter, s0
    6  s1 = load s3        Load       the cell of a global variable, from the bottom frame
    7  save s3 = s1        Save       that cell to the global variable
    8  return s1           Return     the caller's frame again, the cell of s1 copied to the call's target

A `finally` block stands once; what passes through it says where to go on::

    9  detour 12 -> 10     Detour     to the block, which ends with a resume, and then to 10

An error is caught where a handler of the program's covers the instruction, or one that is open around it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from latent_repl.language.operators import DELETE, TABLE
from latent_repl.language.values import Value, written

PRELUDE = "."
"""What the name of a routine of the prelude begins with in a call: no function of the user's can have it."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """The address of one variable's place in a state, 0 <= index < slots of the checkpoint."""

    index: int

    def __str__(self) -> str:
        return f"s{self.index}"


@dataclass(frozen=True, slots=True)
class Hole:
    """A `?`, in the place of a value, an operator or a whole core line; numbered from 0 in source order."""

    number: int

    def __str__(self) -> str:
        return "?"


Operand = Slot | Hole | Value


@dataclass(frozen=True, slots=True)
class CoreLine:
    """What one executor step runs.

    `copy` and the unary operators have no right operand, `del` has none at all.
    says: what the error says where an operand is of a wrong kind, {left} and {right} standing for the kinds; or the
    operator as the program writes it, such as `-=`. Empty where the operator itself says it.

    >>> str(CoreLine(Slot(2), "+", Slot(0), 5)), str(CoreLine(Slot(1), "copy", 7))
    ('s2 = s0 + 5', 's1 = 7')
    """

    target: Slot
    operator: str | Hole
    left: Operand | None = None
    right: Operand | None = None
    says: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        if self.operator == DELETE:
            return f"{DELETE} {self.target}"
        if isinstance(self.operator, Hole):
            return f"{self.target} = {written(self.left)} ? {written(self.right)}"
        row = TABLE[self.operator]
        shape = row.core if row.in_place else f"{{target}} = {row.core}"
        return shape.format(target=self.target, left=written(self.left), right=written(self.right))

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The holes in source order: the left operand, the operator, the right operand."""
        return tuple(part for part in (self.left, self.operator, self.right) if isinstance(part, Hole))


@dataclass(frozen=True, slots=True)
class Blank:
    """A hole in the place of a whole core line."""

    hole: Hole

    def __str__(self) -> str:
        return "?"

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The one hole."""
        return (self.hole,)


@dataclass(frozen=True, slots=True)
class Branch:
    """Go to instruction `target` when the decoded condition is false (0 or False), else go on."""

    condition: Slot
    target: int


@dataclass(frozen=True, slots=True)
class Jump:
    """Go to instruction `target`."""

    target: int


@dataclass(frozen=True, slots=True)
class Emit:
    """Show the decoded slots: as `print` does with its separator and its end, or the value of a bare expression."""

    slots: tuple[Slot, ...]
    kind: Literal["print", "value"]
    separator: str = " "
    end: str = "\n"


@dataclass(frozen=True, slots=True)
class Fail:
    """Fail with an error of the program's own: a failed `assert`, or `raise`.

    parts: what stands behind the message: texts, and slots whose decoded values are shown as `str` shows them.
    """

    error: str
    message: str
    parts: tuple[str | Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """Go on in an empty frame, in which the parameters hold copies of the arguments' cells, until the function returns.

    function: its name, looked up when the call runs. keywords: the arguments given by name.
    otherwise: where to go on when no value is returned; None where the target needs one.
    rest, others: the tuple and the dict of the remaining arguments, by place and by name, where the function takes any.
    """

    target: Slot
    function: str
    arguments: tuple[Slot, ...] = ()
    keywords: tuple[tuple[str, Slot], ...] = ()
    otherwise: int | None = None
    rest: Slot | None = None
    others: Slot | None = None

    @property
    def of_prelude(self) -> bool:
        """Whether it calls a routine of the prelude, whose instructions are none of the program's."""
        return self.function.startswith(PRELUDE)

    def __str__(self) -> str:
        given = [*map(str, self.arguments), *([] if self.rest is None else [f"*{self.rest}"])]
        given += [f"{name}={slot}" for name, slot in self.keywords]
        given += [] if self.others is None else [f"**{self.others}"]
        return f"{self.target} = call {self.function}({', '.join(given)})"


@dataclass(frozen=True, slots=True)
class Given:
    """Go to instruction `target` where the call gave this parameter an argument, else go on to its default."""

    parameter: Slot
    target: int


@dataclass(frozen=True, slots=True)
class Load:
    """Copy the cell of a global variable, whose slot in the bottom frame is `source`, to a slot of this frame."""

    target: Slot
    source: Slot

    def __str__(self) -> str:
        return f"{self.target} = load {self.source}"


@dataclass(frozen=True, slots=True)
class Save:
    """Copy the cell of a slot of this frame to a global variable, whose slot in the bottom frame is `target`."""

    target: Slot
    source: Slot

    def __str__(self) -> str:
        return f"save {self.target} = {self.source}"


@dataclass(frozen=True, slots=True)
class Caught:
    """Write what the error says that was just caught to a slot: a string, made by one core line after another."""

    target: Slot


@dataclass(frozen=True, slots=True)
class Detour:
    """Go to the `finally` block at instruction `block`, and on to `following` where that ends."""

    block: int
    following: int


@dataclass(frozen=True, slots=True)
class Resume:
    """End a `finally` block: go on where its detour says, or raise the error again that led there."""

    block: int


@dataclass(frozen=True, slots=True)
class Return:
    """End the frame: the caller's goes on, a copy of this slot's cell in the call's target; None for no value."""

    slot: Slot | None

    def __str__(self) -> str:
        return "return" if self.slot is None else f"return {self.slot}"


Control = Jump | Call | Given | Load | Save | Caught | Detour | Resume | Return
"""The instructions that neither compute, nor look at a value."""
Instruction = CoreLine | Blank | Branch | Emit | Fail | Control


def changes(line: CoreLine) -> bool:
    """Return whether a core line changes what its target holds, rather than put something new there."""
    return isinstance(line.operator, str) and TABLE[line.operator].in_place


def reads(instruction: Instruction) -> list[Slot]:
    """Return the slots of the frame that must hold a value where an instruction is executed; for `del` its target."""
    match instruction:
        case CoreLine() if instruction.operator == DELETE:
            return [instruction.target]
        case CoreLine():
            own = instruction.target if changes(instruction) else None
            return [part for part in (own, instruction.left, instruction.right) if isinstance(part, Slot)]
        case Branch():
            return [instruction.condition]
        case Emit():
            return list(instruction.slots)
        case Call():
            named = (slot for _, slot in instruction.keywords)
            packed = (slot for slot in (instruction.rest, instruction.others) if slot is not None)
            return [*instruction.arguments, *named, *packed]
        case Return(Slot() as slot) | Save(source=slot):
            return [slot]
        case Fail():
            return [part for part in instruction.parts if isinstance(part, Slot)]
        case _:
            return []
