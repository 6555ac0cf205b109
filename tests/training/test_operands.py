"""Operands are all values of the range, met in a plain line and a state that holds nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from latent_repl.language.program import CoreLine, Slot
from latent_repl.language.vocabulary import Vocabulary
from training.operands import operand_values, plain_line, plain_states

VOCABULARY = Vocabulary.fresh(slots=3, limit=9)


def test_operands_are_the_bools_and_the_integers_in_range() -> None:
    values = [VOCABULARY.value(int(each)) for each in operand_values(VOCABULARY, 2)]
    assert values == [False, True, 0, 1, -1, 2, -2]


@pytest.mark.parametrize(("operator", "operands"), [("+", (Slot(1), Slot(2))), ("neg", (Slot(1),)), ("del", ())])
def test_a_plain_line_has_as_many_operands_as_its_operator(operator: str, operands: tuple[Any, ...]) -> None:
    assert VOCABULARY.core_line(plain_line(VOCABULARY, operator)) == CoreLine(Slot(0), operator, *operands)


def test_a_plain_state_holds_the_operands_where_a_plain_line_reads_them() -> None:
    left, right = (np.array([VOCABULARY.value_id(number)]) for number in (3, -7))
    assert plain_states(VOCABULARY, left, right).tolist() == [VOCABULARY.state_ids([None, 3, -7])]
