"""Find the fills: propose, score, let the oracle judge what satisfies the constraints by the model, until one passes.

text --specify--> problem --propose--> candidates --score--> nats, satisfied --verify--> solution
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from latent_repl.errors import LatentReplError, ProgramError
from latent_repl.language.oracle.core_lines import run_source
from latent_repl.language.parsing.parse import parse
from latent_repl.machine import Machine
from latent_repl.results import State, state_of
from latent_repl.synthesis.inversion.whole import WholeValues
from latent_repl.synthesis.objective import Objective, WideTargetError, run_prefix
from latent_repl.synthesis.options import Options
from latent_repl.synthesis.problem.box import Proposal, filling_of
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.problem.problem import Problem
from latent_repl.synthesis.problem.specification import specify
from latent_repl.synthesis.result import INTERRUPTED, ONE_EXAMPLE, Progress, Solution
from latent_repl.synthesis.searches.base import Search, Setting, load_search
from latent_repl.timeline import Snapshot

__all__ = ["Progress", "Solution", "solve"]

Report = Callable[[Progress], None]
RoundWatch = Callable[[Search[Any], Sequence[Any], Mapping[Any, float]], None]
"""Is shown the search after every round: itself, what it proposed, and the losses of all that was scored."""

# Rows of one batch through the machine: a timeout is noticed between two of them. Chosen.
ROWS = 256

SOLVED, EXHAUSTED = "solved", "every fill was tried"
OUT_OF_TIME = "the time is up; allow more with --timeout"
REPORT_EVERY = 0.2
"""Seconds from one report of progress to the next while programs run. Chosen."""


class _OutOfTime(Exception):
    """The deadline passed while programs ran."""


def solve(
    problem: str,
    *,
    machine: Machine,
    snapshot: Snapshot,
    options: Options = Options(),  # noqa: B008, it is frozen
    progress: Report | None = None,
    script: bool = False,
    watch: RoundWatch | None = None,
) -> Solution:
    """Fill the holes of a problem, starting from a point of a session, which is left as it is.

    machine: it keeps the code latents of what it ran, so one of its own makes a search repeatable to the last bit.
    script: whether only the problem's `assert` lines are constraints.
    watch: is shown the search among lines after each round; the text is not run backwards then. An interrupt, in it or
    elsewhere, ends the search, and what it found so far is returned.
    Raises LxSyntaxError and SynthesisError for a text that is no problem, CapacityError, and UsageError for options.
    """
    options.check()
    load_search(options.search)  # what it imports counts for no deadline
    started = time.monotonic()
    pose = partial(
        specify,
        problem,
        names=snapshot.names,
        defined=snapshot.defined,
        limits=machine.model.config,
        functions=snapshot.functions,
        script=script,
        vocabulary=machine.model.vocabulary,
    )
    loop = _SolveLoop(pose(), Oracle(machine, snapshot), options, progress, watch)
    again = partial(solve, machine=machine, snapshot=snapshot, progress=progress, script=script)
    search = partial(_searched, loop, machine, snapshot, started + options.timeout, again)
    try:
        reason = search() if loop.problem.space.size else EXHAUSTED
    except WideTargetError:
        loop.problem = pose(wide=True)
        reason = search()
    return loop.solution(reason, seconds=time.monotonic() - started)


def _searched(
    loop: _SolveLoop, machine: Machine, snapshot: Snapshot, deadline: float, again: Callable[..., Solution]
) -> str:
    """Search to the end, and return why it ended. again: solves another text likewise."""
    machine.watch = clock = _Clock(loop, deadline)
    try:
        point = snapshot.latents, snapshot.defined, snapshot.heap
        starts = [run_prefix(each, machine, *point) for each in loop.problem.examples]
        objective = Objective(loop.problem, machine, starts)
        setting = Setting(objective.problem, objective, loop.options.seed, deadline)
        search = load_search(loop.options.search)(setting)
        if getattr(search, "backwards", False) and loop.watch is None:
            ended = loop.run_whole(WholeValues(loop.problem, machine, snapshot), deadline, again)
            machine.watch = clock
            if ended is not None:
                return ended
        return loop.run(search, objective, deadline)
    except _OutOfTime:
        return OUT_OF_TIME
    except ProgramError as error:
        return f"the program fails before its first hole: {error}"
    except KeyboardInterrupt:
        return INTERRUPTED


class Oracle:
    """Exact execution of filled programs, from a point of a session as it decodes."""

    def __init__(self, machine: Machine, snapshot: Snapshot) -> None:
        self.machine, self.snapshot = machine, snapshot

    def verifies(self, program: str) -> bool:
        """Return whether CPython runs the program to its end, assertions included."""
        point, limits = self.snapshot, self.machine.model.config
        low, high, capacity = limits.minimum, limits.maximum, (limits.cells, limits.rows)
        names, functions = point.names, point.functions
        try:
            tree = parse(program, minimum=low, maximum=high, names=names, functions=functions, rows=limits.rows > 0)
            return run_source(tree, self._state, minimum=low, maximum=high, capacity=capacity).error is None
        except LatentReplError:
            return False

    @cached_property
    def _state(self) -> State:
        [decoded] = self.machine.decode(self.snapshot.latents[None], [self.snapshot.heap])
        return state_of(decoded.values, self.snapshot.names, self.snapshot.defined, decoded.rows)


class _Clock:
    """Says how far the search is while programs run, and ends them when the time is up: candidates may loop."""

    def __init__(self, loop: _SolveLoop, deadline: float) -> None:
        self._loop, self._deadline, self._next = loop, deadline, 0.0

    def __call__(self, steps: int) -> None:
        now = time.monotonic()
        if now > self._deadline:
            raise _OutOfTime
        if now > self._next:
            self._next = now + REPORT_EVERY
            self._loop.report()


class _SolveLoop:
    """One search under way: what was scored, and what the oracle said of it."""

    def __init__(
        self, problem: Problem, oracle: Oracle, options: Options, progress: Report | None, watch: RoundWatch | None
    ) -> None:
        self.problem, self.oracle, self.options, self.progress, self.watch = problem, oracle, options, progress, watch
        self.losses: dict[Proposal, float] = {}
        self.whole: dict[Proposal, float] = {}
        self.opened: list[Solution] = []
        self.curve: list[float] = []
        self.verified: list[Proposal] = []
        self.search: Search[Any] | None = None
        self.judged: set[Filling] = set()
        self.best = Progress()

    def run_whole(self, values: WholeValues, deadline: float, again: Callable[..., Solution]) -> str | None:
        """Try what the text says when it is run backwards; return why the search ends there, None if it does not.

        The search hears nothing of it: none of its own fills has so many cells.
        """
        fillings = values.fillings()[: self.options.budget]
        scores = values.score(fillings)
        self.whole |= {filling: score.loss for filling, score in zip(fillings, scores, strict=True)}
        self._verify([filling for filling, score in zip(fillings, scores, strict=True) if score.satisfied])
        texts = [] if self.verified else values.opened(fillings)
        for place, text in enumerate(texts):
            left = (self.options.budget - self.evaluations) // (len(texts) + 1 - place)
            seconds = deadline - time.monotonic()
            if min(left, seconds) <= 0:
                break
            self.opened.append(again(text, options=replace(self.options, budget=left, timeout=seconds)))
            if self.opened[-1].solved or self.opened[-1].reason == INTERRUPTED:
                return self.opened[-1].reason or SOLVED
        return SOLVED if self._enough else None

    def run(self, search: Search[Any], objective: Objective, deadline: float) -> str:
        """Search until there is a reason to end, and return it."""
        self.search, budget = search, self.options.budget
        while self.evaluations < budget:
            batch = list(search.propose(self.losses))[: max(budget - self.evaluations, 0)]
            if not batch:
                break
            satisfied = self._score(objective, batch, deadline)
            if self.watch is not None:
                self.watch(search, batch, self.losses)
            self._verify(satisfied)
            if self._enough:
                return SOLVED
            if time.monotonic() > deadline:
                return OUT_OF_TIME
        spent = f"the budget of {budget} evaluations is spent; allow more with --budget"
        return spent if self.evaluations >= budget else getattr(search, "exhausted", EXHAUSTED)

    @property
    def evaluations(self) -> int:
        """Filled programs and points of the box scored, and points that a search has spent besides.

        What such a search spends beyond the budget leads to nothing: no program is scored any more.
        """
        scored = len(self.whole) + len(self.losses) + sum(each.evaluations for each in self.opened)
        return min(scored + getattr(self.search, "points", 0), self.options.budget)

    def solution(self, reason: str, *, seconds: float) -> Solution:
        """Return what was found."""
        if self.opened and self.opened[-1].solved:
            return self._of_opened(self.opened[-1], seconds)
        # Python's sort keeps the order in which equally likely ones were found.
        verified = sorted(self.verified, key=self._unlikelihood) if len(self.verified) > 1 else self.verified
        first = verified[0] if verified else None
        losses = self.losses or self.whole
        best = first if first is not None else min(losses, key=losses.__getitem__, default=None)
        return Solution(
            problem=self.problem.text,
            solved=first is not None,
            verified=first is not None,
            program=None if first is None else self.problem.source(filling_of(first)),
            fills=() if first is None else self.problem.fills(filling_of(first)),
            found_by=None if first is None else self._found_by(first),
            evaluations=self.evaluations,
            refuted=len(self.judged) - len(self.verified),
            oracle_runs=len(self.judged),
            best=None if best is None else self.problem.excerpt(filling_of(best)),
            loss=None if best is None else (self.whole | self.losses)[best],
            reason=None if self._enough else reason,
            seconds=seconds,
            search=self.options.search,
            seed=self.options.seed,
            programs=tuple(self.problem.source(filling_of(each)) for each in verified),
            curve=tuple(self.curve),
            warning=ONE_EXAMPLE if first is not None and self.problem.rests_on_one_example else None,
        )

    def _of_opened(self, solution: Solution, seconds: float) -> Solution:
        """Return a solution with a list of fills as one for the hole that was opened."""
        return replace(
            solution,
            problem=self.problem.text,
            fills=(f"[{', '.join(solution.fills)}]",),
            evaluations=self.evaluations,
            seconds=seconds,
        )

    def _unlikelihood(self, candidate: Proposal) -> float:
        return -self.problem.space.log_probability(filling_of(candidate)) if candidate in self.losses else 0.0

    def _found_by(self, candidate: Proposal) -> str:
        if candidate in self.whole:
            return "inverse"
        source_of: Callable[[Proposal], str] | None = getattr(self.search, "source_of", None)
        return self.options.search if source_of is None else source_of(candidate)

    @property
    def _enough(self) -> bool:
        return len(self.verified) >= self.options.all_solutions

    def _score(self, objective: Objective, batch: Sequence[Proposal], deadline: float) -> list[Proposal]:
        """Score a batch, as far as the time goes; return what satisfies the constraints, the least loss first."""
        satisfied = []
        for first in range(0, len(batch), ROWS):
            rows = batch[first : first + ROWS]
            scores = objective.score(rows)
            self.losses.update((each, score.loss) for each, score in zip(rows, scores, strict=True))
            self.curve.append(min([*self.curve[-1:], *(score.loss for score in scores)]))
            satisfied += [each for each, score in zip(rows, scores, strict=True) if score.satisfied]
            best = min(self.losses, key=self.losses.__getitem__)
            self.best = Progress(self.evaluations, self.losses[best], self.problem.excerpt(filling_of(best)))
            self.report()
            if time.monotonic() > deadline:
                break
        return sorted(satisfied, key=self.losses.__getitem__)

    def _verify(self, satisfied: Sequence[Proposal]) -> None:
        """Let the oracle run the candidates in turn, until enough have passed; points may name a filling again."""
        for candidate in satisfied:
            if self._enough:
                return
            filling = filling_of(candidate)
            if filling not in self.judged:
                self.judged.add(filling)
                if self.oracle.verifies(self.problem.source(filling)):
                    self.verified.append(candidate)

    def report(self) -> None:
        """Say how far the search is."""
        if self.progress is not None:
            self.progress(self.best)
