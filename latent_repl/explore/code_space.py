"""A problem's code space to look at: its known lines, and what the model makes of any point of it.

CodeSpace(session, "a=71; a+? == 18").read(latents)    decoded line, confidence, loss and agreement of each latent
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from latent_repl.errors import UsageError
from latent_repl.explore.explored import Explored
from latent_repl.explore.neighbours import NO_LINE, decode_lines
from latent_repl.language.program import CoreLine
from latent_repl.machine import Machine
from latent_repl.model.interface import Array
from latent_repl.records import Run
from latent_repl.results import State, in_names, state_of
from latent_repl.shapes import Float
from latent_repl.synthesis.objective import Objective, run_prefix
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.problem.problem import Problem
from latent_repl.synthesis.problem.specification import specify
from latent_repl.synthesis.solve import Oracle

KNOWN = 2048
"""Fillings shown at most; of a larger space so many are drawn. Chosen."""
End = tuple[object, ...]
"""What a run ended in, as the decoder shows it: values, rows, and the kind of an error."""


@dataclass(frozen=True, slots=True)
class CodeReading:
    """What lies at a point.

    line: what the code decoder reads there, None for no core line. confidence: how sure it is, 0 to 1.
    loss: in nats, of the point executed as it is. agrees: whether the line, executed in the point's place, leads to a
    state that decodes to the same.
    """

    line: CoreLine | None
    confidence: float
    loss: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class CodeExecution:
    """The state that a point leads to in the first example, as decoded.

    value: of the first target, whose wanted value is `target`. error: what the program ended in, if it failed.
    """

    state: State
    value: object
    target: object
    confidence: float
    error: str | None


class CodeSpace:
    """The code latents of one core line with holes, from a point of a session on.

    fillings, latents: the known ones, at most KNOWN, and where they lie.
    Raises what `specify` raises, ProgramError where the program fails before the hole, and UsageError where the holes
    stand in several core lines.
    """

    def __init__(self, session: Explored, text: str) -> None:
        self.session, self.snapshot = session, session.timeline.now
        self.machine = Machine(session.model, session.mode)
        self.problem = specify(
            text,
            names=self.snapshot.names,
            defined=self.snapshot.defined,
            limits=session.model.config,
            functions=self.snapshot.functions,
            vocabulary=session.model.vocabulary,
        )
        templates = self.problem.space.templates
        if len(templates) != 1 or templates[0].line is None:
            raise UsageError(
                "a landscape has one core line with holes for values or an operator, as in `a=71; a+? == 18`"
            )
        point = self.snapshot.latents, self.snapshot.defined, self.snapshot.heap
        starts = [run_prefix(example, self.machine, *point) for example in self.problem.examples]
        self.objective = Objective(self.problem, self.machine, starts)
        self.fillings = _known_fillings(self.problem)
        self._ends: dict[CoreLine, End] = {}

    @cached_property
    def latents(self) -> Float[np.ndarray, "N F"]:
        """Where the known fillings lie."""
        return self.problem.space.latents(self.fillings, self.session.model)

    @cached_property
    def places(self) -> dict[CoreLine, int]:
        """Which filling each known line is."""
        [template] = self.problem.space.templates
        return {template.filled(filling): place for place, filling in enumerate(self.fillings)}

    def within(self, latents: Float[np.ndarray, "N F"]) -> Float[np.ndarray, "N F"]:
        """Return the latents, moved to the wall where they lie outside the box [-1, 1], or beyond all known lines."""
        return np.clip(latents, np.minimum(self.latents.min(0), -1), np.maximum(self.latents.max(0), 1))

    def loss(self, latents: Float[np.ndarray, "N F"]) -> Float[np.ndarray, " N"]:
        """Return the loss of each point in nats, executed as it is."""
        return np.array([score.loss for score in self.objective.score_points(latents)])

    def read(self, latents: Float[np.ndarray, "N F"]) -> list[CodeReading]:
        """Return what lies at each point."""
        lines = decode_lines(self.session, latents.astype(np.float32))
        by_example = self.objective.run_points(latents)
        scores, ends = self.objective.judged(by_example), self._decoded(by_example[0])
        new = [*{line for line, _ in lines if line is not None and line not in self._ends}]
        if new:
            self._ends |= zip(new, self._decoded(self.objective.run_points(self._encoded(new))[0]), strict=True)
        return [
            CodeReading(line, confidence, score.loss, line is not None and self._ends[line] == end)
            for (line, confidence), score, end in zip(lines, scores, ends, strict=True)
        ]

    def run(self, latents: Float[np.ndarray, "N F"]) -> list[CodeExecution]:
        """Return where each point leads in the first example."""
        runs, example = self.objective.run_points(latents)[0], self.objective.problem.examples[0]
        decoded = self.machine.decode(np.stack([run.latents for run in runs]), [run.heap for run in runs])
        target = example.targets[0]
        names = {name: slot for name, slot in example.program.names.items() if name.isidentifier()}
        return [
            CodeExecution(
                state_of(each.values, names, run.defined, each.rows),
                each.values[target.slot.index] if run.error is None else None,
                target.value,
                each.confidence * run.certain,
                None if run.error is None else str(run.error),
            )
            for run, each in zip(runs, decoded, strict=True)
        ]

    def text(self, line: CoreLine | None) -> str:
        """Return a line as the user would write it where it fills the holes, else in the user's names."""
        if line is None:
            return NO_LINE
        if line in self.places:
            return self.problem.excerpt(self.fillings[self.places[line]])
        return in_names(line, self.objective.problem.examples[0].program.slots)

    def holds(self, line: CoreLine | None) -> bool | None:
        """Return whether CPython, which runs the filled program, finds the constraints met; None for no filling."""
        if line not in self.places:
            return None
        filling = self.fillings[self.places[line]]
        return Oracle(self.machine, self.snapshot).verifies(self.problem.source(filling))

    def _encoded(self, lines: Sequence[CoreLine]) -> Array:
        return self.machine.code_latents(lines)

    def _decoded(self, runs: Sequence[Run]) -> list[End]:
        decoded = self.machine.decode(np.stack([run.latents for run in runs]), [run.heap for run in runs])
        return [(each.values, each.rows, run.error and run.error.kind) for run, each in zip(runs, decoded, strict=True)]


def _known_fillings(problem: Problem) -> list[Filling]:
    space, generator = problem.space, random.Random(0)
    if space.size <= KNOWN:
        return list(space)
    return list(dict.fromkeys(space.likely(generator) for _ in range(KNOWN)))
