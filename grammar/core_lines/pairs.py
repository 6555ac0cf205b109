"""Operators with the values of their operands and results, without any state around them: arithmetic alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammar.core_lines.arithmetic import apply
from grammar.core_lines.sample import Encoder, Mixture, Values, draw_calls, line_ids, operand_bools, operand_ids
from latent_repl.language.program import OPERATORS
from latent_repl.language.vocabulary import Vocabulary

# Core lines of each operator among the templates. Chosen.
TEMPLATES = 4


@dataclass(frozen=True, slots=True)
class Pairs:
    """B operators on operand pairs.

    operators (B,): indices into OPERATORS. operands, results (B, 2): value ids of left and right; of value and status.
    templates (M, 4): token ids of core lines on random slots; chosen (B,): which of them has the operator.
    """

    operators: NDArray[np.int64]
    operands: NDArray[np.int64]
    results: NDArray[np.int64]
    templates: NDArray[np.int64]
    chosen: NDArray[np.int64]


def sample_pairs(generator: np.random.Generator, mixture: Mixture, vocabulary: Vocabulary, count: int) -> Pairs:
    """Draw operators and operand pairs as the mixture's first lines have them."""
    encoder = Encoder(vocabulary)
    operators, x, y = draw_calls(generator, mixture, count)
    nothing, never = np.zeros((count, 1), np.int64), np.zeros((count, 1), np.bool_)
    nobody = Values(nothing, never, never)
    x_bool, y_bool = (operand_bools(generator, mixture, nobody, np.full(count, -1), number) for number in (x, y))
    results = apply(operators, x, x_bool, y, y_bool, maximum=mixture.maximum)
    values = encoder.values(results.numbers, results.bools, results.present)
    values = np.where(results.status == 0, values, encoder.none)
    every = np.repeat(np.arange(len(OPERATORS)), TEMPLATES)
    slots = generator.integers(0, vocabulary.slots, (3, len(every)))
    addresses = [(address, np.zeros_like(every), np.zeros_like(every, np.bool_)) for address in slots[1:]]
    return Pairs(
        operators,
        np.stack(operand_ids(encoder, operators, (x, x_bool), (y, y_bool)), axis=1),
        np.stack([values, encoder.status[results.status]], axis=1),
        line_ids(encoder, slots[0], every, addresses[0], addresses[1]),
        operators * TEMPLATES + generator.integers(0, TEMPLATES, count),
    )
