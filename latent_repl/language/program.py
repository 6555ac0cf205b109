"""A lowered program: its instructions, which `instructions.py` tells of, and what is known of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from latent_repl.language.instructions import (
    PRELUDE,
    Blank,
    Branch,
    Call,
    Caught,
    Control,
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
    changes,
    reads,
)
from latent_repl.language.raised import ErrorHandler

__all__ = [
    "LAST_VALUE",
    "NEGATIVE_EXPONENT",
    "PRELUDE",
    "RESIZED",
    "ZERO_STEP",
    "Blank",
    "Branch",
    "Call",
    "Caught",
    "Control",
    "CoreLine",
    "Detour",
    "Emit",
    "Fail",
    "Given",
    "Hole",
    "Instruction",
    "Jump",
    "Listing",
    "Load",
    "Operand",
    "Program",
    "Resume",
    "Return",
    "Routine",
    "Save",
    "Slot",
    "changes",
    "no_library",
    "reads",
]

# What an error of the program says, whoever runs it.
NEGATIVE_EXPONENT = "negative exponent"
ZERO_STEP = "range() arg 3 must not be zero"
RESIZED = "dictionary changed size during iteration"

LAST_VALUE = "_"
"""The name of the last bare expression's value."""
TOLD_BY = "!"
"""What begins the part of a function's name that tells it from others of that name, and is not shown."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Instructions that lie outside a program, and the line of each in the file that they come from."""

    instructions: tuple[Instruction, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Routine:
    """A lowered function.

    entry: its first instruction. begins: the program's instruction from which on its name means this function.
    parameters: they lie in slots 0, 1, ...; defaults: those that have one. slots: name of every slot used, for display.
    code: where its instructions lie, for one of the prelude's; None for those of the program itself.
    by_name: the parameters that are given by name alone. rest, others: those that take the remaining arguments, as a
        tuple, and as a dict; empty names for none.
    """

    name: str
    entry: int
    begins: int
    parameters: tuple[str, ...]
    defaults: frozenset[str]
    slots: Mapping[Slot, str]
    code: Listing | None = None
    by_name: tuple[str, ...] = ()
    rest: str = ""
    others: str = ""

    @property
    def called(self) -> str:
        """What the user knows it by."""
        return self.name.partition(TOLD_BY)[0]

    @property
    def placed(self) -> tuple[str, ...]:
        """The parameters that are given by place or by name."""
        return self.parameters[: len(self.parameters) - len(self.by_name) - bool(self.rest) - bool(self.others)]


def no_library(name: str) -> Routine:
    """Raise LookupError: a program that was not lowered has no prelude."""
    raise LookupError(name)


@dataclass(frozen=True, slots=True)
class Program:
    """A lowered program.

    lines: source line of each instruction, 1-based; a function's are those of the text that defines it.
    end: where the program ends; the functions that it calls, `routines`, lie behind.
    starts: indices of the instructions at which the execution of a source line begins.
    names: the user's variables (and `_`, the last bare value) and their slots after the program;
        pass it to the next lowering to go on in the same session.
    slots: name of every slot used, temporaries included (`%0`, `%1`, ...), for display.
    holes: number of holes.
    scopes: the names in force from each source line on; `names_at` reads them.
    visible: for each instruction with a hole, the variables that its fill may name, and their slots there.
    needed: for an instruction, the slots of variables that its expression has read before and uses later: as in Python,
        `k + 1 // 0` with no k misses k first.
    handlers: of errors, those inside others first.
    library: gives the prelude's routines by name, lowered when they are first asked for.
    """

    source: str
    instructions: tuple[Instruction, ...]
    lines: tuple[int, ...]
    end: int
    starts: frozenset[int]
    names: Mapping[str, Slot]
    slots: Mapping[Slot, str]
    holes: int = 0
    scopes: tuple[tuple[int, Mapping[str, Slot]], ...] = ()
    visible: Mapping[int, Mapping[str, Slot]] = field(default_factory=dict)
    needed: Mapping[int, tuple[Slot, ...]] = field(default_factory=dict)
    routines: tuple[Routine, ...] = ()
    handlers: tuple[ErrorHandler, ...] = ()
    library: Callable[[str], Routine] = field(default=no_library, repr=False, compare=False)

    def routine(self, name: str, place: int) -> Routine | None:
        """Return the function that a name means while the program itself stands at an instruction."""
        if name.startswith(PRELUDE):
            return self.library(name.removeprefix(PRELUDE))
        named = [each for each in self.routines if each.name == name and each.begins <= place]
        return max(named, key=lambda each: each.begins, default=None)

    def names_at(self, line: int) -> Mapping[str, Slot]:
        """Return the user's variables and their slots after a source line, 0 for before the program.

        Differs from `names` where a later `del` ends a variable, or a later line begins one.
        """
        place = bisect_right(self.scopes, line, key=lambda scope: scope[0])
        return self.scopes[place - 1][1] if self.scopes else self.names
