"""How far, in nats, the model's own result lies from the target, and whether it decodes to it.

What is scored is a candidate: a filling, or a point of the continuous box, which is read as the filling that it decodes
to under the template. Their lines run as they are encoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from latent_repl.errors import ProgramError, SynthesisError
from latent_repl.language.operators import STATUS_OK
from latent_repl.language.program import Program, Slot
from latent_repl.language.values import Reference, Value, fits, number_of
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.machine import Machine
from latent_repl.model.features import feature_table
from latent_repl.model.heap import Heap
from latent_repl.records import Run
from latent_repl.shapes import Bool, Float
from latent_repl.synthesis.problem.box import Proposal, filling_of
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.problem.problem import Example, Problem, Target

# Added where the program fails before its end: an early failure must not pass for a near miss. Chosen.
FAILURE_NATS = 10.0
# A candidate whose loop takes longer than this counts as failed. Chosen.
STEP_BUDGET = 1_000


ExecutionPath = frozenset[int]
"""The lines with holes that had a say in the targets, by their places among the space's templates."""


@dataclass(frozen=True)
class Score:
    """What one evaluation yields.

    loss: nats, >= 0.
    satisfied: the decoded state satisfies every constraint.
    """

    loss: float
    satisfied: bool


@dataclass(frozen=True)
class Outcome:
    """Where one evaluation led, example by example.

    features: of what the targets' slots decode to.
    paths: which execution path the program took, None where it failed.
    satisfied: whether every constraint is, on all examples.
    """

    features: tuple[Float[np.ndarray, " WF"], ...]
    paths: tuple[ExecutionPath | None, ...]
    satisfied: bool = False


@dataclass(frozen=True)
class Start:
    """Where the candidates of one example start: after the prefix that no hole can change.

    heap: the rows that the latents refer to, None for a checkpoint without any.
    """

    latents: Float[np.ndarray, "S D"]
    counter: int
    defined: frozenset[Slot]
    heap: Heap | None = None


def run_prefix(
    example: Example,
    machine: Machine,
    latents: Float[np.ndarray, "S D"],
    defined: frozenset[Slot],
    heap: Heap | None = None,
) -> Start:
    """Run what comes before the first hole, once, from a state whose rows lie in a heap.

    Raises ProgramError if it fails: then no fill can help.
    """
    if example.prefix == 0:
        return Start(latents, 0, defined, heap)
    run = machine.run([example.before_holes()], latents[None], defined=[defined], heaps=[heap], record=False)[0]
    if run.error is not None:
        raise run.error
    return Start(run.latents, example.prefix, run.defined, run.heap)


class WideTargetError(SynthesisError):
    """What is asked for turns out to be a number that no cell holds: the problem has to be posed as one of rows."""

    def __init__(self) -> None:
        super().__init__("what is asked for is a number of many digits, which no single latent holds")


def settled(problem: Problem, machine: Machine, starts: Sequence[Start]) -> Problem:
    """Return the problem with values in place of the slots that hold them where the prefix ends.

    Raises ProgramError where one holds nothing, WideTargetError where a value has many cells.
    """
    if not any(isinstance(each.wanted, Slot) or each.beyond for one in problem.examples for each in one.sought):
        return problem
    pairs = zip(problem.examples, starts, strict=True)
    return replace(problem, examples=tuple(_settled(example, machine, start) for example, start in pairs))


def _settled(example: Example, machine: Machine, start: Start) -> Example:
    limits, [decoded] = machine.model.config, machine.decode(start.latents[None])

    def known(target: Target) -> Target:
        value = target.wanted
        if isinstance(value, Slot):
            held = decoded.values[value.index] if value in start.defined else None
            if held is None:
                name = example.program.slots.get(value, str(value))
                raise ProgramError("NameError", f"name '{name}' is not defined", example.program.lines[-1])
            if isinstance(held, Reference):
                raise WideTargetError
            value = held
        return replace(target, wanted=number_of(value) + target.beyond if target.beyond else value, beyond=0)

    leads = [lead for lead in map(known, example.leads) if fits(lead.value, limits.minimum, limits.maximum)]
    return replace(example, targets=tuple(map(known, example.targets)), leads=tuple(leads))


class Objective:
    """Scores candidates: runs each filled program on every example and reads the state decoder's nats."""

    def __init__(self, problem: Problem, machine: Machine, starts: Sequence[Start]) -> None:
        self.problem, self.machine, self.starts = settled(problem, machine, starts), machine, tuple(starts)
        self.outcomes: dict[Proposal, Outcome] = {}
        self.places = {template.holes: place for place, template in enumerate(problem.space.templates)}
        self.table = feature_table(machine.model.vocabulary, number_features=True)

    @cached_property
    def target_features(self) -> tuple[Float[np.ndarray, " WF"], ...]:
        """The features of the targets, example by example; an outcome that meets them has these."""
        value_id = self.machine.model.vocabulary.value_id
        ids = ([value_id(target.value) for target in example.targets] for example in self.problem.examples)
        return tuple(self.table[row].ravel() for row in ids)

    def score(self, candidates: Sequence[Proposal]) -> list[Score]:
        """Return one score a candidate: its loss halfway between the examples' mean and worst, satisfied on all."""
        fillings, examples = [*map(filling_of, candidates)], self.problem.examples
        programs = [example.filled(filling) for example in examples for filling in fillings]
        by_example = self._run(programs, [{}] * len(programs))
        scores = self.judged(by_example)
        outcomes = zip(self._outcomes(candidates, by_example), scores, strict=True)
        judged = (replace(outcome, satisfied=score.satisfied) for outcome, score in outcomes)
        self.outcomes |= zip(candidates, judged, strict=True)
        return scores

    def score_points(self, points: Float[np.ndarray, "N F"]) -> list[Score]:
        """Return one score a point: code latents in the place of the core lines with holes, executed as they are.

        points: as `Space.latents` has them. No hole may stand for a whole core line, whose target none of these names.
        """
        return self.judged(self.run_points(points))

    def run_points(self, points: Float[np.ndarray, "N F"]) -> list[list[Run]]:
        """Return what points lead to, by example; `score_points` says what points are."""
        parts = np.split(points.astype(np.float32), len(self.problem.space.templates), axis=1)
        part_of = {each.holes: part for each, part in zip(self.problem.space.templates, parts, strict=True)}
        programs, codes = list[Program](), list[dict[int, np.ndarray]]()
        for example in self.problem.examples:
            programs += [example.opened()] * len(points)
            placed = [(index, part_of[template.holes]) for index, template in example.templates.items()]
            codes += [{index: part[row] for index, part in placed} for row in range(len(points))]
        return self._run(programs, codes)

    def _run(self, programs: Sequence[Program], codes: Sequence[Mapping[int, np.ndarray]]) -> list[list[Run]]:
        """Run every example's programs, one example's after another's, and return them by example."""
        count = len(programs) // len(self.starts)
        starts = [start for start in self.starts for _ in range(count)]
        runs = self.machine.run(
            programs,
            np.stack([start.latents for start in starts]),
            counters=[start.counter for start in starts],
            defined=[start.defined for start in starts],
            heaps=[start.heap for start in starts],
            codes=codes,
            step_budget=STEP_BUDGET,
            record=False,
        )
        return [runs[first : first + count] for first in range(0, len(runs), count)]

    def judged(self, by_example: Sequence[Sequence[Run]]) -> list[Score]:
        """Return one score for each program that was run on every example, as `run_points` has them."""
        examples = [self._scores(*each) for each in zip(self.problem.examples, by_example, strict=True)]
        return [_together(scores) for scores in zip(*examples, strict=True)]

    def _outcomes(self, candidates: Sequence[Proposal], by_example: Sequence[Sequence[Run]]) -> Iterator[Outcome]:
        """Yield each outcome as the state decoder reads it: what it forgives, and its doubt, would look like noise."""
        read, paths = [], []
        for example, runs in zip(self.problem.examples, by_example, strict=True):
            slots = [target.slot.index for target in example.targets]
            logits = self.machine.model.state_logits(np.stack([run.latents[slots] for run in runs]))
            read.append([features.ravel() for features in self.table[logits.argmax(-1)]])
            pairs = zip(map(filling_of, candidates), runs, strict=True)
            paths.append([self._path(example, filling, run) for filling, run in pairs])
        for row in range(len(candidates)):
            yield Outcome(tuple(features[row] for features in read), tuple(each[row] for each in paths))

    def _path(self, example: Example, filling: Filling, run: Run) -> ExecutionPath | None:
        """Return which lines with holes had a say, None if the program failed."""
        if run.error:
            return None
        had = example.slice([(place, example.line(place, filling)) for place in run.path])
        return frozenset(self.places[template.holes] for place, template in example.templates.items() if place in had)

    def _scores(self, example: Example, runs: Sequence[Run]) -> list[Score]:
        model = self.machine.model
        slots = [*(target.slot.index for target in example.targets), -1]
        logits = model.state_logits(np.stack([run.latents[slots] for run in runs]))
        losses, reached = read_targets(logits, example.targets, model.vocabulary)
        return [
            Score(loss + FAILURE_NATS * (run.error is not None), satisfied and run.error is None)
            for run, loss, satisfied in zip(runs, losses.tolist(), reached.tolist(), strict=True)
        ]


def read_targets(
    logits: Float[np.ndarray, "B V A"], targets: Sequence[Target], vocabulary: Vocabulary
) -> tuple[Float[np.ndarray, " B"], Bool[np.ndarray, " B"]]:
    """Return the cross entropy of the targets and of an ok status, summed, and whether decoding gives just them.

    logits: of the targets' slots, in their order, and of the status.
    """
    allowed = [*(_tokens_of(target.value, vocabulary) for target in targets), [vocabulary.status_id(STATUS_OK)]]
    loss, reached = np.zeros(len(logits)), np.ones(len(logits), dtype=bool)
    for of_slot, hits in zip(logits.astype(np.float64).swapaxes(0, 1), allowed, strict=True):
        loss += np.logaddexp.reduce(of_slot, axis=-1) - np.logaddexp.reduce(of_slot[:, hits], axis=-1)
        reached &= np.isin(of_slot.argmax(-1), hits)
    return np.maximum(loss, 0), reached


def _tokens_of(value: Value, vocabulary: Vocabulary) -> list[int]:
    """Return all tokens that Python holds equal to a value: 1 and True."""
    equal = (int(value), bool(value)) if value in (0, 1) else (value,)
    return [vocabulary.value_id(each) for each in equal]


def _together(scores: Sequence[Score]) -> Score:
    losses = [score.loss for score in scores]
    return Score((sum(losses) / len(losses) + max(losses)) / 2, all(score.satisfied for score in scores))
