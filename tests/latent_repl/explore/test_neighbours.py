"""Neighbours, ways and differences in the latent spaces of the shipped checkpoint."""

from __future__ import annotations

import pytest

from latent_repl.errors import LxNameError, UsageError
from latent_repl.explore.neighbours import (
    NO_LINE,
    between_lines,
    between_states,
    decode_lines,
    differences,
    nearest_states,
)
from latent_repl.language.program import CoreLine, Slot
from latent_repl.machine import Machine
from latent_repl.session import Session


def test_encoded_lines_decode_to_themselves(live_session: Session) -> None:
    lines = [
        CoreLine(Slot(1), "+", Slot(0), 5),
        CoreLine(Slot(2), "copy", 7),
        CoreLine(Slot(3), "not", Slot(1)),
        CoreLine(Slot(0), "del"),
    ]
    decoded = decode_lines(live_session, Machine(live_session.model).code_latents(lines))
    assert [line for line, _ in decoded] == lines
    assert all(0.9 < confidence <= 1 for _, confidence in decoded)


def test_points_far_outside_are_still_told_apart_from_lines(live_session: Session) -> None:
    way = between_lines(live_session, "a = 1", "b = not True", count=5)
    assert (way[0].text, way[-1].text) == ("a = 1", "b = not True")
    assert all(point.text == NO_LINE or "=" in point.text or point.text.startswith("del") for point in way)


def test_a_way_between_states_begins_and_ends_there(live_session: Session) -> None:
    live_session.run("a = 1")
    live_session.run("a = 9")
    way = between_states(live_session, live_session.point(1), live_session.point(2), count=3)
    assert [point.share for point in way] == [0, 0.5, 1]
    assert (way[0].text, way[-1].text) == ("a = 1", "a = 9")


def test_known_states_are_those_passed_and_those_next_to_this_one(live_session: Session) -> None:
    live_session.run("a = 17")
    near = nearest_states(live_session, count=3000)
    assert near[0].text == "a = 17"
    assert {"no variables", "a = 16", "a = -999"} <= {neighbour.text for neighbour in near}


def test_going_back_changes_no_latent(live_session: Session) -> None:
    live_session.run("a = 1")
    before = live_session.point(1)
    live_session.run("a = 2")
    live_session.undo()
    assert differences(before, live_session.point(1)) == []
    assert [row.name for row in differences(before, live_session.point(2))] == ["a"]


def test_lines_that_cannot_be_one_point(live_session: Session) -> None:
    with pytest.raises(UsageError, match="2 core lines"):
        between_lines(live_session, "a = 1 + 2 * 3", "a = 1")
    with pytest.raises(LxNameError):
        between_lines(live_session, "a = nowhere", "a = 1")
