"""Lines of every form have their operands where the form says."""

from __future__ import annotations

import numpy as np
import pytest

from latent_repl.language.vocabulary import Vocabulary
from training.readings import form_lines, forms_of, operand_values

VOCABULARY = Vocabulary.fresh(slots=3, limit=9)


def test_an_operator_has_a_form_for_each_way_to_give_its_operands() -> None:
    assert forms_of("+") == ("vv", "vl", "lv", "ll")
    assert forms_of("neg") == ("v", "l")
    assert forms_of("del") == ("",)


def test_operands_are_the_bools_and_the_integers_in_range() -> None:
    values = [VOCABULARY.value(int(each)) for each in operand_values(VOCABULARY, 2)]
    assert values == [False, True, 0, 1, -1, 2, -2]


@pytest.mark.parametrize(
    ("form", "left", "right"), [("vv", "s1", "s2"), ("vl", "s1", 7), ("lv", 3, "s2"), ("ll", 3, 7)]
)
def test_a_line_reads_variables_at_their_slots_and_literals_as_they_are(
    form: str, left: str | int, right: str | int
) -> None:
    values = [np.array([VOCABULARY.value_id(number)]) for number in (3, 7)]
    (line,) = form_lines(VOCABULARY, "+", form, values[0], values[1])
    wanted = [VOCABULARY.ids[each] if isinstance(each, str) else VOCABULARY.value_id(each) for each in (left, right)]
    assert line.tolist() == [VOCABULARY.ids["s0"], VOCABULARY.ids["+"], *wanted]
