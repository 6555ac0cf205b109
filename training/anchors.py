"""Where the state encoder is told to put values: at their number features.

With learnt places, sums are learnt one by one, and the places go on moving while the executor aims at them. At number
features a sum is a rotation, and the places stand still from the first minutes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from latent_repl.language.operators import ROW_STATUSES, STATUSES
from latent_repl.language.values import CHAR, KIND, NONE_TYPE, REFERENCE, ROW_VALUES, Kind, Reference
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.features import PERIODS, number_rows

# How far into the box [-1, 1]: tanh reaches its ends nowhere. Chosen.
REACH = 0.9
# Between kinds, and between statuses, that are told apart by number features. Chosen.
APART = 7
# Signs in the dimensions of the old kinds and statuses, three or more of them apart from every old one. Chosen.
_SIGNS: Mapping[Kind | str, str] = {
    **{CHAR: "++++--", REFERENCE: "++++++", KIND: "--++++", NONE_TYPE: "+--+++"},
    **dict.fromkeys(ROW_STATUSES, "++--++"),
}


def anchors(vocabulary: Vocabulary, maximum: int, periods: Sequence[int] = PERIODS) -> Float[np.ndarray, "A D"]:
    """Return the place of each active token in [-1, 1]: number features, then one dimension for each kind of token.

    The kinds are integer, bool, empty slot, and every status of a step on numbers. What only rows need has no dimension
    of its own: several of these together say what it is. Tokens that no slot holds are placed at the middle.
    """
    kinds = [*(kind for kind in vocabulary.kinds if kind not in ROW_VALUES), *STATUSES]
    features = number_rows(np.array([0]), vocabulary.limit, periods).shape[1] - 1
    places = np.zeros((vocabulary.active(maximum), features + len(kinds)), np.float32)
    for identifier in range(len(places)):
        kind, number = _kind(vocabulary, identifier), _number(vocabulary, identifier)
        signs = _SIGNS.get(kind) or "".join("+" if kind == each else "-" for each in kinds)
        if "+" not in signs:
            continue
        if number is not None:
            places[identifier, :features] = number_rows(np.array([number]), vocabulary.limit, periods)[0, 1:]
        places[identifier, features:] = [1.0 if sign == "+" else -1.0 for sign in signs]
    return REACH * places


def _number(vocabulary: Vocabulary, identifier: int) -> int | None:
    """Return the number by whose features a token lies: what it counts as, its code point, or its place in order."""
    value, token = vocabulary.value(identifier), vocabulary.tokens[identifier]
    match value:
        case Reference():
            return value.index
        case str():
            return ord(value)
        case type():
            return APART * [*KIND.words].index(token)
    return APART * ROW_STATUSES.index(token) if token in ROW_STATUSES else vocabulary.integer_of(identifier)


def _kind(vocabulary: Vocabulary, identifier: int) -> Kind | str:
    """Return the kind of a value, an empty slot's too; other tokens, such as a status, are their own kind."""
    return vocabulary.kind(identifier) or vocabulary.tokens[identifier]
