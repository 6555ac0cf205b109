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
from latent_repl.language.program import CoreLine
from latent_repl.language.vocabulary import CORE_LINE_TOKENS
from latent_repl.model.features import feature_kinds, feature_table
from latent_repl.shapes import Float, Int
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
    """What a template's filled lines are turned into, one row a line; equal lines only once."""

    def __init__(self, template: Template, turn: Callable[[Sequence[CoreLine]], np.ndarray]) -> None:
        self.template, self.turn = template, turn
        self._places = [hole.number for hole in template.holes]
        self._columns: slice | Int[np.ndarray, " _"] = slice(None)
        self._row_of: dict[Filling, int] = {}
        self._rows = np.zeros((0, 0))

    def __call__(self, fillings: Sequence[Filling]) -> Float[np.ndarray, "N _"]:
        """Return one row a filling."""
        row_of = self._row_of
        keys = [tuple([filling[place] for place in self._places]) for filling in fillings]
        new = {key: filling for key, filling in zip(keys, fillings, strict=True) if key not in row_of}
        if new:
            turned = self.turn([self.template.filled(filling) for filling in new.values()])[:, self._columns]
            row_of |= zip(new, range(len(row_of), len(row_of) + len(new)), strict=True)
            self._rows = np.concatenate([self._rows, turned]) if len(self._rows) else turned.copy()
        return self._rows[[row_of[key] for key in keys]]

    def keep(self, columns: Int[np.ndarray, " _"]) -> None:
        """Have these columns alone from now on."""
        self._columns = columns
        self._rows = self._rows[:, columns].copy()


class CodeInputs:
    """Each filling lies at the code latents of its filled lines, which are encoded once.

    The latents are shifted and shrunk into the unit cube, all dimensions alike: distances keep their ratios.
    """

    def __init__(self, space: Space, model: CodeEncoder) -> None:
        self.space = space
        self._lines = [
            FilledLines(template, lambda lines: encode(lines, model).astype(np.float64)) for template in space.templates
        ]
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
        return np.concatenate([lines(fillings) for lines in self._lines], axis=1)


class DecodedInputs:
    """Each filling lies where the code decoder reads its latents: at the features of the decoded tokens.

    In the latents' own distance each period of a number takes as much room as its size. The decoder tells them apart,
    so each line's sizes are a group of dimensions with a length scale of its own; all words are one, and all digits.
    Source: deep kernels, Wilson et al., 2016; here the network is the decoder, and was trained before.
    """

    def __init__(self, space: Space, model: CodeEncoder) -> None:
        self.space, self.model = space, model
        self.table = feature_table(model.vocabulary, number_features=True).astype(np.float64)
        words, sizes, digits = (self._columns_of(kind) for kind in feature_kinds(model.vocabulary))
        self._columns = np.concatenate([words, digits, sizes])
        self._lines = [FilledLines(template, self._features) for template in space.templates]
        # Words are the first group, digits the second, and the sizes of each line one more.
        kinds = np.repeat([0, 1, 2], [len(words), len(digits), len(sizes)])
        self._measure(np.array([kinds + (kinds == 2) * place for place in range(len(self._lines))]))

    def __call__(self, fillings: Sequence[Filling]) -> Float[np.ndarray, "N F"]:
        """Return the point of each filling."""
        return (self._rows(fillings) - self.lowest) / self.extents

    def _measure(self, groups: Int[np.ndarray, "L _"]) -> None:
        """Find which features move, on some fillings, and how far; groups: of each feature of each line."""
        generator = random.Random(0)
        draws = [draw(generator) for draw in (self.space.uniform, self.space.likely) for _ in range(SAMPLE // 2)]
        sample = list(self.space) if self.space.size <= SAMPLE else draws
        moving = [np.flatnonzero(np.ptp(lines(sample), axis=0)) for lines in self._lines]
        for lines, columns in zip(self._lines, moving, strict=True):
            lines.keep(columns)
        group = np.concatenate([groups[line][columns] for line, columns in enumerate(moving)])
        self._order = group.argsort(kind="stable")
        self.line_groups = np.repeat(np.arange(len(moving)), [*map(len, moving)])[self._order]
        sizes = np.unique(group, return_counts=True)[1]
        self.group_sizes = tuple(sizes.tolist())
        rows = self._rows(sample)
        self.lowest = rows.min(0)
        self.extents = np.maximum.reduceat(np.ptp(rows, axis=0), np.cumsum(sizes) - sizes).repeat(sizes)

    def _rows(self, fillings: Sequence[Filling]) -> Float[np.ndarray, "N F"]:
        return np.concatenate([lines(fillings) for lines in self._lines], axis=1)[:, self._order]

    def _features(self, lines: Sequence[CoreLine]) -> Float[np.ndarray, "L _"]:
        """Return what the code decoder reads in each line: words, digits and sizes of all its tokens."""
        tokens = self.model.code_logits(encode(lines, self.model)).argmax(-1)
        return self.table[tokens].reshape(len(lines), -1)[:, self._columns]

    def _columns_of(self, kind: Sequence[int]) -> Int[np.ndarray, " _"]:
        """Return where a kind's features are in a line's, token after token."""
        return (np.arange(CORE_LINE_TOKENS)[:, None] * self.table.shape[1] + np.array(kind)).ravel()


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
