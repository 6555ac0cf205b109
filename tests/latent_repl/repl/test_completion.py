"""What Tab offers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from latent_repl.display import Screen
from latent_repl.repl.completion import LxCompleter
from latent_repl.repl.context import Context


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        (":he", ":help"),
        (":help syn", "synth"),
        (":check o", "off"),
        (":mode s", "snap"),
        ("whi", "while"),
        ("b = count", "counter"),
        (":synth count", "counter"),
        (":synth --s", "--search"),
        (":synth --budget 9 --search r", "random"),
        (":diff m", "main"),
        ("lar", "larger"),
        (":x ", None),
    ],
)
def test_tab_offers_what_fits_at_the_cursor(text: str, offers: str | None, context: Context) -> None:
    context.session.run("counter = 1")
    context.session.run("def larger(x, y):\n    return x > y\n")
    found = [item.text for item in LxCompleter(context).get_completions(Document(text), CompleteEvent())]
    assert offers in found if offers else not found


def test_completion_of_files(context: Context, tmp_path: Path) -> None:
    (tmp_path / "gcd.lx").touch()
    completions = LxCompleter(context).get_completions(Document(f":load {tmp_path}/g"), CompleteEvent())
    assert [item.text for item in completions] == ["cd.lx"]


def test_completion_does_not_open_the_session() -> None:
    def fail() -> Any:
        raise AssertionError("opened")

    assert list(LxCompleter(Context(fail, Screen())).get_completions(Document("whi"), CompleteEvent()))
