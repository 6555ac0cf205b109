"""Moves as classes: only what has a say is asked, and what is asked can be chosen."""

from __future__ import annotations

import pytest

from latent_repl.language.moves import Move
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.fields import UNASKED, Fields

FIELDS = Fields(Vocabulary.fresh(slots=2, limit=199, rows=4), cells=8)


def asked(move: Move | None) -> dict[str, int]:
    return {name: number for name, number in FIELDS.classes(move).items() if number != UNASKED}


def test_arithmetic_and_errors_ask_for_nothing_else() -> None:
    assert asked(None) == {"moves": 0}
    assert asked(Move(status="TypeError")) == {"moves": 1, "status": 1}


def test_a_constant_is_asked_for_where_it_is_the_value() -> None:
    for constant in (True, "a", list, 8, 126):
        classes = asked(Move(value="constant", constant=constant))
        token = FIELDS.constants[classes.pop("constant")]
        assert token == {"a": "'a'", list: "list"}.get(constant, str(constant))
        assert classes == {"moves": 1, "status": 0, "value": 5, "writes": 0}


def test_a_written_row_asks_for_its_parts_that_are_there() -> None:
    empty = asked(Move(value="next", writes="new", kind="list"))
    assert {*empty} == {"moves", "status", "value", "writes", "kind", "split", "length", "place"}
    assert empty["place"] == 8, "no cell of it is replaced"
    whole = asked(Move(value="next", writes="new", kind="list", shift=2, split=3, tail="right", length=5))
    assert {*whole} - {*empty} == {"shift", "own_base", "backwards", "tail"}


def test_every_class_lies_within_its_field() -> None:
    move = Move(writes="own", kind="int", own_base=True, split=8, tail="left", length=8, place=7, shift=7)
    assert all(number < FIELDS.sizes[name] for name, number in FIELDS.classes(move).items())


def test_numbers_that_do_not_reach_all_code_points_are_refused() -> None:
    with pytest.raises(ValueError, match="rows need numbers to 126, the vocabulary has them to 99"):
        Fields(Vocabulary.fresh(slots=2, limit=99, rows=4), cells=8)
