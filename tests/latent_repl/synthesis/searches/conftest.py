"""What the tests of searches share: a small space, and a search brought to its end."""

from __future__ import annotations

from latent_repl.language.program import CoreLine, Hole, Slot
from latent_repl.synthesis.problem.domains import Atoms, Filling
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.template import Template
from latent_repl.synthesis.searches.base import Search

LITERALS = tuple(sorted(range(-20, 21), key=abs))
LINE = CoreLine(Slot(1), "+", Slot(0), Hole(0))
SPACE = Space((Atoms(("a",), LITERALS),), (Template(LINE, LINE.holes, (("a", Slot(0)),)),))


def exhaust(search: Search[Filling]) -> list[Filling]:
    """Return everything a search proposes, in order."""
    history: dict[Filling, float] = {}
    while batch := search.propose(history):
        assert not set(batch) & set(history)
        history.update((filling, 1.0) for filling in batch)
    return list(history)
