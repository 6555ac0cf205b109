"""Pairs are what the oracle makes of the same operands written as literals."""

from __future__ import annotations

import numpy as np

from grammar.core_lines.pairs import HARD, hard_pairs, sample_pairs
from grammar.core_lines.sample import Mixture
from latent_repl.language.operators import OPERATORS
from latent_repl.language.oracle.core_lines import step
from latent_repl.language.vocabulary import Vocabulary

VOCABULARY = Vocabulary.fresh(slots=2, limit=999)


def test_the_oracle_agrees_with_every_pair() -> None:
    pairs = sample_pairs(np.random.default_rng(0), Mixture(maximum=999, steep=0.4), VOCABULARY, 2000)
    held = (5, None)
    for operator, operands, (result, status) in zip(pairs.operators, pairs.operands, pairs.results, strict=True):
        line = VOCABULARY.core_line([VOCABULARY.ids["s0"], VOCABULARY.ids[OPERATORS[operator]], *operands.tolist()])
        assert line is not None
        exact, error = step(line, held, -999, 999)
        assert VOCABULARY.status(int(status)) == error
        assert repr(VOCABULARY.value(int(result))) == repr(exact[0] if error == "ok" else None)


def test_hard_pairs_are_just_these_operands() -> None:
    hard = np.array([(OPERATORS.index("%"), 73, 1, 2)] * 50, HARD)
    pairs = hard_pairs(VOCABULARY, 999, hard)
    assert (pairs.operands == [VOCABULARY.value_id(value) for value in (73, True)]).all()
    assert {VOCABULARY.value(int(result)) for result in pairs.results[:, 0]} == {0}


def test_steep_pairs_are_the_divisions_of_large_numbers_by_small_ones() -> None:
    weights = tuple(float(operator == "//") for operator in OPERATORS)
    shares = []
    for steep in (0.0, 1.0):
        mixture = Mixture(maximum=999, steep=steep, weights=weights, errors=0.0)
        pairs = sample_pairs(np.random.default_rng(2), mixture, VOCABULARY, 2000)
        numbers = np.array([[VOCABULARY.integer_of(int(token)) for token in row] for row in pairs.operands])
        quotient = np.abs(numbers[:, 0]) // np.maximum(1, np.abs(numbers[:, 1]))
        shares.append(((quotient >= 4) & (quotient < 64) & (np.abs(numbers[:, 1]) >= 5)).mean())
    assert shares[1] > 1.5 * shares[0]
