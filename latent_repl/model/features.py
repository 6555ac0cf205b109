"""Numbers as Fourier features: embeddings and logits are linear in one fixed table.

Source: FoNE (Zhou et al., 2025), "Fourier number embedding"; here the table also holds value, magnitude, sign and
zero, and serves the output: logits = predicted coefficients times the same table.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from latent_repl.language.values import INT
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.shapes import Float, Int

# Chosen: digits (2, 5, 10, 100, 1000), small moduli for % and //, and wide periods for size. What checkpoints have that
# do not say otherwise; the shipped one's are in its config.
PERIODS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 20, 50, 100, 200, 500, 1000, 2000, 4000)
# Features before those of the periods.
SIZES = 5
# Periods from here on tell a number's size rather than its digits. Chosen.
LONG = 1000


def number_rows(
    numbers: Int[np.ndarray, " N"], limit: int, periods: Sequence[int] = PERIODS
) -> Float[np.ndarray, "N F"]:
    """Return the features of numbers: 1, value, magnitude, sign, zero, then cos and sin at each period.

    >>> number_rows(np.array([0]), 999)[0, :5].tolist()
    [1.0, 0.0, 0.0, 0.0, 1.0]
    """
    magnitudes = np.log1p(np.abs(numbers)) / np.log1p(limit)
    sizes = np.stack([np.ones(len(numbers)), numbers / limit, magnitudes, np.sign(numbers), numbers == 0], axis=1)
    angles = 2 * np.pi * numbers[:, None] / np.array(periods)
    return np.concatenate(
        [sizes, np.stack([np.cos(angles), np.sin(angles)], axis=-1).reshape(len(numbers), -1)], axis=1
    )


def feature_table(
    vocabulary: Vocabulary, *, number_features: bool, periods: Sequence[int] = PERIODS
) -> Float[np.ndarray, "V F"]:
    """Return one row a token: one-hot for symbols, number features for integers, both for False and True.

    Without number features every token is one-hot: that similar values are alike must then be learnt.
    """
    if not number_features:
        return np.eye(len(vocabulary), dtype=np.float32)
    symbols = np.eye(len(vocabulary), len(vocabulary.symbols), dtype=np.float32)
    numbers = np.zeros((len(vocabulary), SIZES + 2 * len(periods)), dtype=np.float32)
    counted = [place for place in range(len(vocabulary)) if vocabulary.integer_of(place) is not None]
    integers = np.array([vocabulary.integer_of(place) for place in counted])
    numbers[counted] = number_rows(integers, vocabulary.limit, periods)
    numbers[counted, 0] = [vocabulary.kind(place) is INT for place in counted]
    return np.concatenate([symbols, numbers], axis=1)


def feature_kinds(vocabulary: Vocabulary) -> list[list[int]]:
    """Return which columns of the feature table tell words, sizes, and digits (periods below LONG)."""
    words = len(vocabulary.symbols)
    first = words + SIZES
    long = [first + 2 * place + part for place, period in enumerate(PERIODS) if period >= LONG for part in (0, 1)]
    sizes = [*range(words, first), *long]
    return [[*range(words)], sizes, [column for column in range(first, first + 2 * len(PERIODS)) if column not in long]]
