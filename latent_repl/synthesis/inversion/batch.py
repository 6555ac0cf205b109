"""InverseProposals: the program is run backwards, by the executor itself.

What a line led to, and one of its operands, tell the other: when `c = b * 3` has led to 12, then `b = c // 3`. That is
a core line like any other, and the executor runs it on the latents of the target. So each example proposes
what it needs in the place of a hole, the other holes filled; a fill that all examples propose is what they have in
common. An inverse may miss, as a quotient that has a remainder: whether a fill leads where it should is not tried here.
That is an evaluation, and counts as one. Program synthesis calls such inverses witness functions.
Source: Polozov and Gulwani, 2015, "FlashMeta: a framework for inductive program synthesis".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from latent_repl.language.operators import STATUS_OK
from latent_repl.synthesis.inversion.inverse_run import InverseRun
from latent_repl.synthesis.inversion.inverses import InverseStep, InverseSteps, Stepped
from latent_repl.synthesis.objective import Objective
from latent_repl.synthesis.problem.domains import Assignments, Atoms, Fill, Filling

# Fills that are proposed in the place of one, at most. Chosen.
MOST = 8


class Candidate(NamedTuple):
    """A filling with one fill of its parent replaced.

    support: the examples that propose it. unaffected: those in which that hole has no say.
    """

    filling: Filling
    parent: Filling
    support: frozenset[int]
    unaffected: frozenset[int]


class Inversion:
    """Runs the examples of a problem backwards, all at once: steps taken at the same time are one batch."""

    def __init__(self, objective: Objective) -> None:
        self.machine, self.domains = objective.machine, objective.problem.space.domains
        self.examples = [
            (place, (example, start, {target.slot: self.machine.encode([[target.value]])[0, 0] for target in asked}))
            for place, (example, start) in enumerate(zip(objective.problem.examples, objective.starts, strict=True))
            for asked in example.asked
        ]
        self._known = set[tuple[object, ...]]()
        self.holes: list[tuple[int, str | None]] = []
        for hole, domain in enumerate(self.domains):
            if isinstance(domain, Atoms):
                self.holes.append((hole, None))
            if isinstance(domain, Assignments):
                self.holes += [(hole, name) for name in domain.assigned]

    def candidates(self, fillings: Sequence[Filling]) -> list[Candidate]:
        """Return what the examples propose in the place of each fill, the others as they are."""
        inverted = dict[tuple[object, ...], tuple[Filling, int, str | None]]()
        for filling in fillings:
            for hole, assigned in self.holes:
                key = (hole, assigned, filling[:hole], filling[hole + 1 :])
                if key not in self._known:
                    inverted[key] = filling, hole, assigned
        self._known.update(inverted)
        empty = self.machine.empty_state()
        fills = iter(
            self._together(
                [
                    InverseRun(*example, filling, hole, self.domains[hole], assigned, empty).fills()
                    for filling, hole, assigned in inverted.values()
                    for _, example in self.examples
                ]
            )
        )
        found = []
        for filling, hole, _ in inverted.values():
            proposed = [(place, next(fills)) for place, _ in self.examples]
            affected = {place for place, each in proposed if each is not None}
            unaffected = frozenset(place for place, _ in proposed if place not in affected)
            counts = Counter(fill for _, each in proposed for fill in each or ())
            for fill, _ in counts.most_common(MOST):
                support = frozenset(place for place, each in proposed if each and fill in each)
                found.append(Candidate((*filling[:hole], fill, *filling[hole + 1 :]), filling, support, unaffected))
        return found

    def _together(self, runs: Sequence[InverseSteps[list[Fill] | None]]) -> list[list[Fill] | None]:
        """Run all backwards to their ends; return what they return."""
        returned: list[list[Fill] | None] = [None] * len(runs)
        sent: dict[int, Sequence[Stepped] | None] = dict.fromkeys(range(len(runs)))
        while sent:
            steps_of: dict[int, Sequence[InverseStep]] = {}
            for place, stepped in sent.items():
                try:
                    steps_of[place] = next(runs[place]) if stepped is None else runs[place].send(stepped)
                except StopIteration as end:
                    returned[place] = end.value
            self.machine.watch(0)
            led = iter(self._step([step for steps in steps_of.values() for step in steps]))
            sent = {place: [next(led) for _ in steps] for place, steps in steps_of.items()}
        return returned

    def _step(self, steps: Sequence[InverseStep]) -> list[Stepped]:
        """Take the steps in one batch; one for which the checkpoint has no words finds nothing."""
        model, vocabulary = self.machine.model, self.machine.model.vocabulary
        found = [Stepped(step.latents, None, False) for step in steps]
        places = [place for place, step in enumerate(steps) if vocabulary.unsaid(step.line) is None]
        if not places:
            return found
        said = [steps[place] for place in places]
        after = self.machine.step(np.stack([step.latents for step in said]), [step.line for step in said])
        shown = np.stack([after[np.arange(len(said)), [step.line.target.index for step in said]], after[:, -1]], 1)
        ids = model.decode_states(shown)[0].tolist()
        for place, latents, (value, status) in zip(places, after, ids, strict=True):
            found[place] = Stepped(latents, vocabulary.value(value), vocabulary.status(status) == STATUS_OK)
        return found
