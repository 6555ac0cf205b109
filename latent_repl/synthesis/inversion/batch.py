"""Guesses: the program is run backwards, by the executor itself.

What a line led to, and one of its operands, tell the other: when `c = b * 3` has led to 12, then `b = c // 3`. That is
a core line like any other, and the executor runs it on the latents of what is wanted. So each example asks for what it
needs in the place of a hole, the other holes filled; a fill that all examples ask for is what they have in common.
What undoes an operator may miss, as a quotient that has a remainder: whether a fill leads where it should is not tried
here. That is an evaluation, and counts as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from latent_repl.language.operators import STATUS_OK
from latent_repl.synthesis.inversion.inverse_run import Backwards, Step, Stepped, Steps
from latent_repl.synthesis.objective import Objective
from latent_repl.synthesis.problem.domains import Assignments, Fill, Filling, Values

# Fills that are asked for in the place of one, at most. Chosen.
GUESSES = 8


class Asked(NamedTuple):
    """A filling with one fill replaced, the examples that ask for it, and those in which that hole has no say."""

    filling: Filling
    before: Filling
    votes: frozenset[int]
    silent: frozenset[int]


class Inversion:
    """Runs the examples of a problem backwards, all at once: steps taken at the same time are one batch."""

    def __init__(self, objective: Objective) -> None:
        self.machine, self.domains = objective.machine, objective.problem.space.domains
        self.examples = [
            (
                example,
                start,
                {want.slot: self.machine.encode([[want.value]])[0, 0] for want in example.wants},
            )
            for example, start in zip(objective.problem.examples, objective.starts, strict=True)
        ]
        self._asked = set[tuple[object, ...]]()
        self.holes: list[tuple[int, str | None]] = []
        for hole, domain in enumerate(self.domains):
            if isinstance(domain, Values):
                self.holes.append((hole, None))
            if isinstance(domain, Assignments):
                self.holes += [(hole, target) for target in domain.targets]

    def asked(self, fillings: Sequence[Filling]) -> list[Asked]:
        """Return what the examples ask for in the place of each fill, the others as they are."""
        asking = dict[tuple[object, ...], tuple[Filling, int, str | None]]()
        for filling in fillings:
            for hole, target in self.holes:
                key = (hole, target, filling[:hole], filling[hole + 1 :])
                if key not in self._asked:
                    asking[key] = filling, hole, target
        self._asked.update(asking)
        fills = iter(
            self._together(
                [
                    Backwards(*example, filling, hole, self.domains[hole], target).fills()
                    for filling, hole, target in asking.values()
                    for example in self.examples
                ]
            )
        )
        found = []
        for filling, hole, _ in asking.values():
            asked = [next(fills) for _ in self.examples]
            silent = frozenset(place for place, each in enumerate(asked) if each is None)
            votes = Counter(fill for each in asked for fill in each or ())
            for fill, _ in votes.most_common(GUESSES):
                voting = frozenset(place for place, each in enumerate(asked) if each and fill in each)
                found.append(Asked((*filling[:hole], fill, *filling[hole + 1 :]), filling, voting, silent))
        return found

    def _together(self, ways: Sequence[Steps[list[Fill] | None]]) -> list[list[Fill] | None]:
        """Run all ways to their ends; return what they return."""
        returned: list[list[Fill] | None] = [None] * len(ways)
        sent: dict[int, Sequence[Stepped] | None] = dict.fromkeys(range(len(ways)))
        while sent:
            wanted: dict[int, Sequence[Step]] = {}
            for place, stepped in sent.items():
                try:
                    wanted[place] = next(ways[place]) if stepped is None else ways[place].send(stepped)
                except StopIteration as end:
                    returned[place] = end.value
            led = iter(self._step([step for steps in wanted.values() for step in steps]))
            sent = {place: [next(led) for _ in steps] for place, steps in wanted.items()}
        return returned

    def _step(self, steps: Sequence[Step]) -> list[Stepped]:
        if not steps:
            return []
        model, rows = self.machine.model, np.arange(len(steps))
        after = self.machine.step(np.stack([step.latents for step in steps]), [step.line for step in steps])
        shown = np.stack([after[rows, [step.line.target.index for step in steps]], after[:, -1]], 1)
        ids, vocabulary = model.decode_states(shown)[0].tolist(), model.vocabulary
        return [
            Stepped(latents, vocabulary.value(value), vocabulary.status(status) == STATUS_OK)
            for latents, (value, status) in zip(after, ids, strict=True)
        ]
