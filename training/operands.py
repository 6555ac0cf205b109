"""All operands that a step of arithmetic can meet, and the line and the state in which it meets them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from latent_repl.language.operators import STATUS_OK, TABLE
from latent_repl.language.vocabulary import LEFT, Vocabulary

Ids = NDArray[np.int64] | NDArray[np.int32]


def operand_values(vocabulary: Vocabulary, maximum: int) -> NDArray[np.int64]:
    """Return the ids of all values that an operand can have: False, True, 0, 1, -1, ..."""
    truths = [vocabulary.value_id(value) for value in (False, True)]
    return np.concatenate([truths, np.arange(vocabulary.value_id(0), vocabulary.active(maximum))])


def plain_line(vocabulary: Vocabulary, operator: str) -> list[int]:
    """Return the token ids of s0 = s1 operator s2, with as many operands as the operator has."""
    target, *operands = (vocabulary.ids[f"s{place}"] for place in range(3))
    arity = TABLE[operator].arity
    return [target, vocabulary.ids[operator], *operands[:arity], *[vocabulary.value_id(None)] * (2 - arity)]


def plain_states(vocabulary: Vocabulary, left: Ids, right: Ids) -> NDArray[np.int64]:
    """Return the token ids (N, S) of states that hold such values in s1 and s2, and nothing else."""
    states = np.full((len(left), vocabulary.slots + 1), vocabulary.value_id(None))
    states[:, 1], states[:, 2], states[:, -1] = left, right, vocabulary.status_id(STATUS_OK)
    return states


def literal_ids(vocabulary: Vocabulary) -> list[int]:
    """Return the ids of all values that a core line can write, `none` for an operand that there is not included."""
    return sorted(vocabulary.ids[word] for word in vocabulary.places[LEFT] if word not in vocabulary.addresses)
