"""Which slot holds which variable, and which ones are free for temporaries.

A user's variable keeps its slot from the top-level statement that first mentions it until a top-level `del`, a
`del` inside a block keeps the reservation. Nothing else may be written there in between, not even before the
first assignment has run: what a slot holds is what the variable reads. The variables of a function lie in temporaries
while a call of it is written out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from latent_repl.language.parsing.scopes import Functions, reached, variables_in
from latent_repl.language.program import LAST_VALUE, Slot


@dataclass(frozen=True)
class Reservation:
    """A variable's hold on a slot, from one top-level statement (by index) to another, None for the end.

    assigned_first: whether the first statement assigns it in any case before anything can read it.
    """

    name: str
    slot: Slot
    first: int
    last: int | None
    assigned_first: bool

    def covers(self, statement: int) -> bool:
        """Return whether the variable holds the slot after this statement, -1 for before the first."""
        return self.first <= statement and (self.last is None or statement < self.last)


def mentions(node: ast.AST, functions: Functions) -> tuple[str, ...]:
    """Return the variables that a statement or an expression mentions, each once, in source order.

    A bare expression mentions the last value's name, `_`; a call what its function reads of the variables outside.
    """
    own = list(variables_in(node, {}))
    found = [(name.lineno, name.col_offset, name.id) for name in own]
    found += [(n.lineno, n.col_offset - 1, LAST_VALUE) for n in ast.walk(node) if is_bare_expression(n)]
    called = [name.id for function in reached(node, functions).values() for name in function.free]
    if isinstance(node, ast.FunctionDef):
        return ()
    return tuple(dict.fromkeys([*(name for _, _, name in sorted(found)), *called]))


def is_bare_expression(node: ast.AST) -> TypeGuard[ast.Expr]:
    """Return whether a statement is an expression whose value is shown; `print(...)` is none."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return False
        case _:
            return isinstance(node, ast.Expr)


class Allocation:
    """The slots of one program.

    It hands out slots beyond `slots` rather than stop, so that `needed` can say how many there should be.
    """

    def __init__(
        self, module: ast.Module, names: Mapping[str, Slot], slots: int, functions: Sequence[Functions]
    ) -> None:
        """Reserve slots for a module's variables; functions: those in force at each of its statements."""
        self._slots, self._functions = slots, functions
        self.reservations = [Reservation(name, slot, -1, None, True) for name, slot in names.items()]
        for index, statement in enumerate(module.body):
            self._reserve(index, statement, functions[index])
        self._statement = 0
        # The variables of the calls that are being written out, the innermost last.
        self._frames: list[Mapping[str, Slot]] = []
        self._live: set[Slot] = set()
        self.temporaries: dict[Slot, None] = {}

    def begin(self, statement: int) -> None:
        """Move on to a top-level statement, by index."""
        self._statement = statement

    def names_after(self, statement: int) -> dict[str, Slot]:
        """Return the variables that hold a slot after a top-level statement, -1 for before the first."""
        return {held.name: held.slot for held in self.reservations if held.covers(statement)}

    def variable(self, name: str) -> Slot:
        """Return the slot of a variable that the statement begun last mentions, here: in the innermost call."""
        if self._frames and name in self._frames[-1]:
            return self._frames[-1][name]
        return self._outside(name)

    def read(self, node: ast.AST) -> set[Slot]:
        """Return the slots of the variables that an expression mentions here, calls included."""
        functions = self._functions[self._statement]
        called = {name.id for function in reached(node, functions).values() for name in function.free}
        return {self.variable(name.id) for name in variables_in(node, {})} | {self._outside(name) for name in called}

    def visible(self) -> dict[str, Slot]:
        """Return the variables that a line here may mention, with their slots."""
        return {**self.names_after(self._statement), **(self._frames[-1] if self._frames else {})}

    def enter(self, frame: Mapping[str, Slot]) -> None:
        """Begin to write out a call whose variables lie in these slots."""
        self._frames.append(frame)

    def leave(self) -> None:
        """End the innermost call, and free its slots."""
        for slot in self._frames.pop().values():
            self.release(slot)

    @property
    def depth(self) -> int:
        """How many calls are being written out, one in another."""
        return len(self._frames)

    def _outside(self, name: str) -> Slot:
        # The statement that deletes a variable still has to find it.
        held = [one for one in self.reservations if one.name == name and one.first <= self._statement]
        return held[-1].slot

    def temporary(self) -> Slot:
        """Return a slot for a temporary, to be released after its last use."""
        slot = next(slot for slot in self._free_for_temporaries() if slot not in self._live)
        self._live.add(slot)
        self.temporaries[slot] = None
        return slot

    def release(self, slot: object) -> None:
        """Free a temporary; variables, those of calls too, and literals are let be."""
        if isinstance(slot, Slot) and not any(slot in frame.values() for frame in self._frames):
            self._live.discard(slot)

    @property
    def needed(self) -> int:
        """How many slots the program needs."""
        used = [*(held.slot for held in self.reservations), *self.temporaries]
        return max((slot.index + 1 for slot in used), default=0)

    def slot_names(self) -> dict[Slot, str]:
        """Return the name of each slot: the variable's, or %0, %1, ... for temporaries."""
        variables = {held.slot: held.name for held in self.reservations}
        temporaries = sorted(slot for slot in self.temporaries if slot not in variables)
        return variables | {slot: f"%{number}" for number, slot in enumerate(temporaries)}

    def _reserve(self, index: int, statement: ast.stmt, functions: Functions) -> None:
        held = self.names_after(index)
        for name in mentions(statement, functions):
            if name not in held:
                held[name] = next(self._free_for_variables(name, set(held.values())))
                first = _assigns_first(statement, name, functions)
                self.reservations.append(Reservation(name, held[name], index, None, first))
        if isinstance(statement, ast.Delete):
            deleted = set(mentions(statement, functions))
            self.reservations = [
                replace(one, last=index) if one.last is None and one.name in deleted else one
                for one in self.reservations
            ]

    def _free_for_variables(self, name: str, held: set[Slot]) -> Iterator[Slot]:
        """Yield the slot the variable had before, then those that none has had: a slot keeps one name if it can."""
        every = [Slot(index) for index in range(self._slots)]
        yield from (one.slot for one in self.reservations if one.name == name and one.slot not in held)
        ever = {one.slot for one in self.reservations}
        yield from (slot for slot in every if slot not in ever)
        yield from (slot for slot in every if slot not in held)
        yield from _beyond(self._slots, held)

    def _free_for_temporaries(self) -> Iterator[Slot]:
        """Yield slots that no variable ever holds, then those that none holds from here on, then of those to come.

        A variable yet to come overwrites the temporary before it can be read, or its slot is not offered.
        """
        every = [Slot(index) for index in range(self._slots)]
        yield from (slot for slot in every if slot not in {one.slot for one in self.reservations})
        current = [one for one in self.reservations if one.last is None or one.last >= self._statement]
        yield from (slot for slot in every if slot not in {one.slot for one in current})
        kept = {one.slot for one in current if one.first <= self._statement or not one.assigned_first}
        yield from (slot for slot in every if slot not in kept)
        yield from _beyond(self._slots, {one.slot for one in self.reservations})


def _beyond(slots: int, held: set[Slot]) -> Iterator[Slot]:
    index = slots
    while True:
        if Slot(index) not in held:
            yield Slot(index)
        index += 1


def _assigns_first(statement: ast.stmt, name: str, functions: Functions) -> bool:
    return isinstance(statement, (ast.Assign, ast.Expr)) and name not in mentions(statement.value, functions)
