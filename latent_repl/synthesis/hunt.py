"""One search under way: score what it proposes, and let the oracle judge what the model believes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from latent_repl.errors import LatentReplError
from latent_repl.language.oracle.core_lines import run_source
from latent_repl.language.parsing.parse import parse
from latent_repl.synthesis.objective import Objective
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.problem.problem import Problem
from latent_repl.synthesis.result import Progress, Solution
from latent_repl.synthesis.searches.base import Search

if TYPE_CHECKING:
    from latent_repl.session import Session

# Rows of one batch through the machine: a timeout is noticed between two of them. Chosen.
ROWS = 256

SOLVED = "solved"
EXHAUSTED = "every fill was tried"


class Hunt:
    """One search under way: what was scored, what the oracle said."""

    def __init__(
        self, problem: Problem, session: Session, wanted: int, progress: Callable[[Progress], None] | None
    ) -> None:
        self.problem, self.session, self.wanted, self.progress = problem, session, wanted, progress
        self.losses: dict[Filling, float] = {}
        self.curve: list[float] = []
        self.verified: list[Filling] = []
        self.strategy: Search | None = None
        self.budget = 0
        self.refuted = 0

    def run(self, strategy: Search, objective: Objective, budget: int, deadline: float) -> str:
        """Search until there is a reason to end, and return it."""
        self.strategy, self.budget = strategy, budget
        while self.evaluations < budget:
            batch = list(strategy.propose(self.losses))[: max(budget - self.evaluations, 0)]
            if not batch:
                break
            self._judge(self._score(objective, batch, deadline))
            if len(self.verified) >= self.wanted:
                return SOLVED
            if time.monotonic() > deadline:
                return "the time is up; allow more with --timeout"
        spent = f"the budget of {budget} evaluations is spent; allow more with --budget"
        return spent if self.evaluations >= budget else EXHAUSTED

    @property
    def evaluations(self) -> int:
        """Filled programs scored, and points that a search in the continuous box has spent besides.

        What such a search spends beyond the budget leads to nothing: no program is scored any more.
        """
        return min(len(self.losses) + getattr(self.strategy, "points", 0), self.budget)

    def solution(self, reason: str, *, seconds: float, search: str, seed: int) -> Solution:
        """Return what was found."""
        first = self.verified[0] if self.verified else None
        best = first if first is not None else min(self.losses, key=self.losses.__getitem__, default=None)
        return Solution(
            problem=self.problem.text,
            solved=first is not None,
            verified=first is not None,
            program=None if first is None else self.problem.source(first),
            fills=() if first is None else self.problem.fills(first),
            evaluations=self.evaluations,
            refuted=self.refuted,
            oracle_runs=self.refuted + len(self.verified),
            best=None if best is None else self.problem.excerpt(best),
            loss=None if best is None else self.losses[best],
            reason=None if first is not None else reason,
            seconds=seconds,
            search=search,
            seed=seed,
            programs=tuple(self.problem.source(filling) for filling in self.verified),
            curve=tuple(self.curve),
        )

    def _score(self, objective: Objective, batch: Sequence[Filling], deadline: float) -> list[Filling]:
        """Score a batch, as far as the time goes; return what the model believes, most confident first."""
        believed = []
        for first in range(0, len(batch), ROWS):
            rows = batch[first : first + ROWS]
            scores = objective.score(rows)
            self.losses.update((filling, score.loss) for filling, score in zip(rows, scores, strict=True))
            self.curve.append(min([*self.curve[-1:], *(score.loss for score in scores)]))
            believed += [filling for filling, score in zip(rows, scores, strict=True) if score.believed]
            self._report()
            if time.monotonic() > deadline:
                break
        return sorted(believed, key=self.losses.__getitem__)

    def _judge(self, believed: Sequence[Filling]) -> None:
        """Let the oracle run the candidates in turn, until enough have passed."""
        for filling in believed:
            if len(self.verified) >= self.wanted:
                return
            if is_verified(self.problem.source(filling), self.session):
                self.verified.append(filling)
            else:
                self.refuted += 1

    def _report(self) -> None:
        if self.progress is not None:
            best = min(self.losses, key=self.losses.__getitem__)
            self.progress(Progress(self.evaluations, self.losses[best], self.problem.excerpt(best)))


def is_verified(program: str, session: Session) -> bool:
    """Return whether CPython, from the session's decoded state, runs the program to its end, assertions included."""
    low, high = session.model.config.minimum, session.model.config.maximum
    try:
        tree = parse(program, minimum=low, maximum=high, names=session.names, functions=session.functions)
        return run_source(tree, session.state, minimum=low, maximum=high).error is None
    except LatentReplError:
        return False
