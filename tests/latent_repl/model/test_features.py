"""Numbers as features: different for each, alike for False and 0 but for one column."""

from __future__ import annotations

import numpy as np
import pytest

from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.features import feature_kinds, feature_table, number_rows

VOCABULARY = Vocabulary.fresh(slots=2, limit=99)


def test_no_two_tokens_have_the_same_features() -> None:
    table = feature_table(VOCABULARY, number_features=True)
    assert len(np.unique(table, axis=0)) == len(table) == len(VOCABULARY)


def test_value_sign_and_zero_are_read_off() -> None:
    rows = number_rows(np.array([0, -99]), 99)[:, :5]
    assert rows == pytest.approx(np.array([[1, 0, 0, 0, 1], [1, -1, 1, -1, 0]]))


def test_numbers_share_their_digits_columns() -> None:
    _, _, digits = feature_kinds(VOCABULARY)
    table = feature_table(VOCABULARY, number_features=True)
    at = {number: table[VOCABULARY.value_id(number)] for number in (3, 13, 14)}
    near, far = (np.linalg.norm(at[3][digits] - at[number][digits]) for number in (13, 14))
    assert near < far


def test_the_kinds_of_columns_are_all_columns_once() -> None:
    columns = [column for kind in feature_kinds(VOCABULARY) for column in kind]
    width = feature_table(VOCABULARY, number_features=True).shape[1]
    assert sorted(columns) == [*range(width)]


def test_without_number_features_every_token_is_one_hot() -> None:
    assert (feature_table(VOCABULARY, number_features=False) == np.eye(len(VOCABULARY))).all()
