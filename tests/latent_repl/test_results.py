"""States as a user sees them: equal by value and kind, in the user's names, not to be changed."""

from __future__ import annotations

from typing import Any

import pytest

from latent_repl.language.program import LAST_VALUE, CoreLine, Slot
from latent_repl.language.python_values import ABSENT
from latent_repl.language.values import NOTHING, Reference, Row
from latent_repl.results import (
    Change,
    Difference,
    Divergence,
    Variables,
    changes_between,
    in_names,
    state_of,
    visible,
)
from latent_repl.session import Session


def test_a_state_is_like_a_dictionary_that_cannot_be_changed() -> None:
    state: Any = Variables({"a": 1})
    assert state == {"a": 1} and repr(state) == "{'a': 1}"
    with pytest.raises(TypeError):
        state["a"] = 2


def test_one_and_true_are_a_change_and_so_is_what_ends() -> None:
    assert changes_between({"a": 1, "b": 2}, {"a": True, "c": 3}) == (
        Change("a", 1, True),
        Change("b", 2, ABSENT),
        Change("c", ABSENT, 3),
    )
    assert changes_between({"a": None}, {"a": None}) == ()
    assert [change.ended for change in changes_between({"b": 2}, {"c": None})] == [True, False]


def test_values_with_parts_are_read_through_their_rows() -> None:
    rows, every = (Row("list", (1, Reference(1))), Row("str", ("a", "b"))), frozenset({Slot(0), Slot(1), Slot(2)})
    names = {"x": Slot(0), "y": Slot(1), "n": Slot(2)}
    state = state_of((Reference(0), Reference(0), NOTHING), names, every, rows)
    assert state == {"x": [1, "ab"], "y": [1, "ab"], "n": None}
    assert state["x"] is state["y"]


def test_the_last_bare_value_is_nobodys_variable() -> None:
    assert visible({"a": 1, LAST_VALUE: 7}) == {"a": 1}
    names = {"a": Slot(1), LAST_VALUE: Slot(0), "b": Slot(2)}
    assert state_of((7, 1, None), names, frozenset({Slot(0), Slot(1), Slot(2)})) == {"a": 1}
    assert state_of((7, 1, None), names, frozenset({Slot(0)})) == {}


@pytest.mark.parametrize(("iteration", "where"), [(None, "line 3"), (72, "line 3, iteration 72")])
def test_a_divergence_names_its_iteration_where_there_are_several(iteration: int | None, where: str) -> None:
    divergence = Divergence(3, iteration, Difference("n = 72", "n = 71"))
    assert str(divergence) == f"diverged at {where}: CPython has n = 72, the model n = 71"


def test_core_lines_are_shown_in_the_users_names() -> None:
    assert in_names(CoreLine(Slot(1), "+", Slot(10), Slot(0)), {Slot(1): "a", Slot(10): "b"}) == "a = b + s0"


def test_a_notebook_gets_a_row_a_line_and_the_error(live_session: Session) -> None:
    html = live_session.run("a = 7\nb = a // 0")._repr_html_()
    assert html.count("<tr>") == 3
    assert "<td>a = 7</td>" in html and "ZeroDivisionError" in html
