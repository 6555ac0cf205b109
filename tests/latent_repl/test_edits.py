"""CPython's values in place of the model's: which slots they take, and what the history says."""

from __future__ import annotations

import pytest

from latent_repl.edits import with_values
from latent_repl.errors import CapacityError
from latent_repl.results import changes_between
from latent_repl.session import Session


def test_values_take_the_slots_that_their_names_have(live_session: Session) -> None:
    live_session.run("a = 1\nb = 2")
    now = live_session.timeline.now
    values = {"b": 5, "c": True}
    edited = with_values(now, values, changes_between(now.state, values), live_session._machine)
    assert edited.state == values
    assert edited.names["b"] == now.names["b"] and "a" not in edited.names
    assert edited.defined == frozenset(edited.names.values())
    assert edited.source.startswith("del a; b = 5; c = True  # edited")


def test_more_variables_than_slots_are_refused_with_both_numbers(live_session: Session) -> None:
    values = {f"v{number}": number for number in range(13)}
    with pytest.raises(CapacityError, match="13 variables, the checkpoint has 12 slots"):
        with_values(live_session.timeline.now, values, (), live_session._machine)
