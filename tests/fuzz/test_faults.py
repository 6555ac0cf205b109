"""A short run of every hunt for faults finds none, and a planted fault is found."""

from __future__ import annotations

import pytest

from latent_repl.session import Session
from tests.fuzz import faults
from tests.fuzz.faults import HUNTS, parsed, run_in_session
from tests.fuzz.texts import Texts


@pytest.mark.slow
@pytest.mark.parametrize("name", HUNTS)
def test_a_short_hunt_finds_nothing(name: str) -> None:
    hunt, whole = HUNTS[name]
    assert [*hunt(7, max(30, whole * 3 // 1000))] == []


def test_texts_are_drawn_again_from_their_seed_and_many_run() -> None:
    first, again = Texts(3), Texts(3)
    drawn = [first.text() for _ in range(300)]
    assert drawn == [again.text() for _ in range(300)]
    assert len(set(drawn)) > 200


def test_a_parser_that_raises_what_is_no_error_of_ours_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> None:
        raise KeyError(text)

    monkeypatch.setattr(faults, "parse", broken)
    assert len([*parsed(1, 5)]) == 5


def test_a_session_that_a_refused_text_changes_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    lowering = Session.lower

    def careless(self: Session, text: str, *, file: str = "<input>") -> object:
        self.timeline.now.names["changed"] = len(self.history)  # type: ignore[index]
        return lowering(self, text, file=file)

    monkeypatch.setattr(Session, "lower", careless)
    assert any("changed the session" in fault.what for fault in run_in_session(1, 30))
