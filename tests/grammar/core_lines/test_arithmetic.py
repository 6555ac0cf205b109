"""The vectorised operators agree with the oracle's single step on every operand pair."""

from __future__ import annotations

import numpy as np
import pytest

from grammar.core_lines.arithmetic import OPERATOR_INDEX, apply, held_out
from latent_repl.language.operators import BINARY_OPERATORS, COPY, DELETE, OPERATORS, STATUSES
from latent_repl.language.oracle.core_lines import step
from latent_repl.language.program import CoreLine, Slot

MAXIMUM = 9
VALUES = [*range(-MAXIMUM, MAXIMUM + 1), False, True]


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_pair_of_operands_has_the_oracles_result(operator: str) -> None:
    pairs = [(x, y) for x in VALUES for y in VALUES]
    x, y = (np.array([int(pair[side]) for pair in pairs]) for side in (0, 1))
    x_bool, y_bool = (np.array([isinstance(pair[side], bool) for pair in pairs]) for side in (0, 1))
    results = apply(np.full(len(pairs), OPERATOR_INDEX[operator]), x, x_bool, y, y_bool, maximum=MAXIMUM)
    for index, (left, right) in enumerate(pairs):
        line = CoreLine(Slot(2), operator, Slot(0), Slot(1) if operator in BINARY_OPERATORS else None)
        after, status = step(line, (left, right, 0), -MAXIMUM, MAXIMUM)
        assert STATUSES[results.status[index]] == status
        if status == "ok":
            number = int(results.numbers[index])
            mine = (bool(number) if results.bools[index] else number) if results.present[index] else None
            assert repr(mine) == repr(after[2])


def test_one_percent_of_each_operators_pairs_is_held_out() -> None:
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(-99, 100), np.arange(-99, 100)))
    for operator in range(len(BINARY_OPERATORS)):
        share = held_out(np.full(x.shape, operator), x, y).mean()
        assert 0.008 < share < 0.012
    assert not held_out(np.full(x.shape, OPERATOR_INDEX[COPY]), x, y).any()
    assert OPERATOR_INDEX[DELETE] >= len(BINARY_OPERATORS)
