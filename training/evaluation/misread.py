"""Does the code decoder read lines as they were written, and the state decoder tokens?

A line has too many combinations of parts to read all. So each part there is, target, slot and literal, is read in a
line of each operator, the rest of which is plain, and each literal is put into each slot; whole lines are drawn
(`training/rows/exhaustive.py`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from latent_repl.language.operators import COPY, ROW_STATUSES, STATUSES, TABLE
from latent_repl.language.vocabulary import OPERATOR, PLACES, TARGET, Vocabulary
from latent_repl.model.inference.interpreter import NumpyInterpreter
from training.operands import literal_ids, plain_line

# Lines that are read at once; nats by which a token has to lead. Chosen.
CHUNK, MARGIN = 2048, 2.0


def part_lines(vocabulary: Vocabulary, operator: str, maximum: int) -> NDArray[np.int64]:
    """Return the token ids (N, 4) of the lines of an operator that differ from its plain one in one part."""
    plain, active, none = plain_line(vocabulary, operator), vocabulary.active(maximum), vocabulary.value_id(None)
    lines = []
    for place in PLACES:
        if place == TARGET or 0 < place - OPERATOR <= TABLE[operator].arity:
            ids = sorted(vocabulary.ids[word] for word in vocabulary.places[place])
            words = [each for each in ids if each < active and each != none]
            lines += [[*plain[:place], word, *plain[place + 1 :]] for word in words]
    return np.array(lines)


def literal_lines(vocabulary: Vocabulary, maximum: int) -> NDArray[np.int64]:
    """Return the token ids (N, 4) of the lines that put a literal into a slot: all of them."""
    active, none = vocabulary.active(maximum), vocabulary.value_id(None)
    literals = [each for each in literal_ids(vocabulary) if each < active and each != none]
    places = [vocabulary.ids["s0"] + slot for slot in range(vocabulary.slots)]
    return np.array([[place, vocabulary.ids[COPY], each, none] for place in places for each in literals])


def misread_lines(model: NumpyInterpreter, lines: NDArray[np.int64]) -> int:
    """Return how many lines are read wrong in any part."""
    parts = (lines[start : start + CHUNK] for start in range(0, len(lines), CHUNK))
    return sum(int((model.executor.reader.words(model.encode_code(part)) != part).any(1).sum()) for part in parts)


def misread_figures(model: NumpyInterpreter) -> dict[str, int]:
    """Return how many lines of parts and of literals there are, and how many of them are misread."""
    maximum = model.config.maximum
    every = [part_lines(model.vocabulary, operator, maximum) for operator in model.vocabulary.operators]
    every.append(literal_lines(model.vocabulary, maximum))
    return {"lines": sum(map(len, every)), "misread": sum(misread_lines(model, lines) for lines in every)}


def held_tokens(vocabulary: Vocabulary) -> list[int]:
    """Return the ids of what cells, headers of rows and statuses hold."""
    words = {*STATUSES, *ROW_STATUSES}
    return [each for each, token in enumerate(vocabulary.tokens) if vocabulary.kind(each) or token in words]


def misdecoded_tokens(model: NumpyInterpreter) -> dict[str, float]:
    """Return the tokens that cells, headers and statuses hold and that do not decode to themselves by MARGIN nats, with
    by how many they do."""
    vocabulary, ids = model.vocabulary, held_tokens(model.vocabulary)
    logits = model.state_logits(model.encode_states(np.array([ids])))[0]
    own = logits[np.arange(len(ids)), ids]
    logits[np.arange(len(ids)), ids] = -np.inf
    leads = own - logits.max(-1)
    return {vocabulary.tokens[each]: float(lead) for each, lead in zip(ids, leads, strict=True) if lead < MARGIN}
