"""Where the state encoder is told to put values: at their number features.

With learnt places, sums are learnt one by one, and the places go on moving while the executor aims at them. At number
features a sum is a rotation, and the places stand still from the first minutes on.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from latent_repl.language.operators import STATUSES
from latent_repl.language.values import Kind
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.features import number_row

# How far into the box [-1, 1]: tanh reaches its ends nowhere. Chosen.
REACH = 0.9


def anchors(vocabulary: Vocabulary, maximum: int) -> Float[np.ndarray, "A D"]:
    """Return the place of each active token in [-1, 1]: number features, then one dimension for each kind of token.

    The kinds are integer, bool, empty slot, and every status. Tokens that no slot holds are placed at the middle.
    """
    kinds = [*vocabulary.kinds, *STATUSES]
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


def _kind(vocabulary: Vocabulary, identifier: int) -> Kind | str:
    """Return the kind of a value, an empty slot's too; other tokens, such as a status, are their own kind."""
    return vocabulary.kind(identifier) or vocabulary.tokens[identifier]
