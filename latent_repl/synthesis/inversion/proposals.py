"""What the examples ask for as a search goes on, and which of it should be tried at once."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest

import numpy as np

from latent_repl.synthesis.inversion.batch import Asked, Inversion
from latent_repl.synthesis.objective import Aim
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.searches.base import BATCH, History

# Asked fillings that a search hears of at once. Chosen.
KEPT = 250


class Guesses:
    """Every evaluated filling is run backwards once; what is asked for and not evaluated yet is kept.

    An asked filling promises to satisfy the examples that ask for it, and those that it leaves right.
    """

    def __init__(self, space: Space, inversion: Inversion, aim: Aim) -> None:
        self.space, self.inversion, self.aim = space, inversion, aim
        self.promises: dict[Filling, int] = {}
        self.inverted: set[Filling] = set()
        self.satisfied = 0

    def before(self) -> list[Filling]:
        """Return what all examples ask for before anything is evaluated, or else what any does; it is known if there
        is only one hole."""
        asked = self.inversion.asked([self.space.at(0)]) if len(self.space.domains) == 1 else []
        every = [each for each in asked if len(each.votes) == len(self.aim.wanted)]
        return [each.filling for each in every or asked]

    def after(self, history: History) -> Sequence[Filling]:
        """Return what promises to satisfy all examples; if nothing does, what promises more than any filling did."""
        new = [filling for filling in history if filling not in self.inverted]
        self.inverted.update(new)
        self.satisfied = max([self.satisfied, *(len(self._right(filling)) for filling in new)])
        asked = [each for each in self.inversion.asked(new) if self.space.sound(each.filling)]
        promises = self.promises | {each.filling: self._promise(each) for each in asked}
        self.promises = {filling: promise for filling, promise in promises.items() if filling not in history}
        every = [filling for filling, promise in self.promises.items() if promise == len(self.aim.wanted)]
        most = max(self.promises, key=self.promises.__getitem__, default=None)
        more = [most] if most is not None and self.promises[most] > self.satisfied else []
        return every[:BATCH] or more

    def likeliest(self) -> list[Filling]:
        """Return what promises most of what is kept, at most `KEPT`, the latest first."""
        return nlargest(KEPT, reversed(self.promises), key=self.promises.__getitem__)

    def _promise(self, asked: Asked) -> int:
        return len(asked.votes | (asked.silent & self._right(asked.before)))

    def _right(self, filling: Filling) -> set[int]:
        """Return the examples in which an evaluated filling led to what is wanted."""
        outcome = self.aim.outcomes[filling]
        pairs = enumerate(zip(outcome.features, self.aim.wanted, strict=True))
        return {place for place, pair in pairs if outcome.ways[place] is not None and np.array_equal(*pair)}
