"""The points that a session passed, as an immutable line: going back is choosing another point.

empty -- a = 1 -- b = 2 -- b = 3
                   ^ position 2: `b = 3` can be redone
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from latent_repl.errors import ProgramError, UsageError
from latent_repl.language.parsing.scopes import Functions
from latent_repl.language.program import Slot
from latent_repl.model.heap import Heap
from latent_repl.records import Decoded
from latent_repl.results import State, state_of

MAIN = "main"
"""The branch that a session begins on."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A point in a session.

    decoded: what the decoder makes of the latents, all slots of them.
    exact: what CPython has, None where nothing was checked up to here. error: what the text ended in, if it failed.
    heap: the rows that the latents refer to, None for a checkpoint without any.
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

    @property
    def state(self) -> State:
        """The user's variables, as decoded."""
        return state_of(self.decoded.values, self.names, self.defined, self.decoded.rows)


@dataclass(frozen=True, slots=True)
class Timeline:
    """One branch: its points from the empty state on, and where in them the session is."""

    points: tuple[Snapshot, ...]
    position: int = 0

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
