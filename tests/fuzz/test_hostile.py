"""Every text of the catalogue has its right answer by exact execution; the module's own command asks the model."""

from __future__ import annotations

import pytest

from tests.fuzz.hostile import HOSTILE, exact_answer, is_right, refused, shows


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_every_hostile_text_has_its_right_answer(kind: str) -> None:
    wrong = [
        (given.text[:80], given.end, given.words[:80])
        for wanted in HOSTILE[kind]
        if not is_right(given := exact_answer(wanted.text), wanted)
    ]
    assert wrong == []


def test_the_catalogue_is_long_and_says_nothing_twice() -> None:
    texts = [each.text for every in HOSTILE.values() for each in every]
    assert len(texts) >= 300
    assert len({*texts}) == len(texts)


def test_a_wrong_answer_is_told_from_a_right_one() -> None:
    [given], [other] = shows("1", "1"), refused("1", "1")
    assert is_right(exact_answer("1"), given)
    assert not is_right(exact_answer("2"), given)
    assert not is_right(exact_answer("1"), other)
