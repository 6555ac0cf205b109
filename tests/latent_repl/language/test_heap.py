"""Reclaiming keeps what is reached, aliases and cycles included."""

from __future__ import annotations

from latent_repl.language.heap import reached, reclaimed
from latent_repl.language.values import Reference, Row


def test_reclaiming_drops_what_no_frame_reaches_and_moves_the_others_up() -> None:
    rows = (Row("str"), Row("list", (Reference(2), 5)), Row("tuple", (Reference(1),)), Row("dict"))
    frames, kept = reclaimed([(None, Reference(2)), (7, Reference(1))], rows)
    assert frames == [(None, Reference(1)), (7, Reference(0))]
    assert kept == (Row("list", (Reference(1), 5)), Row("tuple", (Reference(0),)))
    assert reached([(Reference(3),)], rows) == {3}
