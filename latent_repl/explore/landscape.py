"""The loss of a synthesis problem over a plane of code latent space, with its known fillings.

Every point of the plane is executed as it is: the executor gets the latent itself, decoded or not.
Source: the post in its figure of 71 + ? = 18, which has two latent dimensions and needs no plane.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from latent_repl.errors import UsageError
from latent_repl.explore.maps import Projection, principal
from latent_repl.language.operators import COPY
from latent_repl.language.program import CoreLine, Hole, Instruction, Program
from latent_repl.machine import Machine, Mode
from latent_repl.model.interface import Array, Interpreter
from latent_repl.session import Session
from latent_repl.synthesis.objective import Objective, run_prefix
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.problem.problem import Example, Problem
from latent_repl.synthesis.problem.specification import pose

ROWS = 256
"""Programs in one batch. Chosen."""
KNOWN = 2048
"""Fillings shown at most; of a larger space so many are drawn. Chosen."""
MARGIN = 0.08
"""How far the picture goes beyond the known fillings, as a share of their extent. Chosen."""


@dataclass(frozen=True)
class Landscape:
    """Losses in nats over a plane: loss[row, column] at y[row], x[column]; the known fillings with their own losses."""

    problem: str
    x: Float[np.ndarray, " W"]
    y: Float[np.ndarray, " H"]
    loss: Float[np.ndarray, "H W"]
    points: Float[np.ndarray, "N 2"]
    texts: tuple[str, ...]
    known: Float[np.ndarray, " N"]
    explained: float


class _PointMachine(Machine):
    """A machine for which the hole numbered k is the code latent k of a list."""

    def __init__(self, model: Interpreter, mode: Mode, latents: Float[Array, "N C"]) -> None:
        super().__init__(model, mode)
        self._latents = latents

    def code_latents(self, core_lines: Sequence[CoreLine]) -> Float[Array, "B C"]:
        return np.stack(
            [
                self._latents[line.holes[0].number]
                if line.holes
                else super(_PointMachine, self).code_latents([line])[0]
                for line in core_lines
            ]
        )


@dataclass(frozen=True)
class _PointExample(Example):
    """An example whose fillings are numbers of points."""

    def filled(self, filling: Filling) -> Program:
        number = filling[0]
        assert isinstance(number, int), "points are numbered"
        instructions: list[Instruction] = list(self.program.instructions)
        for index, template in self.templates.items():
            assert template.line is not None, "refused before"
            instructions[index] = CoreLine(template.line.target, COPY, Hole(number))
        starts = self.program.starts | {self.prefix}
        return replace(self.program, instructions=tuple(instructions), starts=starts, holes=0)


def survey(session: Session, text: str, *, size: int = 61) -> Landscape:
    """Score a grid of size x size points around the known fillings of a problem.

    The plane passes through the filling with the least loss and spans the two directions in which the fillings differ
    most. Raises what posing the problem raises, and UsageError where its holes stand in several core lines.
    """
    config = session.model.config
    problem = pose(
        text,
        names=session.names,
        defined=session.defined,
        limits=config,
        functions=session.functions,
        vocabulary=session.model.vocabulary,
    )
    if len(problem.space.templates) != 1 or problem.space.templates[0].line is None:
        raise UsageError("a landscape has one core line with holes for values or an operator, as in `a=71; a+? == 18`")
    fillings = _known_fillings(problem)
    objective = _objective(problem, Machine(session.model, session.mode), session)
    known = _losses(objective, fillings)
    latents = problem.space.latents(fillings, session.model)
    plane = (
        replace(principal(latents), origin=latents[int(known.argmin())]) if latents.shape[1] > 2 else principal(latents)
    )
    points = plane(latents)
    best = points[known.argmin()]
    x, y = (_axis(points[:, place], size, through=float(best[place])) for place in (0, 1))
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    loss = _losses_at(problem, session, plane, grid).reshape(size, size)
    texts = tuple(", ".join(problem.fills(filling)) for filling in fillings)
    return Landscape(text, x, y, loss, points, texts, known, plane.explained)


def _known_fillings(problem: Problem) -> list[Filling]:
    space, generator = problem.space, random.Random(0)
    if space.size <= KNOWN:
        return list(space)
    return list(dict.fromkeys(space.likely(generator) for _ in range(KNOWN)))


def _objective(problem: Problem, machine: Machine, session: Session) -> Objective:
    starts = [run_prefix(example, machine, session.latents, session.defined) for example in problem.examples]
    return Objective(problem, machine, starts)


def _losses_at(
    problem: Problem, session: Session, plane: Projection, grid: Float[np.ndarray, "N 2"]
) -> Float[np.ndarray, " N"]:
    latents = np.clip(plane.origin + grid @ plane.axes, -1, 1).astype(np.float32)
    examples = tuple(_PointExample(example.program, example.wants) for example in problem.examples)
    machine = _PointMachine(session.model, session.mode, latents)
    objective = _objective(replace(problem, examples=examples), machine, session)
    return _losses(objective, [(number,) for number in range(len(grid))])


def _losses(objective: Objective, fillings: Sequence[Filling]) -> Float[np.ndarray, " N"]:
    batches = (fillings[first : first + ROWS] for first in range(0, len(fillings), ROWS))
    return np.array([score.loss for batch in batches for score in objective.score(batch)])


def _axis(values: Float[np.ndarray, " N"], size: int, *, through: float) -> Float[np.ndarray, " K"]:
    """Return places along an axis, one of them at `through`: where the loss is least must not fall between two."""
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * max(high - low, 1e-6)
    places = np.linspace(low - margin, high + margin, size)
    return places - places[np.abs(places - through).argmin()] + through
