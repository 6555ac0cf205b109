"""Core lines with the values of their operands and results, without any state around them: arithmetic alone."""

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
    line_ids,
    operand_bools,
    operand_ids,
    sayable,
)
from latent_repl.language.vocabulary import Vocabulary

HARD = np.dtype([(name, np.int32) for name in ("operator", "left", "right", "bools", "literals")])
"""A pair that some model finds hard: the operator's index, what both operands count as, and which of them are bools and
which are literals: 1 the left, 2 the right one, 3 both. Numbers, since each vocabulary has ids of its own for them."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """B core lines on random slots.

    operators (B,): indices into OPERATORS. lines (B, 4): token ids. operands, results (B, 2): value ids of left and
    right, whether from a slot or literal; of value and status.
    """

    operators: NDArray[np.int64]
    lines: NDArray[np.int64]
    operands: NDArray[np.int64]
    results: NDArray[np.int64]


def sample_pairs(generator: np.random.Generator, mixture: Mixture, vocabulary: Vocabulary, count: int) -> Pairs:
    """Draw core lines with operand pairs as the mixture's first lines have them."""
    mixture = sayable(mixture, vocabulary)
    operators, x, y = draw_calls(generator, mixture, count)
    nothing, never = np.zeros((count, 1), np.int64), np.zeros((count, 1), np.bool_)
    nobody = SlotArrays(nothing, never, never)
    x_bool, y_bool = (operand_bools(generator, mixture, nobody, np.full(count, -1), number) for number in (x, y))
    return _pairs(
        generator,
        mixture,
        vocabulary,
        operators,
        (x, x_bool),
        (y, y_bool),
        generator.random((count, 2)) < mixture.literals,
    )


def hard_pairs(generator: np.random.Generator, mixture: Mixture, vocabulary: Vocabulary, hard: np.ndarray) -> Pairs:
    """Return core lines for pairs of dtype HARD."""
    bools, literals = (hard[name][:, None] & [1, 2] > 0 for name in ("bools", "literals"))
    left, right = ((hard[name].astype(np.int64), bools[:, side]) for side, name in enumerate(("left", "right")))
    return _pairs(generator, mixture, vocabulary, hard["operator"].astype(np.int64), left, right, literals)


def _pairs(
    generator: np.random.Generator,
    mixture: Mixture,
    vocabulary: Vocabulary,
    operators: Ints,
    left: tuple[Ints, Bools],
    right: tuple[Ints, Bools],
    literals: Bools,
) -> Pairs:
    """Return lines with these operands on random slots; literals (B, 2): which ones no slot holds."""
    encoder, count = Encoder(vocabulary), len(operators)
    results = apply(operators, *left, *right, maximum=mixture.maximum)
    values = encoder.values(results.numbers, results.bools, results.present)
    values = np.where(results.status == 0, values, encoder.none)
    slots = generator.integers(0, vocabulary.slots, (3, count))
    # One slot cannot hold two values.
    slots[2] = np.where(slots[1] == slots[2], (slots[2] + 1) % vocabulary.slots, slots[2])
    addresses = [np.where(literals[:, side], -1, slots[1 + side]) for side in range(2)]
    return Pairs(
        operators,
        line_ids(encoder, slots[0], operators, (addresses[0], *left), (addresses[1], *right)),
        np.stack(operand_ids(encoder, operators, left, right), axis=1),
        np.stack([values, encoder.status[results.status]], axis=1),
    )
