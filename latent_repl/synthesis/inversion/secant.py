"""Where the straight line through two outcomes meets the target: for the one number that both sides of an equation ask.

    x + x == x + 45     two fills lead to two differences of the sides; the line through them says where there is none

A hole that decides both operands of a line cannot be run back to. What the fills lead to is what the state decoder
reads there; that a number stands at a straight line's end is a guess, which the next evaluation judges.
Source: the secant method.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from latent_repl.language.program import Branch
from latent_repl.synthesis.objective import Objective
from latent_repl.synthesis.problem.domains import Atoms, Filling
from latent_repl.synthesis.searches.base import History

# Where the first line goes through, and evaluations after which the outcomes are no straight line. Chosen.
FIRST, MOST = (0, 1), 8


class Secant:
    """Proposes one fill at a time, for one hole on straight lines and one number to be met; nothing for the rest."""

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        self.space = objective.problem.space

    @cached_property
    def applies(self) -> bool:
        """Whether the problem is of that kind."""
        [example, *others], domains = self.objective.problem.examples, self.space.domains
        return (
            len(domains) == 1
            and isinstance(domains[0], Atoms)
            and not others
            and len(example.targets) == 1
            and type(example.targets[0].value) is int
            and not any(isinstance(line, Branch) for line in example.program.instructions)
        )

    def after(self, history: History) -> Sequence[Filling]:
        """Return the fills to begin with, then where the line through the last two outcomes meets the target."""
        if not self.applies or len(history) >= MOST:
            return []
        first = [(fill,) for fill in FIRST if (fill,) not in history]
        return first if len(first) == len(FIRST) else self._next(history)

    def _next(self, history: History) -> list[Filling]:
        fills = [fill for (fill,) in history if isinstance(fill, int)]
        known = [(fill, value) for fill in fills if (value := self._led_to((fill,))) is not None]
        target = self.objective.problem.examples[0].targets[0].value
        if len(known) < 2 or known[-1][1] == known[-2][1] or not isinstance(target, int):
            return []
        (before, other), (fill, value) = known[-2:]
        found = (fill + round((target - value) * (before - fill) / (other - value)),)
        return [found] if found[0] in self.space.domains[0] and found not in history else []

    def _led_to(self, filling: Filling) -> int | None:
        """Return the number that a fill's program led to, as it decodes; None for anything else."""
        outcome = self.objective.outcomes[filling]
        rows = (self._numbers == outcome.features[0]).all(1)
        found = np.flatnonzero(rows)
        return None if outcome.paths[0] is None or not len(found) else int(found[0]) + self._smallest

    @property
    def _smallest(self) -> int:
        return self.objective.machine.model.config.minimum

    @cached_property
    def _numbers(self) -> np.ndarray:
        """The features of every number of a cell."""
        model = self.objective.machine.model
        numbers = range(model.config.minimum, model.config.maximum + 1)
        return self.objective.table[[model.vocabulary.value_id(number) for number in numbers]]
