"""Which variable holds which slot of the bottom frame, from which statement to which.

Looking one up takes no longer in a long text than in a short one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from operator import attrgetter

from latent_repl.language.program import Slot


@dataclass(slots=True)
class Reservation:
    """A variable's hold on a slot, from one top-level statement (by index) to another, None for the end.

    assigned_first: whether the first statement assigns it in any case before anything can read it.
    """

    name: str
    slot: Slot
    first: int
    assigned_first: bool
    last: int | None = None

    def lasts(self, statement: int) -> bool:
        """Return whether the variable holds the slot at a statement, or later."""
        return self.last is None or self.last >= statement


class Reservations:
    """Every hold on a slot; one slot has one variable after another.

    held: the variables that hold a slot now, where the next reservation begins.
    """

    def __init__(self, names: Mapping[str, Slot]) -> None:
        """Begin with the variables from before the first statement."""
        self._of_name: dict[str, list[Reservation]] = defaultdict(list)
        self._on_slot: dict[Slot, list[Reservation]] = defaultdict(list)
        self._read_first: dict[Slot, int] = {}
        self._slots_of: dict[str, dict[Slot, None]] = defaultdict(dict)
        self.held: dict[str, Slot] = {}
        for name, slot in names.items():
            self.begin(name, slot, -1, assigned_first=True)
        self._after = [dict(self.held)]

    def begin(self, name: str, slot: Slot, statement: int, *, assigned_first: bool) -> None:
        """Let a variable hold a slot from a statement on."""
        reservation = Reservation(name, slot, statement, assigned_first)
        self._of_name[name].append(reservation)
        self._on_slot[slot].append(reservation)
        self._slots_of[name][slot] = None
        if not assigned_first:
            self._read_first[slot] = statement
        self.held[name] = slot

    def end(self, names: Collection[str], statement: int) -> None:
        """Let variables hold their slots no longer than to a statement."""
        for name in names:
            if self.held.pop(name, None) is not None:
                self._of_name[name][-1].last = statement

    def pass_statement(self) -> None:
        """Keep what is held after a statement; each has to be passed, in order."""
        self._after.append(self._after[-1] if self._after[-1] == self.held else dict(self.held))

    def after(self, statement: int) -> dict[str, Slot]:
        """Return the variables that hold a slot after a statement, -1 for before the first."""
        return dict(self._after[statement + 1])

    def at(self, name: str, statement: int) -> Slot:
        """Return the slot of a variable that a statement mentions; the one that deletes it still finds it."""
        every = self._of_name[name]
        return every[bisect_right(every, statement, key=attrgetter("first")) - 1].slot

    def slots_of(self, name: str) -> Collection[Slot]:
        """Return the slots that a variable has held, the first one first."""
        return self._slots_of[name].keys() if name in self._slots_of else ()

    @property
    def slots(self) -> Collection[Slot]:
        """The slots that some variable ever holds."""
        return self._on_slot.keys()

    def names(self) -> dict[Slot, str]:
        """Return each slot's last variable."""
        return {slot: every[-1].name for slot, every in self._on_slot.items()}

    def is_free_from(self, slot: Slot, statement: int, kept: Collection[str]) -> bool:
        """Return whether no variable holds a slot from a statement on; kept: those that hold theirs for good."""
        last = self._on_slot[slot][-1]
        return not (last.lasts(statement) or last.name in kept)

    def is_overwritten(self, slot: Slot, statement: int, kept: Collection[str]) -> bool:
        """Return whether none holds it at a statement, and those to come assign it before anything can read it."""
        if self._read_first.get(slot, -1) > statement:
            return False
        every = self._on_slot[slot]
        begun = bisect_right(every, statement, key=attrgetter("first"))
        return begun == 0 or not (every[begun - 1].lasts(statement) or every[begun - 1].name in kept)
