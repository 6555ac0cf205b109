"""CPython's values in place of the model's: which slots they take, and what the history says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from latent_repl.edits import with_values
from latent_repl.errors import CapacityError, LxNameError, LxSyntaxError, UsageError
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
    values = {f"v{number}": number for number in range(17)}
    with pytest.raises(CapacityError, match="17 variables, but the checkpoint has 16 slots: delete some"):
        with_values(live_session.timeline.now, values, (), live_session._machine)


def test_a_value_takes_its_cell_and_leaves_every_other_latent_as_it_was(live_session: Session) -> None:
    live_session.run("a = 1\nb = [2]\nc = b")
    before = live_session.timeline.now
    [change] = live_session.set("a = 7")
    after, slot = live_session.timeline.now, before.names["a"].index
    assert (change.name, change.before, change.after) == ("a", 1, 7)
    assert live_session.state == live_session.exact == {"a": 7, "b": [2], "c": [2]}
    assert after.edited and after.source == "a = 7  # edited, not executed" and not before.edited
    assert np.array_equal(np.delete(after.latents, slot, 0), np.delete(before.latents, slot, 0))
    assert before.heap is not None and after.heap is not None
    assert all(map(np.array_equal, before.heap.rows, after.heap.rows))
    live_session.undo()
    assert live_session.timeline.now is before


def test_rows_are_put_behind_those_there_are_and_what_follows_runs_on_them(live_session: Session) -> None:
    live_session.run("x = [1, 2]\ny = x")
    live_session.set("z = ['cat', (3, {'k': None})]")
    assert live_session.state == {"x": [1, 2], "y": [1, 2], "z": ["cat", (3, {"k": None})]}
    result = live_session.run("y.append(len(z))\nz[0] = z[0].upper()")
    assert live_session.state["x"] == [1, 2, 2] and live_session.state["z"][0] == "CAT"
    assert result.match


def test_several_values_at_once_and_what_is_deleted(live_session: Session) -> None:
    live_session.run("a = 1\nb = 2")
    live_session.set("del a; c = d = -5; e = True")
    assert live_session.state == live_session.exact == {"b": 2, "c": -5, "d": -5, "e": True}
    assert live_session.run("f = c * d").match


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("a = b + 1", UsageError, r"`a = b \+ 1` puts no literal into a variable"),
        ("print(1)", UsageError, "puts no literal"),
        ("a = {[1]: 2}", UsageError, "puts no literal"),
        ("a = 7.5j", LxSyntaxError, "7"),
        ("del q", LxNameError, "q"),
        (f"a = {list(range(65))}", CapacityError, "no room for 1 rows beside 0"),
    ],
)
def test_what_is_no_value_is_refused_and_nothing_changes(
    text: str, error: Any, said: str, live_session: Session
) -> None:
    live_session.run("b = 1")
    before = live_session.timeline.now
    with pytest.raises(error, match=said):
        live_session.set(text)
    assert live_session.timeline.now is before


def test_what_is_put_in_and_deleted_at_once_is_not_there(live_session: Session) -> None:
    live_session.run("b = 1")
    live_session.set("x = 1; del x")
    assert live_session.state == {"b": 1}


def test_values_of_cpythons_that_no_heap_holds_are_refused(live_session: Session) -> None:
    text = "a = []\nb = []\nfor i in range(64): a.append(str(100 + i)); b.append('no ' + str(i))"
    result = live_session.run(text)
    assert result.error is not None and result.error.kind == "MemoryError"
    assert result.match and not result.wrong and result.divergence is None
    before = live_session.timeline.now
    with pytest.raises(CapacityError, match="no room for CPython's values"):
        live_session.resync()
    assert live_session.timeline.now is before


def test_what_followed_runs_again_from_another_value(live_session: Session) -> None:
    for text in ("a = 3", "b = a * 2", "print(b)", "c = b > 10"):
        live_session.run(text)
    before, printed = live_session.timeline.now, list[str]()
    results = live_session.resume(1, "a = 9", show=printed.append)
    assert live_session.state == {"a": 9, "b": 18, "c": True}
    assert printed == ["18\n"] and [result.match for result in results] == [True] * 3
    assert live_session.branch_name == "resumed1"
    assert live_session.history[:2] == ["a = 3", "a = 9  # edited, not executed"]
    live_session.branch("main")
    assert live_session.timeline.now is before


def test_a_pin_stays_and_edits_are_put_in_again(live_session: Session) -> None:
    live_session.run("a = 3")
    live_session.pin("start")
    live_session.set("b = 4")
    live_session.run("c = a + b")
    live_session.resume("start", "a = 10")
    assert live_session.state == {"a": 10, "b": 4, "c": 14}
    live_session.branch("main")
    live_session.resume("start", "a = 20")
    assert live_session.state["c"] == 24 and live_session.branch_name == "resumed2"
    live_session.branch("main")
    live_session.goto("start")
    assert live_session.state == {"a": 3}


def test_resuming_that_fails_leaves_all_as_it_was(live_session: Session) -> None:
    live_session.run("a = 3")
    live_session.run("b = a")
    before = live_session.timeline.now
    with pytest.raises(LxNameError):
        live_session.resume(1, "del a")
    assert live_session.timeline.now is before and list(live_session.branches) == ["main"]
    with pytest.raises(UsageError, match="no branch 'nowhere'"):
        live_session.resume("nowhere")


def test_a_checkpoint_without_rows_takes_numbers(shipped_sums: Session) -> None:
    shipped_sums.run("a = 71")
    shipped_sums.set("a = 5")
    assert shipped_sums.run("a = a + 3").state == {"a": 8}


@pytest.fixture
def shipped_sums() -> Session:
    return Session("sums-10d")
