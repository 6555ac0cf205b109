"""The explorer in a notebook: the same script, the same answers; without anywidget a word on what to install."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from latent_repl.errors import UsageError
from latent_repl.explore import page
from latent_repl.session import Session


def test_a_session_has_a_widget_that_answers_the_pages_questions(sums_session: Session) -> None:
    widget = sums_session.explore("a = 5; a + ? == 7")
    assert (widget._esm, widget._css) == (page.script(), page.styles())
    sent: list[Any] = []
    widget.send = sent.append
    widget._handle_custom_msg({"id": 3, "message": {"ask": "open"}}, [])
    [reply] = sent
    assert reply["id"] == 3
    assert reply["answer"]["problem"] == "a = 5; a + ? == 7"
    widget.close()


def test_without_anywidget_it_says_what_to_install(sums_session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(UsageError, match=r"pip install 'latent-repl\[notebook\]'"):
        sums_session.explore()
