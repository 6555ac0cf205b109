"""Numbers as Fourier features: embeddings and logits are linear in one fixed table.

Source: FoNE (Zhou et al., 2025), "Fourier number embedding"; here the table also holds value, magnitude, sign and
zero, and serves the output: logits = predicted coefficients times the same table.
"""

from __future__ import annotations

import math

import numpy as np

from latent_repl.language.values import INT
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.shapes import Float

# Chosen: digits (2, 5, 10, 100, 1000), small moduli for % and //, and wide periods for size.
PERIODS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 20, 50, 100, 200, 500, 1000, 2000, 4000)
# Periods from here on tell a number's size rather than its digits. Chosen.
LONG = 1000


def number_row(number: int, limit: int) -> list[float]:
    """Return the features of one number: 1, value, magnitude, sign, zero, then cos and sin at each period.

    >>> number_row(0, 999)[:5]
    [1.0, 0.0, 0.0, 0.0, 1.0]
    """
    magnitude = math.log1p(abs(number)) / math.log1p(limit)
    row = [1.0, number / limit, magnitude, float((number > 0) - (number < 0)), float(number == 0)]
    for period in PERIODS:
        angle = 2 * math.pi * number / period
        row += [math.cos(angle), math.sin(angle)]
    return row


def feature_table(vocabulary: Vocabulary, *, number_features: bool) -> Float[np.ndarray, "V F"]:
    """Return one row a token: one-hot for symbols, number features for integers, both for False and True.

    Without number features every token is one-hot: that similar values are alike must then be learnt.
    """
    if not number_features:
        return np.eye(len(vocabulary), dtype=np.float32)
    symbols = np.eye(len(vocabulary), len(vocabulary.symbols), dtype=np.float32)
    width = len(number_row(0, vocabulary.limit))
    numbers = np.zeros((len(vocabulary), width), dtype=np.float32)
    for identifier in range(len(vocabulary)):
        integer = vocabulary.integer_of(identifier)
        if integer is not None:
            numbers[identifier] = number_row(integer, vocabulary.limit)
            numbers[identifier, 0] = float(vocabulary.kind(identifier) is INT)
    return np.concatenate([symbols, numbers], axis=1)


def feature_kinds(vocabulary: Vocabulary) -> list[list[int]]:
    """Return which columns of the feature table tell words, sizes, and digits (periods below LONG)."""
    words = len(vocabulary.symbols)
    first = words + len(number_row(0, vocabulary.limit)) - 2 * len(PERIODS)
    long = [first + 2 * place + part for place, period in enumerate(PERIODS) if period >= LONG for part in (0, 1)]
    sizes = [*range(words, first), *long]
    return [[*range(words)], sizes, [column for column in range(first, first + 2 * len(PERIODS)) if column not in long]]
