"""The points that a session passed, as an immutable line: going back is choosing another point.

empty -- a = 1 -- b = 2 -- b = 3
                   ^ position 2: `b = 3` can be redone
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from latent_repl.errors import ProgramError, UsageError
from latent_repl.language.parsing.scopes import Functions
from latent_repl.language.program import Slot
from latent_repl.markup import brief
from latent_repl.model.heap import Heap
from latent_repl.records import Decoded
from latent_repl.results import State, state_of
from latent_repl.shapes import Float

MAIN = "main"
"""The branch that a session begins on."""


@dataclass(frozen=True, slots=True, repr=False)
class Snapshot:
    """A point in a session.

    decoded: what the decoder makes of the latents, all slots of them.
    exact: what CPython has, None where nothing was checked up to here. error: what the text ended in, if it failed.
    heap: the rows that the latents refer to, None for a checkpoint without any. edited: whether values were put there.
    """

    source: str
    latents: Float[np.ndarray, "S D"]
    decoded: Decoded
    names: Mapping[str, Slot]
    defined: frozenset[Slot]
    exact: State | None
    functions: Functions
    error: ProgramError | None = None
    heap: Heap | None = None
    edited: bool = False

    def __repr__(self) -> str:
        return brief("Snapshot", source=self.source, state=self.state)

    @property
    def state(self) -> State:
        """The user's variables, as decoded."""
        return state_of(self.decoded.values, self.names, self.defined, self.decoded.rows)


@dataclass(frozen=True, slots=True, repr=False)
class Timeline:
    """One branch: its points from the empty state on, and where in them the session is."""

    points: tuple[Snapshot, ...]
    position: int = 0

    def __repr__(self) -> str:
        return brief("Timeline", points=len(self.points), position=self.position, now=self.now)

    @property
    def now(self) -> Snapshot:
        """The current point."""
        return self.points[self.position]

    @property
    def passed(self) -> tuple[Snapshot, ...]:
        """The points up to the current one."""
        return self.points[: self.position + 1]

    def keep(self, point: Snapshot) -> Timeline:
        """Return the line with a point after the current one; what could be redone is gone."""
        return Timeline((*self.passed, point), self.position + 1)

    def at(self, number: int) -> Timeline:
        """Return the line at point `number`, 0 for the empty state. Raises UsageError if there is no such point."""
        if not 0 <= number < len(self.points):
            raise UsageError(f"no state {number}: this session has states 0 to {len(self.points) - 1}")
        return replace(self, position=number)


class Branching:
    """The branches of a session: where it has been, and going there."""

    _branches: dict[str, Timeline]
    _branch: str
    _pins: dict[str, Timeline]

    def begin(self, point: Snapshot) -> None:
        """Forget all points; there is one branch, with this one."""
        self._branches, self._branch, self._pins = {MAIN: Timeline((point,))}, MAIN, {}

    def keep(self, point: Snapshot) -> None:
        """Append a point to the current branch."""
        self._branches[self._branch] = self.timeline.keep(point)

    @property
    def history(self) -> list[str]:
        """The texts run so far on this branch, up to the current point."""
        return [point.source for point in self.timeline.passed[1:]]

    @property
    def timeline(self) -> Timeline:
        """The current branch, with all its points."""
        return self._branches[self._branch]

    @property
    def branch_name(self) -> str:
        """The current branch."""
        return self._branch

    @property
    def branches(self) -> Mapping[str, Timeline]:
        """Every branch by its name; "main" is the one a session begins on."""
        return dict(self._branches)

    def undo(self, count: int = 1) -> None:
        """Go back to the state before the last `count` texts. Raises UsageError where there are not so many."""
        self._go(count, "undo", self.timeline.position, -1)

    def redo(self, count: int = 1) -> None:
        """Go forward again after an undo. Raises UsageError where there is not so much to redo."""
        self._go(count, "redo", len(self.timeline.points) - 1 - self.timeline.position, 1)

    def goto(self, place: int | str) -> None:
        """Go to the state after text `place`, 0 for the beginning, or to a pin of this branch.

        Raises UsageError if there is none.
        """
        number = place if isinstance(place, int) else self._number(place)
        self._branches[self._branch] = self.timeline.at(number)

    def branch(self, name: str) -> None:
        """Go to a branch as it was left; a new name makes a branch that begins as the current one is now.

        Raises UsageError for a name that is no identifier, or that a pin has.
        """
        if not name.isidentifier() or name in self._pins:
            raise UsageError(f"got {name!r} for a branch, write a name of letters, digits and _ that no pin has")
        self._branches.setdefault(name, Timeline(self.timeline.passed, self.timeline.position))
        self._branch = name

    def pin(self, name: str) -> None:
        """Give the current point a name, which stays whatever is run or undone.

        Raises UsageError for a name that is no identifier, or that a branch has.
        """
        if not name.isidentifier() or name in self._branches:
            raise UsageError(f"got {name!r} for a pin, write a name of letters, digits and _ that no branch has")
        self._pins[name] = Timeline(self.timeline.passed, self.timeline.position)

    @property
    def pins(self) -> Mapping[str, Timeline]:
        """Every pin by its name: the points up to it."""
        return dict(self._pins)

    def line_to(self, place: int | str) -> Timeline:
        """Return the points up to a place: after a text of this branch by its number, a pin, or where a branch is.

        Raises UsageError if there is none.
        """
        known = {**self._branches, **self._pins}
        if isinstance(place, str) and place not in known:
            raise UsageError(f"no branch {place!r}, there is {', '.join(known)}")
        line = self.timeline.at(place) if isinstance(place, int) else known[place]
        return Timeline(line.passed, line.position)

    def point(self, place: int | str) -> Snapshot:
        """Return the point at a place, as `line_to` takes it. Raises UsageError if there is none."""
        return self.line_to(place).now

    @contextmanager
    def forked(self, line: Timeline) -> Iterator[None]:
        """Go to a new branch that begins with these points; after an error or an interrupt all is as it was."""
        before = dict(self._branches), self._branch
        number = next(number for number in count(1) if f"resumed{number}" not in {*self._branches, *self._pins})
        self._branch = f"resumed{number}"
        self._branches[self._branch] = line
        try:
            yield
        except BaseException:
            self._branches, self._branch = before
            raise

    def _number(self, pin: str) -> int:
        point = self.point(pin)
        for number, each in enumerate(self.timeline.points):
            if each is point:
                return number
        raise UsageError(f"{pin} is not on branch {self._branch}; write :resume {pin}, which begins a branch there")

    def _go(self, count: int, verb: str, possible: int, direction: int) -> None:
        """Go so many points on, so that all of them can be gone or none is."""
        if count < 1:
            raise UsageError(f"{verb} of {count} statements, give a number above 0")
        if count > possible:
            left = f"{'are' if possible > 1 else 'is'} {possible or 'nothing'}"
            raise UsageError(f"{verb} of {count} is too far, there {left} to {verb}")
        self.goto(self.timeline.position + direction * count)

    @property
    def _now(self) -> Snapshot:
        return self.timeline.now
