"""Where the state encoder is told to put values: at their number features.

With learnt places, sums are learnt one by one, and the places go on moving while the executor aims at them. At number
features a sum is a rotation, and the places stand still from the first minutes on.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from latent_repl.language.operators import STATUSES
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.features import number_row

# How far into the box [-1, 1]: tanh reaches its ends nowhere. Chosen.
REACH = 0.9


def anchors(vocabulary: Vocabulary, maximum: int) -> Float[np.ndarray, "A D"]:
    """Return the place of each active token in [-1, 1]: number features, then one dimension for each kind of token.

    The kinds are integer, bool, empty slot, and every status. Tokens that no slot holds are placed at the middle.
    """
    kinds = ["integer", "bool", None, *STATUSES]
    features = len(number_row(0, vocabulary.limit)) - 1
    places = np.zeros((vocabulary.active(maximum), features + len(kinds)), np.float32)
    for identifier in range(len(places)):
        kind, number = _kind(vocabulary, identifier), vocabulary.integer_of(identifier)
        if kind not in kinds:
            continue
        if number is not None:
            places[identifier, :features] = number_row(number, vocabulary.limit)[1:]
        places[identifier, features:] = [1.0 if kind == each else -1.0 for each in kinds]
    return REACH * places


def _kind(vocabulary: Vocabulary, identifier: int) -> str | None:
    """Return the kind of a value, the status itself, or None for an empty slot; other tokens are their own kind."""
    if identifier == vocabulary.value_id(None):
        return None
    value = vocabulary.value(identifier)
    if value is None:
        return vocabulary.tokens[identifier]
    return "bool" if isinstance(value, bool) else "integer"
