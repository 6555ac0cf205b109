"""Where fillings lie for a search: at their code latents, or elsewhere, to see what the latents are good for.

CodeInputs(space, model)([(-53,)])      the code latent of `s1 = s0 + -53`, in the unit cube
DecodedInputs(space, model)([(-53,)])      what the code decoder reads in that latent: words, sizes and digits
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from latent_repl.language.operators import OPERATORS
from latent_repl.language.program import CoreLine, Hole
from latent_repl.language.vocabulary import CORE_LINE_TOKENS
from latent_repl.model.features import feature_kinds, feature_table
from latent_repl.shapes import Float, Int, Shaped
from latent_repl.synthesis.problem.domains import Assignment, Atom, Domain, Fill, Filling
from latent_repl.synthesis.problem.space import CodeEncoder, Space, encode
from latent_repl.synthesis.problem.template import Template

# Fillings by whose latents the cube is measured. Chosen.
SAMPLE = 512


@runtime_checkable
class Inputs(Protocol):
    """Points of fillings, inside the unit cube or close to it."""

    group_sizes: tuple[int, ...]
    """How many dimensions each group has, in order."""
    line_groups: Int[np.ndarray, " F"]
    """Which line with holes each dimension tells of, by its place among the space's templates."""

    def __call__(self, fillings: Sequence[Filling]) -> Float[np.ndarray, "N F"]:
        """Return the point of each filling."""


class FilledLines:
    """What a template's filled lines are turned into; equal lines only once."""

    def __init__(self, turn: Callable[[Sequence[CoreLine]], np.ndarray]) -> None:
        self.turn = turn
        self._known: dict[tuple[Hole, ...], dict[Filling, np.ndarray]] = {}

    def __call__(self, template: Template, fillings: Sequence[Filling]) -> Shaped[np.ndarray, "N ..."]:
        """Return one row a filling."""
        known = self._known.setdefault(template.holes, {})
        places = [hole.number for hole in template.holes]
        keys = [tuple([filling[place] for place in places]) for filling in fillings]
        new = {key: filling for key, filling in zip(keys, fillings, strict=True) if key not in known}
        if new:
            known |= zip(new, self.turn([template.filled(filling) for filling in new.values()]), strict=True)
        return np.stack([known[key] for key in keys])


class CodeInputs:
    """Each filling lies at the code latents of its filled lines, which are encoded once.

    The latents are shifted and shrunk into the unit cube, all dimensions alike: distances keep their ratios.
    """

    def __init__(self, space: Space, model: CodeEncoder) -> None:
        self.space = space
        self._lines = FilledLines(lambda lines: encode(lines, model).astype(np.float64))
        generator = random.Random(0)
        sample = list(space) if space.size <= SAMPLE else [space.uniform(generator) for _ in range(SAMPLE)]
        latents = self._latents(sample)
        self.group_sizes = (latents.shape[1] // len(space.templates),) * len(space.templates)
        self.line_groups = np.repeat(np.arange(len(self.group_sizes)), self.group_sizes)
        self.lowest = latents.min(0)
        self.extent = max(float((latents - self.lowest).max()), 1e-9)

    def __call__(self, fillings: Sequence[Filling]) -> Float[np.ndarray, "N F"]:
        """Return the point of each filling."""
        return (self._latents(fillings) - self.lowest) / self.extent

    def latents(self, points: Float[np.ndarray, "N F"]) -> Float[np.ndarray, "N F"]:
        """Return the code latents that lie at these points."""
        return points * self.extent + self.lowest

    def _latents(self, fillings: Sequence[Filling]) -> Float[np.ndarray, "N F"]:
        return np.concatenate([self._lines(template, fillings) for template in self.space.templates], axis=1)


class DecodedInputs:
    """Each filling lies where the code decoder reads its latents: at the features of the decoded tokens.

    In the latents' own distance each period of a number takes as much room as its size. The decoder tells them apart,
    so each line's sizes are a group of dimensions with a length scale of its own; all words are one, and all digits.
    Source: deep kernels, Wilson et al., 2016; here the network is the decoder, and was trained before.
    """

    def __init__(self, space: Space, model: CodeEncoder) -> None:
        self.space = space
        self.table = feature_table(model.vocabulary, number_features=True).astype(np.float64)
        self.kinds = feature_kinds(model.vocabulary)
        self._lines = FilledLines(lambda lines: model.code_logits(encode(lines, model)).argmax(-1))
        generator = random.Random(0)
        draws = [draw(generator) for draw in (space.uniform, space.likely) for _ in range(SAMPLE // 2)]
        groups = self._groups(list(space) if space.size <= SAMPLE else draws)
        moving = [np.flatnonzero(np.ptp(group, axis=0)) for group in groups]
        self.moving = [(place, columns) for place, columns in enumerate(moving) if len(columns)]
        self.group_sizes = tuple(len(columns) for _, columns in self.moving)
        line_groups = self._line_groups()
        self.line_groups = np.concatenate([line_groups[place][columns] for place, columns in self.moving])
        self.lowest = [groups[place][:, columns].min(0) for place, columns in self.moving]
        self.extents = [np.ptp(groups[place], axis=0).max() for place, _ in self.moving]

    def __call__(self, fillings: Sequence[Filling]) -> Float[np.ndarray, "N F"]:
        """Return the point of each filling."""
        groups = self._groups(fillings)
        moving = zip(self.moving, self.lowest, self.extents, strict=True)
        return np.concatenate(
            [(groups[place][:, columns] - low) / extent for (place, columns), low, extent in moving], 1
        )

    def _line_groups(self) -> list[Int[np.ndarray, " _"]]:
        """Return which line each dimension of each group is of."""
        words, sizes, digits = (CORE_LINE_TOKENS * len(self.table[0, kind]) for kind in self.kinds)
        lines = np.arange(len(self.space.templates))
        return [np.repeat(lines, words), np.repeat(lines, digits), *(np.repeat(line, sizes) for line in lines)]

    def _groups(self, fillings: Sequence[Filling]) -> list[Float[np.ndarray, "N _"]]:
        """Return all words, all digits, and the sizes of each line."""
        lines = [self.table[self._lines(template, fillings)] for template in self.space.templates]
        words, sizes, digits = ([line[:, :, kind].reshape(len(line), -1) for line in lines] for kind in self.kinds)
        return [np.concatenate(words, 1), np.concatenate(digits, 1), *sizes]


class PermutedInputs:
    """A control: the same points, dealt out among each hole's fills at random. What is near says nothing."""

    def __init__(self, space: Space, model: CodeEncoder, seed: int) -> None:
        self.space, self.inner = space, DecodedInputs(space, model)
        self.group_sizes, self.line_groups = self.inner.group_sizes, self.inner.line_groups
        generator = random.Random(seed)
        self._dealt = [self._deal(domain, generator) for domain in space.domains]

    def __call__(self, fillings: Sequence[Filling]) -> Float[np.ndarray, "N F"]:
        """Return the points of other fillings."""
        return self.inner([tuple(map(dict.__getitem__, self._dealt, filling)) for filling in fillings])

    def _deal(self, domain: Domain, generator: random.Random) -> dict[Fill, Fill]:
        every = [domain[index] for index in range(len(domain))]
        return dict(zip(every, generator.sample(every, len(every)), strict=True))


class ValueInputs:
    """A control: a literal lies at its value, a variable and an operator at their places in a list."""

    def __init__(self, space: Space) -> None:
        self.space = space
        every = [domain[index] for domain in space.domains for index in range(min(len(domain), SAMPLE))]
        numbers = [fill for fill in every if isinstance(fill, int)]
        self.largest = max((abs(number) for number in numbers), default=1) or 1
        self.words: dict[str, float] = {}
        sizes = [4 if isinstance(domain[0], Assignment) else 1 for domain in space.domains]
        self.group_sizes = tuple(sum(sizes[hole.number] for hole in template.holes) for template in space.templates)
        self.line_groups = np.repeat(np.arange(len(self.group_sizes)), self.group_sizes)
        self.order = [hole.number for template in space.templates for hole in template.holes]

    def __call__(self, fillings: Sequence[Filling]) -> Float[np.ndarray, "N F"]:
        """Return the value of each fill, brought into [0, 1]."""
        return np.array(
            [[number for hole in self.order for number in self._numbers(filling[hole])] for filling in fillings]
        )

    def _numbers(self, fill: Fill) -> list[float]:
        if isinstance(fill, Assignment):
            right = 0 if fill.right is None else fill.right
            return [self._number(part) for part in (fill.target, fill.operator, fill.left, right)]
        return [self._number(fill)]

    def _number(self, value: Atom) -> float:
        if isinstance(value, int):
            return (value / self.largest + 1) / 2
        if value in OPERATORS:
            return OPERATORS.index(value) / len(OPERATORS)
        return self.words.setdefault(value, 1 + len(self.words) / 10)
