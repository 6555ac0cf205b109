"""Pairs are what the oracle makes of the same operands written as literals; their templates have their operators."""

from __future__ import annotations

import numpy as np

from grammar.core_lines.pairs import sample_pairs
from grammar.core_lines.sample import Mixture
from latent_repl.language.oracle.core_lines import step
from latent_repl.language.program import OPERATORS
from latent_repl.language.vocabulary import Vocabulary

VOCABULARY = Vocabulary(slots=2, limit=999)


def test_the_oracle_agrees_with_every_pair() -> None:
    pairs = sample_pairs(np.random.default_rng(0), Mixture(maximum=999, steep=0.4), VOCABULARY, 2000)
    held = (5, None)
    for operator, operands, (result, status) in zip(pairs.operators, pairs.operands, pairs.results, strict=True):
        line = VOCABULARY.core_line(
            np.array([VOCABULARY.ids["s0"], VOCABULARY.ids[OPERATORS[operator]], operands[0], operands[1]])
        )
        assert line is not None
        exact, error = step(line, held, -999, 999)
        assert VOCABULARY.status(int(status)) == error
        assert repr(VOCABULARY.value(int(result))) == repr(exact[0] if error == "ok" else None)


def test_a_template_has_the_operator_that_it_stands_for() -> None:
    pairs = sample_pairs(np.random.default_rng(1), Mixture(maximum=999), VOCABULARY, 500)
    wanted = [VOCABULARY.ids[OPERATORS[operator]] for operator in pairs.operators]
    assert pairs.templates[pairs.chosen, 1].tolist() == wanted
    assert all(VOCABULARY.core_line(template) is not None for template in pairs.templates)


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
