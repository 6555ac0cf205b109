"""Running backwards alone, without any process: what it proposes is scored, and that is all."""

from __future__ import annotations

import random
from collections.abc import Sequence

from latent_repl.synthesis.inversion.batch import Inversion
from latent_repl.synthesis.inversion.proposals import InverseProposals
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.searches.base import BATCH, History, Setting, draw_likely


class InverseSearch:
    """Proposes what the examples do when they are run backwards; with several holes, from likely draws on."""

    backwards = True
    exhausted = "running backwards proposes nothing more; --search auto goes on from there"

    def __init__(self, setting: Setting) -> None:
        self.space, self.generator = setting.space, random.Random(setting.seed)
        self.proposals = InverseProposals(setting.space, Inversion(setting.objective), setting.objective)
        self.sources: dict[Filling, str] = {}

    def propose(self, history: History) -> Sequence[Filling]:
        """Return what should satisfy all examples, else what should satisfy most beside likely draws to go back from.

        One hole alone is run backwards once: what fills it changes nothing of what the examples propose there.
        """
        proposed = self.proposals.after(history) if history else self.proposals.before()
        drawn: list[Filling] = []
        if not proposed and len(self.space.domains) > 1:
            proposed = self.proposals.likeliest()[: BATCH // 2]
            drawn = draw_likely(self.space, BATCH - len(proposed), self.generator, seen={*history, *proposed})
        self.sources |= dict.fromkeys(drawn, "prior") | dict.fromkeys(proposed, "inverse")
        return [*proposed, *drawn]

    def source_of(self, filling: Filling) -> str:
        """Return whether a filling came from running backwards, or was drawn to go back from."""
        return self.sources[filling]
