"""Which slot holds which variable, and which ones are free for temporaries.

A user's variable keeps its slot from the top-level statement that first mentions it until a top-level `del`, a
`del` inside a block keeps the reservation. Nothing else may be written there in between, not even before the
first assignment has run: what a slot holds is what the variable reads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeGuard

from latent_repl.language import nodes
from latent_repl.language.holes import hole_number
from latent_repl.language.nodes import Slot


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


def mentions(node: ast.AST) -> tuple[str, ...]:
    """Return the variables that a statement or an expression mentions, each once, in source order.

    A bare expression mentions the last value's name, `_`. Functions and holes are no variables.
    """
    found = [(n.lineno, n.col_offset, n.id) for n in ast.walk(node) if isinstance(n, ast.Name) and is_variable(n)]
    shown = [(n.lineno, n.col_offset - 1, nodes.LAST_VALUE) for n in ast.walk(node) if is_bare_expression(n)]
    return tuple(dict.fromkeys(name for _, _, name in sorted([*found, *shown])))


def is_variable(node: ast.Name) -> bool:
    """Return whether a name is a variable rather than a hole or a function."""
    return hole_number(node) is None and node.id not in nodes.RESERVED_NAMES


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

    def __init__(self, module: ast.Module, names: Mapping[str, Slot], slots: int) -> None:
        self._slots = slots
        self.reservations = [Reservation(name, slot, -1, None, True) for name, slot in names.items()]
        for index, statement in enumerate(module.body):
            self._reserve(index, statement)
        self._statement = 0
        self._live: set[Slot] = set()
        self.temporaries: dict[Slot, None] = {}

    def begin(self, statement: int) -> None:
        """Move on to a top-level statement, by index."""
        self._statement = statement

    def names_after(self, statement: int) -> dict[str, Slot]:
        """Return the variables that hold a slot after a top-level statement, -1 for before the first."""
        return {held.name: held.slot for held in self.reservations if held.covers(statement)}

    def variable(self, name: str) -> Slot:
        """Return the slot of a variable that the statement begun last mentions."""
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
        """Free a temporary; variables and literals are let be."""
        if isinstance(slot, Slot):
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

    def _reserve(self, index: int, statement: ast.stmt) -> None:
        held = self.names_after(index)
        for name in mentions(statement):
            if name not in held:
                held[name] = next(self._free_for_variables(name, set(held.values())))
                first = _assigns_first(statement, name)
                self.reservations.append(Reservation(name, held[name], index, None, first))
        if isinstance(statement, ast.Delete):
            deleted = set(mentions(statement))
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


def _assigns_first(statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, (ast.Assign, ast.Expr)) and name not in mentions(statement.value)
