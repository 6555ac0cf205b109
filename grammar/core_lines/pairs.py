"""Operators with the values of their operands and results, without any line or state around them: arithmetic alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammar.core_lines.arithmetic import Bools, Ints, apply
from grammar.core_lines.sample import (
    Encoder,
    Mixture,
    SlotArrays,
    draw_calls,
    operand_bools,
    operand_ids,
    sayable,
)
from latent_repl.language.vocabulary import Vocabulary

HARD = np.dtype([(name, np.int32) for name in ("operator", "left", "right", "bools")])
"""A pair that some model finds hard: the operator's index, what both operands count as, and which of them are bools: 1
the left, 2 the right one, 3 both. Numbers, since each vocabulary has ids of its own for them."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """What B core lines do: operators (B,), indices into OPERATORS; operands and results (B, 2), value ids of left and
    right, and of value and status."""

    operators: NDArray[np.int64]
    operands: NDArray[np.int64]
    results: NDArray[np.int64]


def sample_pairs(generator: np.random.Generator, mixture: Mixture, vocabulary: Vocabulary, count: int) -> Pairs:
    """Draw operators with operands as the mixture's first lines have them."""
    mixture = sayable(mixture, vocabulary)
    operators, x, y = draw_calls(generator, mixture, count)
    nothing, never = np.zeros((count, 1), np.int64), np.zeros((count, 1), np.bool_)
    nobody = SlotArrays(nothing, never, never)
    x_bool, y_bool = (operand_bools(generator, mixture, nobody, np.full(count, -1), number) for number in (x, y))
    return pairs_of(vocabulary, mixture.maximum, operators, (x, x_bool), (y, y_bool))


def hard_pairs(vocabulary: Vocabulary, maximum: int, hard: np.ndarray) -> Pairs:
    """Return pairs of dtype HARD, in the range to `maximum`."""
    bools = hard["bools"][:, None] & [1, 2] > 0
    left, right = ((hard[name].astype(np.int64), bools[:, side]) for side, name in enumerate(("left", "right")))
    return pairs_of(vocabulary, maximum, hard["operator"].astype(np.int64), left, right)


def pairs_of(
    vocabulary: Vocabulary, maximum: int, operators: Ints, left: tuple[Ints, Bools], right: tuple[Ints, Bools]
) -> Pairs:
    """Return operators, indices into OPERATORS, with operands: of each side the numbers, and which are bools."""
    encoder = Encoder(vocabulary)
    results = apply(operators, *left, *right, maximum=maximum)
    values = encoder.values(results.numbers, results.bools, results.present)
    values = np.where(results.status == 0, values, encoder.none)
    return Pairs(
        operators,
        np.stack(operand_ids(encoder, operators, left, right), axis=1),
        np.stack([values, encoder.status[results.status]], axis=1),
    )
