"""Core lines of which many differ in one number alone, and how differently they behave.

    s1 = s0 + 3, s1 = s0 + 700, ...    s1 = 4 * s2, s1 = -20 * s2, ...    and so on, all writing the same slot

Two lines behave as differently as the values that they reach in the same states lie apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from grammar.core_lines.arithmetic import Ints, binary
from grammar.core_lines.numbers import log_uniform
from latent_repl.language.operators import BINARY_OPERATORS
from latent_repl.language.vocabulary import Vocabulary

# Groups, lines in each that differ in one number, and states that all are run in. Chosen.
GROUPS, NUMBERS, STATES = 8, 16, 32


class Behaviour(NamedTuple):
    """Lines (N, 4) as token ids, group after group, and how differently each two of them behave (N, N)."""

    lines: Int[Tensor, "N T"]
    distances: Float[Tensor, "N N"]


def draw_behaviour(generator: np.random.Generator, vocabulary: Vocabulary, maximum: int) -> Behaviour:
    """Return lines and their distances, each the mean of log(1 + |difference|) over all states."""
    states = _numbers(generator, (STATES, vocabulary.slots), maximum)
    groups = [_group(generator, vocabulary, states, maximum) for _ in range(GROUPS)]
    lines, reached = (np.concatenate(parts) for parts in zip(*groups, strict=True))
    lines[:, 0] = generator.choice(lines[:, 0])
    away = np.log1p(np.abs(reached[:, None] - reached[None])).mean(-1)
    return Behaviour(torch.from_numpy(lines), torch.from_numpy(away.astype(np.float32)))


def _group(
    generator: np.random.Generator, vocabulary: Vocabulary, states: Int[np.ndarray, "S V"], maximum: int
) -> tuple[Int[np.ndarray, "M T"], Int[np.ndarray, "M S"]]:
    """Return lines that differ in a number on one side of the operator, and the numbers that they reach."""
    symbol = generator.choice([each for each in BINARY_OPERATORS if each in vocabulary.operators])
    target, slot = generator.integers(vocabulary.slots, size=2)
    numbers, first = _numbers(generator, (NUMBERS, 1), maximum), vocabulary.ids["s0"]
    ids = np.array([vocabulary.value_id(number) for number in numbers[:, 0].tolist()])
    operands = [(np.full(NUMBERS, first + slot), states[None, :, slot]), (ids, numbers)]
    (left, x), (right, y) = operands if generator.random() < 0.5 else operands[::-1]
    words = [np.full(NUMBERS, first + target), np.full(NUMBERS, vocabulary.ids[symbol]), left, right]
    return np.stack(words, 1), binary(symbol, *np.broadcast_arrays(x, y))


def _numbers(generator: np.random.Generator, shape: tuple[int, int], maximum: int) -> Ints:
    """Draw numbers, half of them uniform, half log-uniform."""
    skewed = log_uniform(generator, shape[0] * shape[1], maximum).reshape(shape)
    return np.where(generator.random(shape) < 0.5, generator.integers(-maximum, maximum + 1, shape), skewed)


class Order(NamedTuple):
    """The correlation of distances with what they are to follow: inside groups, their mean, and over all pairs."""

    inside: Float[Tensor, ""]
    everywhere: Float[Tensor, ""]


def order(latents: Float[Tensor, "N C"], wanted: Float[Tensor, "N N"]) -> Order:
    """Return how far distances of latents follow how differently the lines of a draw behave."""
    distances = torch.cdist(latents, latents)
    groups = [slice(first, first + NUMBERS) for first in range(0, len(latents), NUMBERS)]
    inside = torch.stack([_correlation(distances[group, group], wanted[group, group]) for group in groups])
    return Order(inside.mean(), _correlation(distances, wanted))


def disorder(latents: Float[Tensor, "N C"], wanted: Float[Tensor, "N N"]) -> Float[Tensor, ""]:
    """Return 1 less the order, half of it inside groups."""
    return 1 - torch.stack(order(latents, wanted)).mean()


def _correlation(one: Float[Tensor, "M M"], other: Float[Tensor, "M M"]) -> Float[Tensor, ""]:
    """Return Pearson's, over all pairs of two."""
    above = torch.ones_like(one, dtype=torch.bool).triu(1)
    one, other = (each[above] - each[above].mean() for each in (one, other))
    return (one * other).sum() / (one.norm() * other.norm()).clamp_min(1e-6)
