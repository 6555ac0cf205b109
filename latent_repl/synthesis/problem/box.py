"""The continuous box that a problem's holes are searched in: which points there are, and which filling each one names.

    s1 = s0 + ?    ->  for each dimension of its code latent, from where to where it may go

A dimension that no fill moves stays as it is. One that also tells what the template fixes, its target or its left
variable, keeps to the extent of the template's own lines; all others have the whole of [-1, 1]. A hole that stands for
a whole line has nothing fixed: its box is the whole one. The executor reads a code latent by the code decoder, and a
point likewise, but for what the template fixes: it is the likeliest of the template's own lines, and is called so.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from latent_repl.errors import SynthesisError
from latent_repl.language.program import CoreLine, Slot
from latent_repl.language.vocabulary import LEFT
from latent_repl.shapes import Bool, Float
from latent_repl.synthesis.problem.decoding import Decoder
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.problem.space import CodeEncoder, Space, encode
from latent_repl.synthesis.problem.template import Template

# Fillings by whose latents a box is measured, and those of them whose lines are written otherwise. Chosen.
SAMPLE, OTHERWISE = 512, 8


@dataclass(frozen=True, eq=False)
class Point:
    """A place in code latent space, one latent for each template side by side, and the filling that it decodes to."""

    filling: Filling
    latents: Float[np.ndarray, " F"]


Proposal = Filling | Point
"""What is scored at once: a filling, or a point, which is read as one."""


def filling_of(candidate: Proposal) -> Filling:
    """Return the filling, of a point the one that it decodes to."""
    return candidate.filling if isinstance(candidate, Point) else candidate


class Box:
    """The box of a space, as coordinates in the unit cube. Raises SynthesisError where lines lie outside [-1, 1]."""

    def __init__(self, space: Space, model: CodeEncoder) -> None:
        self.space, self.model, self.decoder = space, model, Decoder(space, model)
        sides = [self._sides(template) for template in space.templates]
        self.low, self.high = (np.concatenate(each) for each in zip(*sides, strict=True))
        self.free = self.high > self.low
        if (np.maximum(-self.low, self.high)[self.free] > 1).any():
            raise SynthesisError(
                "search box takes no whole lines of this checkpoint: their targets are no part of its box; "
                "write --search auto"
            )

    @property
    def dimensions(self) -> int:
        """How many coordinates a point has."""
        return int(self.free.sum())

    def points(self, cube: Float[np.ndarray, "N D"]) -> list[Point]:
        """Return the points at these coordinates, each with the filling that it decodes to."""
        latents = np.repeat(self.low[None], len(cube), axis=0)
        latents[:, self.free] += cube * (self.high - self.low)[self.free]
        return [Point(*each) for each in zip(self.decoder(latents), latents, strict=True)]

    def crossed(self, point: Point, other: Point, line: int) -> Point:
        """Return a point whose latent of one line, and with it that line's fills, is another point's."""
        width, latents = len(point.latents) // len(self.space.templates), point.latents.copy()
        part = slice(line * width, (line + 1) * width)
        latents[part] = other.latents[part]
        return Point(self.space.crossed(point.filling, other.filling, line), latents)

    def coordinates(self, latents: Float[np.ndarray, "N F"]) -> Float[np.ndarray, "N D"]:
        """Return where points lie in the unit cube; those outside the box, where its nearest wall is."""
        return np.clip((latents - self.low)[:, self.free] / (self.high - self.low)[self.free], 0, 1)

    def _sides(self, template: Template) -> tuple[Float[np.ndarray, " C"], Float[np.ndarray, " C"]]:
        lines = [template.filled(filling) for filling in self._sample]
        latents = encode(lines, self.model).astype(np.float64)
        low, high = latents.min(0), latents.max(0)
        whole = (high > low) & ~self._tells_of_fixed(template, lines[:OTHERWISE], latents[:OTHERWISE])
        inside = whole & (low >= -1) & (high <= 1)
        return np.where(inside, -1, low), np.where(inside, 1, high)

    @cached_property
    def _sample(self) -> Sequence[Filling]:
        generator, space = random.Random(0), self.space
        return list(space) if space.size <= SAMPLE else [space.uniform(generator) for _ in range(SAMPLE)]

    def _tells_of_fixed(
        self, template: Template, lines: Sequence[CoreLine], latents: Float[np.ndarray, "N C"]
    ) -> Bool[np.ndarray, " C"]:
        """Return the dimensions that change as well where the lines write another target, or read another variable."""
        tells = np.zeros(latents.shape[1], dtype=bool)
        if template.line is None:
            return tells
        target, left = template.line.target, template.line.left
        others = [[replace(line, target=_other(target)) for line in lines]]
        if isinstance(left, Slot) and self.model.vocabulary.can_say(_other(left), LEFT):
            others.append([replace(line, left=_other(left)) for line in lines])
        for other in others:
            otherwise = encode(other, self.model)
            tells |= (otherwise != latents.astype(otherwise.dtype)).any(0)
        return tells


def _other(slot: Slot) -> Slot:
    return Slot(slot.index - 1 if slot.index else 1)
