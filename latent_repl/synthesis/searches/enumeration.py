"""The plainest searches that the Gaussian process is compared with: in order, shuffled, drawn, all at once."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from itertools import islice

from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.searches.base import BATCH, History, Setting, draw_likely

# No budget reaches further into a space. Chosen.
LONGEST = 1 << 16


class OrderedEnumeration:
    """Every filling in the space's own order: variables, then 0, 1, -1, 2, ..."""

    def __init__(self, setting: Setting) -> None:
        self.fillings = iter(setting.space)

    def propose(self, history: History) -> Sequence[Filling]:
        """Return the next fillings."""
        return list(islice(self.fillings, BATCH))


class ShuffledEnumeration:
    """Every filling once, in random order."""

    def __init__(self, setting: Setting) -> None:
        space = setting.space
        places = range(min(space.size, sys.maxsize))
        order = random.Random(setting.seed).sample(places, min(len(places), LONGEST))
        self.fillings = (space.at(place) for place in order)

    def propose(self, history: History) -> Sequence[Filling]:
        """Return the next fillings of the permutation."""
        return list(islice(self.fillings, BATCH))


class RandomDraws:
    """Independent draws of likely fills (half uniform, half log-uniform); repeated draws are skipped."""

    def __init__(self, setting: Setting) -> None:
        self.space, self.generator = setting.space, random.Random(setting.seed)

    def propose(self, history: History) -> Sequence[Filling]:
        """Return fillings not drawn before."""
        return draw_likely(self.space, BATCH, self.generator, seen=history)


class ExecutorArgmin:
    """Scores the whole pool in one round, so that the model's own best candidate is checked first."""

    def __init__(self, setting: Setting) -> None:
        self.pool = ShuffledEnumeration(setting)

    def propose(self, history: History) -> Sequence[Filling]:
        """Return all fillings at once; what the budget does not reach stays unscored."""
        return list(self.pool.fillings)
