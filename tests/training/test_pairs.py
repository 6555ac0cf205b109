"""Pairs on the device: every pair that is trained on and none that is held out, with CPython's results."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from grammar.core_lines.arithmetic import held_out
from grammar.core_lines.sample import Mixture
from latent_repl.language.operators import BINARY_OPERATORS, OPERATORS, TABLE
from latent_repl.language.vocabulary import Vocabulary
from training.pairs import PairRows, every_pair, pool

VOCABULARY = Vocabulary.fresh(slots=2, limit=9)
CPU = torch.device("cpu")


@pytest.mark.parametrize("operator", ["+", "*", "//", "<", "max"])
def test_every_pair_in_range_that_is_not_held_out_comes_up_with_its_result(operator: str) -> None:
    rows, index = every_pair(VOCABULARY.tokens, 9, CPU), OPERATORS.index(operator)
    torch.manual_seed(0)
    drawn = rows.of(torch.full((20_000,), index))
    exact, numbers = TABLE[operator].exact, range(-9, 10)
    wanted = set()
    for left in numbers:
        for right in numbers:
            if (operator == "//" and right == 0) or held_out(*np.array([[index], [left], [right]]))[0]:
                continue
            if abs(result := exact(left, right)) <= 9:
                values = (VOCABULARY.value_id(value) for value in (left, right, result))
                wanted.add((*values, VOCABULARY.status_id("ok")))
    assert {tuple(row) for row in drawn.tolist()} == wanted


def test_only_operators_of_two_operands_have_every_pair() -> None:
    has = every_pair(VOCABULARY.tokens, 9, CPU).has.tolist()
    assert [name for name, there in zip(OPERATORS, has, strict=True) if there] == list(BINARY_OPERATORS)


def test_a_pool_has_every_operator_and_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.pairs.POOL", 20_000)
    rows = pool(np.random.default_rng(0), Mixture(maximum=9, errors=0.2), VOCABULARY, CPU)
    assert rows.has.all()
    _, drawn = rows.any(5000)
    assert 0.1 < (drawn[:, 3] != VOCABULARY.status_id("ok")).float().mean() < 0.3


def test_any_row_comes_with_its_operator() -> None:
    operators, rows = np.array([0, 0, 2]), np.array([[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]])
    torch.manual_seed(0)
    drawn, found = PairRows(operators, rows, CPU).any(100)
    assert {(operator, row[0]) for operator, row in zip(drawn.tolist(), found.tolist(), strict=True)} == {
        (0, 1),
        (0, 2),
        (2, 3),
    }
