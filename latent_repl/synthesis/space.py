"""The fillings of a problem's holes, and the points in code latent space where they lie."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from latent_repl.language.nodes import CoreLine, Hole, Operand, Slot
from latent_repl.language.tokens import Vocabulary

Fill = int | Slot
Filling = tuple[Fill, ...]


@runtime_checkable
class CodeEncoder(Protocol):
    """What a space needs of the model."""

    vocabulary: Vocabulary

    def encode_code(self, ids: Int[np.ndarray, "B T"]) -> Float[np.ndarray, "B C"]:
        """Return the code latents of core lines."""


def fill_line(line: CoreLine, filling: Filling) -> CoreLine:
    """Return the core line with its holes filled.

    >>> str(fill_line(CoreLine(Slot(1), "+", Slot(0), Hole(0)), (-53,)))
    's1 = s0 + -53'
    """
    return replace(line, left=_fill_operand(line.left, filling), right=_fill_operand(line.right, filling))


def _fill_operand(operand: Operand | None, filling: Filling) -> Operand | None:
    return filling[operand.number] if isinstance(operand, Hole) else operand


@dataclass(frozen=True)
class Space:
    """Every filling of a template.

    domains: what may fill each hole, likeliest first.
    lines: the core lines that hold holes.
    """

    domains: tuple[tuple[Fill, ...], ...]
    lines: tuple[CoreLine, ...]

    @property
    def size(self) -> int:
        """Number of fillings."""
        return prod(len(domain) for domain in self.domains)

    def at(self, index: int) -> Filling:
        """Return one filling, 0 <= index < size; the last hole changes fastest."""
        fills: list[Fill] = []
        for domain in reversed(self.domains):
            index, place = divmod(index, len(domain))
            fills.append(domain[place])
        return tuple(reversed(fills))

    def __iter__(self) -> Iterator[Filling]:
        return (self.at(index) for index in range(self.size))

    def uniform(self, generator: random.Random) -> Filling:
        """Draw a filling; all are equally likely."""
        return tuple(generator.choice(domain) for domain in self.domains)

    def likely(self, generator: random.Random) -> Filling:
        """Draw each fill as programs use them: half uniform, half by rank, the first ranks often (log-uniform)."""
        return tuple(
            generator.choice(domain)
            if generator.random() < 0.5
            else domain[min(int(len(domain) ** generator.random()), len(domain)) - 1]
            for domain in self.domains
        )

    def latents(self, fillings: Sequence[Filling], model: CodeEncoder) -> Float[np.ndarray, "N F"]:
        """Return the code latents of the filled core lines, one after the other, in float64."""
        columns = [encode([fill_line(line, filling) for filling in fillings], model) for line in self.lines]
        return np.concatenate(columns, axis=1).astype(np.float64)


def encode(lines: Sequence[CoreLine], model: CodeEncoder) -> Float[np.ndarray, "N C"]:
    """Return the code latents of core lines, encoding equal lines once."""
    places = {line: place for place, line in enumerate(dict.fromkeys(lines))}
    ids = np.array([model.vocabulary.core_line_ids(line) for line in places])
    return model.encode_code(ids)[[places[line] for line in lines]]
