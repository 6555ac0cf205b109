"""Pairs of operands with their results, as many as there are, where a run's weights are: a GPU waits for no draw.

Rows of four token ids, left, right, value and status, lie one after another, operator by operator:

    even    every pair in range that ends well and is not held out, each once
    pool    a sample of the mixture, which draws small numbers, neighbours and errors more often
    hard    what mining has found
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from grammar.core_lines.arithmetic import held_out, valid_pairs
from grammar.core_lines.pairs import Pairs, pairs_of, sample_pairs
from grammar.core_lines.sample import Mixture
from latent_repl.language.operators import BINARY_OPERATORS, OPERATORS
from latent_repl.language.vocabulary import Vocabulary

# Draws of the mixture that a pool is made of. Chosen: three seconds' worth.
POOL = 1_000_000


class PairRows:
    """Rows (N, 4) sorted by operator, on a device."""

    def __init__(self, operators: np.ndarray, rows: np.ndarray, device: torch.device) -> None:
        """operators: of each row, in ascending order."""
        counts = np.bincount(operators, minlength=len(OPERATORS))
        self._rows = torch.from_numpy(rows.astype(np.int16)).to(device)
        self._counts = torch.from_numpy(counts).to(device)
        self._ends = torch.from_numpy(counts.cumsum()).to(device)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def has(self) -> Tensor:
        """Which operators have any row, one truth for each."""
        return self._counts > 0

    def of(self, operators: Int[Tensor, " B"]) -> Int[Tensor, "B 4"]:
        """Return a row of each of these operators, drawn evenly; every one must have some."""
        counts = self._counts[operators]
        places = (torch.rand(len(operators), device=counts.device, dtype=torch.float64) * counts).long()
        return self._rows[self._ends[operators] - counts + places].long()

    def any(self, count: int) -> tuple[Int[Tensor, " B"], Int[Tensor, "B 4"]]:
        """Return rows drawn evenly from all, and their operators."""
        places = torch.randint(len(self._rows), (count,), device=self._rows.device)
        return torch.bucketize(places, self._ends, right=True), self._rows[places].long()


def rows_of(pairs: Pairs, device: torch.device) -> PairRows:
    """Return pairs as rows."""
    order = np.argsort(pairs.operators, kind="stable")
    return PairRows(pairs.operators[order], np.concatenate([pairs.operands, pairs.results], 1)[order], device)


def pool(generator: np.random.Generator, mixture: Mixture, vocabulary: Vocabulary, device: torch.device) -> PairRows:
    """Return a sample of the mixture, in which each operator that it has comes up."""
    return rows_of(sample_pairs(generator, mixture, vocabulary, POOL), device)


@lru_cache(maxsize=1)
def every_pair(tokens: tuple[str, ...], maximum: int, device: torch.device) -> PairRows:
    """Return all pairs of numbers in range that end well and are not held out, of a vocabulary's operators."""
    vocabulary = Vocabulary(tokens)
    names = [name for name in BINARY_OPERATORS if name in vocabulary.operators]
    parts = [_every(name, vocabulary, maximum) for name in names]
    operators = np.repeat([OPERATORS.index(name) for name in names], [len(part) for part in parts])
    return PairRows(operators, np.concatenate(parts), device)


def _every(operator: str, vocabulary: Vocabulary, maximum: int) -> Int[np.ndarray, "N 4"]:
    index = OPERATORS.index(operator)
    left, right = (side - maximum for side in np.nonzero(valid_pairs(operator, maximum)[0]))
    operators = np.full(len(left), index)
    trained = ~held_out(operators, left, right)
    operators, left, right = operators[trained], left[trained], right[trained]
    never = np.zeros(len(left), np.bool_)
    pairs = pairs_of(vocabulary, maximum, operators, (left, never), (right, never))
    return np.concatenate([pairs.operands, pairs.results], 1).astype(np.int16)
