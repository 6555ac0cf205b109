"""Cells and rows stand for Python values; reclaiming keeps what is reached, aliases and cycles included."""

from __future__ import annotations

from latent_repl.language.heap import reached, reclaimed, value_of
from latent_repl.language.values import NOTHING, Reference, Row


def test_cells_stand_for_the_values_of_python() -> None:
    rows = (
        Row("list", (1, Reference(1), NOTHING)),
        Row("str", ("a", "b")),
        Row("dict", ("k", Reference(3))),
        Row("tuple"),
    )
    assert value_of(Reference(0), rows) == [1, "ab", None]
    assert value_of(Reference(2), rows) == {"k": ()}
    assert [value_of(cell, rows) for cell in (True, "x", NOTHING, None)] == [True, "x", None, None]
    assert value_of(Reference(0), (Row("int", (-1, 0, 0, 0, 1)),)) == -1000


def test_a_row_that_holds_itself_becomes_such_a_value() -> None:
    value = value_of(Reference(0), (Row("list", (1, Reference(0))),))
    assert value[1] is value


def test_one_row_is_one_value_wherever_it_is_referred_to() -> None:
    pair = value_of(Reference(0), (Row("list", (Reference(1), Reference(1))), Row("list", (1,))))
    assert pair[0] is pair[1]


def test_reclaiming_drops_what_no_frame_reaches_and_moves_the_others_up() -> None:
    rows = (Row("str"), Row("list", (Reference(2), 5)), Row("tuple", (Reference(1),)), Row("dict"))
    frames, kept = reclaimed([(None, Reference(2)), (7, Reference(1))], rows)
    assert frames == [(None, Reference(1)), (7, Reference(0))]
    assert kept == (Row("list", (Reference(1), 5)), Row("tuple", (Reference(0),)))
    assert reached([(Reference(3),)], rows) == {3}
