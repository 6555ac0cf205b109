"""Which slot holds which variable, and which ones are free for temporaries.

A user's variable keeps its slot from the top-level statement that first mentions it until a top-level `del`, a
`del` inside a block keeps the reservation. Nothing else may be written there in between, not even before the
first assignment has run: what a slot holds is what the variable reads. A variable that a function reads keeps its slot
for good: the function is lowered once, whenever it is called. A function has all slots of its frame for itself, its
parameters first.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol, TypeGuard

from latent_repl.errors import CapacityError
from latent_repl.language.lowering.reservations import Reservations
from latent_repl.language.parsing.scopes import Function, Functions, changed_by, reached, variables_in
from latent_repl.language.program import LAST_VALUE, Slot

MAXIMUM_SLOTS = 256
"""How many slots of a frame are counted before a program is refused; every checkpoint has far fewer. Chosen."""


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


class Allocation(Protocol):
    """The slots of one frame.

    It hands out slots beyond those that there are rather than stop, so that `needed` can say how many there should be.
    """

    def local(self, name: str) -> Slot | None:
        """Return the slot of a variable of this frame; None for one that lies in the bottom frame."""

    def outside(self, name: str) -> Slot:
        """Return the slot of a variable of the bottom frame."""

    def read(self, node: ast.AST) -> set[Slot]:
        """Return the slots of this frame that hold the variables an expression mentions, calls included."""

    def changed(self, node: ast.AST) -> frozenset[str]:
        """Return the variables of this frame that calls in a piece of code change."""

    def function(self, name: str) -> Function | None:
        """Return the user's function that a name means here; None for none."""

    def visible(self) -> dict[str, Slot]:
        """Return the variables that a line here may mention, with their slots."""

    def temporary(self) -> Slot:
        """Return a slot for a temporary, to be released after its last use."""

    def release(self, slot: object) -> None:
        """Free a temporary; variables and literals are let be."""

    def bind(self, names: Collection[str]) -> None:
        """Let names mean variables of a comprehension, which lie in temporaries, until `unbind`."""

    def unbind(self) -> None:
        """End the variables that were bound last."""

    @property
    def needed(self) -> int:
        """How many slots the frame needs."""

    @property
    def variables(self) -> int:
        """How many variables it has."""

    def slot_names(self) -> dict[Slot, str]:
        """Return the name of each slot: the variable's, or %0, %1, ... for temporaries."""


class _Temporaries:
    """The temporaries of one frame."""

    def __init__(self) -> None:
        self._live: set[Slot] = set()
        self._bound: list[dict[str, Slot]] = []
        self.temporaries: dict[Slot, None] = {}

    def temporary(self) -> Slot:
        bound = {slot for names in self._bound for slot in names.values()}
        slot = next(slot for slot in self._free_for_temporaries() if slot not in self._live | bound)
        self._live.add(slot)
        self.temporaries[slot] = None
        return slot

    def release(self, slot: object) -> None:
        if isinstance(slot, Slot):
            self._live.discard(slot)

    def bind(self, names: Collection[str]) -> None:
        slots = {name: self.temporary() for name in sorted(names)}
        self._bound.append(slots)
        # They are variables now, which no release ends.
        self._live -= {*slots.values()}

    def unbind(self) -> None:
        self._bound.pop()

    def _inner(self, name: str) -> Slot | None:
        """Return the slot of a comprehension's variable, None where the name means no such."""
        return next((names[name] for names in reversed(self._bound) if name in names), None)

    @property
    def needed(self) -> int:
        return max((slot.index + 1 for slot in (*self._held(), *self.temporaries)), default=0)

    @property
    def variables(self) -> int:
        return len({*self._held().values()})

    def slot_names(self) -> dict[Slot, str]:
        variables = self._held()
        temporaries = sorted(slot for slot in self.temporaries if slot not in variables)
        return variables | {slot: f"%{number}" for number, slot in enumerate(temporaries)}

    def _held(self) -> dict[Slot, str]:
        raise NotImplementedError

    def _free_for_temporaries(self) -> Iterator[Slot]:
        raise NotImplementedError


class FunctionAllocation(_Temporaries):
    """The slots of a function's frame: its parameters, its other variables, then temporaries."""

    def __init__(self, function: Function, outside: Allocation, functions: Functions) -> None:
        """Give slots to a function's variables; functions: those in force where it is called."""
        super().__init__()
        self._slots = {name: Slot(index) for index, name in enumerate(function.locals)}
        self._bottom, self._functions = outside, functions

    def local(self, name: str) -> Slot | None:
        """Return the slot of a variable of the function's own."""
        return self._inner(name) or self._slots.get(name)

    def outside(self, name: str) -> Slot:
        """Return the slot of a variable of the bottom frame."""
        return self._bottom.outside(name)

    def read(self, node: ast.AST) -> set[Slot]:
        """Return the slots of the function's own variables that an expression mentions."""
        return {slot for name in variables_in(node, {}) if (slot := self.local(name.id)) is not None}

    def changed(self, node: ast.AST) -> frozenset[str]:
        """Return nothing: no other function assigns what is this one's own."""
        return frozenset()

    def function(self, name: str) -> Function | None:
        """Return the function that a name means where this one is called."""
        return self._functions.get(name)

    def visible(self) -> dict[str, Slot]:
        """Return the function's own variables."""
        return dict(self._slots)

    def _held(self) -> dict[Slot, str]:
        return {slot: name for name, slot in self._slots.items()}

    def _free_for_temporaries(self) -> Iterator[Slot]:
        return _beyond(len(self._slots), set())


class ModuleAllocation(_Temporaries):
    """The slots of the bottom frame."""

    def __init__(
        self, module: ast.Module, names: Mapping[str, Slot], slots: int, functions: Sequence[Functions]
    ) -> None:
        """Reserve slots for a module's variables; functions: those in force at each of its statements."""
        super().__init__()
        self._slots, self._functions = slots, functions
        every = [*_every(module, functions)]
        self._kept = {name.id for function in every for name in function.free}
        self.changed_outside = frozenset(name for function in every for name in function.changes)
        self._reservations = Reservations(names)
        for index, statement in enumerate(module.body):
            self._reserve(index, statement, functions[index])
            self._reservations.pass_statement()
        self._statement = 0

    def begin(self, statement: int) -> None:
        """Move on to a top-level statement, by index."""
        self._statement = statement

    def names_after(self, statement: int) -> dict[str, Slot]:
        """Return the variables that hold a slot after a top-level statement, -1 for before the first."""
        return self._reservations.after(statement)

    def local(self, name: str) -> Slot | None:
        """Return the slot of a variable that the statement begun last mentions."""
        return self._inner(name) or self._reservations.at(name, self._statement)

    def outside(self, name: str) -> Slot:
        """Return the slot of a variable that a function reads or assigns: it stays the same."""
        return next(iter(self._reservations.slots_of(name)))

    def read(self, node: ast.AST) -> set[Slot]:
        """Return the slots of the variables that an expression mentions, or that the functions it calls do."""
        names = variables_in(node, self._functions[self._statement])
        return {slot for name in names if (slot := self.local(name.id)) is not None}

    def changed(self, node: ast.AST) -> frozenset[str]:
        """Return the variables that the functions assign which a piece of code calls."""
        return changed_by(node, self._functions[self._statement]) if self.changed_outside else frozenset()

    def function(self, name: str) -> Function | None:
        """Return the function that a name means before the statement begun last."""
        return self._functions[self._statement].get(name)

    def visible(self) -> dict[str, Slot]:
        """Return the variables that the statement begun last may mention."""
        return self.names_after(self._statement)

    def _held(self) -> dict[Slot, str]:
        return self._reservations.names()

    def _reserve(self, index: int, statement: ast.stmt, functions: Functions) -> None:
        reservations = self._reservations
        for name in mentions(statement, functions):
            if name not in reservations.held:
                slot = next(self._free_for_variables(name, set(reservations.held.values())))
                first = _assigns_first(statement, name, functions)
                reservations.begin(name, slot, index, assigned_first=first)
        if isinstance(statement, ast.Delete):
            reservations.end([each.id for each in statement.targets if isinstance(each, ast.Name)], index)

    def _free_for_variables(self, name: str, held: set[Slot]) -> Iterator[Slot]:
        """Yield the slot the variable had before, then those that none has had: a slot keeps one name if it can."""
        slots_of, ever = self._reservations.slots_of, self._reservations.slots
        held = held.union(*(slots_of(each) for each in self._kept if each != name))
        every = [Slot(index) for index in range(self._slots)]
        yield from (slot for slot in slots_of(name) if slot not in held)
        yield from (slot for slot in every if slot not in ever)
        yield from (slot for slot in every if slot not in held)
        yield from _beyond(self._slots, held)

    def _free_for_temporaries(self) -> Iterator[Slot]:
        """Yield slots that no variable ever holds, then those that none holds from here on, then of those to come.

        A variable yet to come overwrites the temporary before it can be read, or its slot is not offered.
        """
        ever, now, kept = self._reservations.slots, self._statement, self._kept
        every = [Slot(index) for index in range(self._slots)]
        yield from (slot for slot in every if slot not in ever)
        held = [slot for slot in every if slot in ever]
        yield from (slot for slot in held if self._reservations.is_free_from(slot, now, kept))
        yield from (slot for slot in held if self._reservations.is_overwritten(slot, now, kept))
        yield from _beyond(self._slots, {*ever})


def _every(module: ast.Module, functions: Sequence[Functions]) -> Iterator[Function]:
    """Yield each function that is in force somewhere in a module."""
    if functions:
        yield from functions[0].values()
    for statement, after in zip(module.body, functions[1:], strict=False):
        if isinstance(statement, ast.FunctionDef):
            yield after[statement.name]


def _beyond(slots: int, held: set[Slot]) -> Iterator[Slot]:
    yield from (slot for index in range(slots, MAXIMUM_SLOTS) if (slot := Slot(index)) not in held)
    message = f"the program needs more than {MAXIMUM_SLOTS} slots, the checkpoint has {slots}"
    raise CapacityError(f"{message}: delete variables with del, or split long expressions")


def _assigns_first(statement: ast.stmt, name: str, functions: Functions) -> bool:
    return isinstance(statement, (ast.Assign, ast.Expr)) and name not in mentions(statement.value, functions)
