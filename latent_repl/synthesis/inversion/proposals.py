"""What the examples propose as a search goes on, and which of it should be tried at once."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest

import numpy as np

from latent_repl.synthesis.inversion.batch import Candidate, Inversion
from latent_repl.synthesis.objective import Objective
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.searches.base import BATCH, History

# Candidate fillings that a search hears of at once. Chosen.
KEPT = 250


class InverseProposals:
    """Every evaluated filling is run backwards once; what is proposed and not evaluated yet is kept.

    A candidate should satisfy the examples that propose it, and those that its parent satisfies and it leaves alone.
    """

    def __init__(self, space: Space, inversion: Inversion, objective: Objective) -> None:
        self.space, self.inversion, self.objective = space, inversion, objective
        self.expected: dict[Filling, int] = {}
        self.inverted: set[Filling] = set()
        self.most = 0

    def before(self) -> list[Filling]:
        """Return what all examples propose before anything is evaluated, or else what any does; that is known if there
        is only one hole."""
        found = self.inversion.candidates([self.space.at(0)]) if len(self.space.domains) == 1 else []
        every = [each for each in found if len(each.support) == len(self.objective.starts)]
        return [each.filling for each in every or found]

    def after(self, history: History) -> Sequence[Filling]:
        """Return what should satisfy all examples; if nothing should, what should satisfy more than any filling did."""
        new = [filling for filling in history if filling not in self.inverted]
        self.inverted.update(new)
        self.most = max([self.most, *(len(self._satisfied(filling)) for filling in new)])
        found = [each for each in self.inversion.candidates(new) if self.space.sound(each.filling)]
        expected = self.expected | {each.filling: self._expected(each) for each in found}
        self.expected = {filling: count for filling, count in expected.items() if filling not in history}
        every = [filling for filling, count in self.expected.items() if count == len(self.objective.starts)]
        best = max(self.expected, key=self.expected.__getitem__, default=None)
        more = [best] if best is not None and self.expected[best] > self.most else []
        return every[:BATCH] or more

    def likeliest(self) -> list[Filling]:
        """Return what should satisfy most of what is kept, at most `KEPT`, the latest first."""
        return nlargest(KEPT, reversed(self.expected), key=self.expected.__getitem__)

    def _expected(self, candidate: Candidate) -> int:
        """Return how many examples a candidate should satisfy."""
        return len(candidate.support | (candidate.unaffected & self._satisfied(candidate.parent)))

    def _satisfied(self, filling: Filling) -> set[int]:
        """Return the examples that an evaluated filling satisfied."""
        outcome = self.objective.outcomes[filling]
        pairs = enumerate(zip(outcome.features, self.objective.target_features, strict=True))
        return {place for place, pair in pairs if outcome.paths[place] is not None and np.array_equal(*pair)}
