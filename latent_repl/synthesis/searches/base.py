"""What a search is, and what it may know of a problem: its fillings, the model, how a filled program would be run.

load_search("hill")(Setting(problem, objective, seed))     a search; every one is made so
"""

from __future__ import annotations

import importlib
import math
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, runtime_checkable

from latent_repl.model.interface import Interpreter
from latent_repl.synthesis.objective import Objective
from latent_repl.synthesis.options import SEARCHES
from latent_repl.synthesis.problem.box import Point
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.problem.problem import Problem
from latent_repl.synthesis.problem.space import Space

# Candidates a round; the best of a round are checked before the next begins. Chosen.
BATCH = 8
# How much of the likeliness that a draw of fills goes by counts beside the density. Chosen: at 0 branches with three
# small numbers are found seldom, at 1 two holes take almost twice the evaluations.
PRIOR = 0.2

C = TypeVar("C", Filling, Point)
History = Mapping[Filling, float]


@runtime_checkable
class Search(Protocol[C]):
    """A strategy: it sees every candidate scored so far with its loss, and proposes what to score next.

    Candidates are fillings, or points of the continuous box. A search may have more to tell. source_of(candidate): what
    it comes from, where that is not the search alone; exhausted: why nothing is proposed, where that is not that every
    fill was tried; points: evaluations it has spent besides; backwards: whether the text is run backwards before, for
    fills of many cells.
    """

    def propose(self, history: Mapping[C, float]) -> Sequence[C]:
        """Return distinct candidates that the history lacks, none when there is nothing left to try."""


@dataclass(frozen=True)
class Setting:
    """A problem about to be searched, the seed of everything random in the search, and when it has to end.

    deadline: by `time.monotonic`. A search that works for long on its own asks the machine's `watch` now and then.
    """

    problem: Problem
    objective: Objective
    seed: int
    deadline: float = math.inf

    @property
    def space(self) -> Space:
        """The fillings."""
        return self.problem.space

    @property
    def model(self) -> Interpreter:
        """The model that executes and decodes."""
        return self.objective.machine.model


def load_search(name: str) -> Callable[[Setting], Search[Any]]:
    """Return the class behind the name of a search, which is imported now and not before. Raises KeyError."""
    module, _, found = SEARCHES[name].partition(":")
    return getattr(importlib.import_module(module), found)


def draw_likely(space: Space, count: int, generator: random.Random, *, seen: Collection[Filling]) -> list[Filling]:
    """Return `count` distinct likely fillings outside `seen`, fewer where the space has no more."""
    drawn: dict[Filling, None] = {}
    while len(drawn) < min(count, space.size - len(seen)):
        filling = space.likely(generator)
        if filling not in seen:
            drawn[filling] = None
    return list(drawn)
