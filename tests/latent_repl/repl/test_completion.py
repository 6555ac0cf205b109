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
from latent_repl.session import Session
from tests.latent_repl.exact_rows import ExactRows


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


@pytest.mark.parametrize(
    ("text", "offered", "not_offered"),
    [
        ("s.up", ["upper"], ["append"]),
        ("xs.", ["append", "sort", "index"], ["upper", "items"]),
        ("d.", ["items", "get"], ["append"]),
        ("'cat'.sp", ["split", "splitlines"], ["upper"]),
        ("f(xs)[0].", ["append", "upper", "items"], []),
        ("x = sor", ["sorted"], ["append"]),
        ("x = No", ["None"], []),
        ("n.", [], ["append", "upper"]),
        ("2.", ["sorted", "xs"], ["append"]),
        ("m.", ["gcd", "isqrt"], ["append", "_whole"]),
        ("string.di", ["digits"], ["append"]),
        ("f.", [], ["<locals>.g"]),
    ],
)
def test_methods_are_offered_behind_a_dot_where_there_are_rows(
    text: str, offered: list[str], not_offered: list[str]
) -> None:
    session = Session(ExactRows(slots=16), check=False)
    session.run("s, xs, d, n = 'cat', [1], {}, 5")
    session.run("import math as m, string\ndef f():\n    def g(): return 1\n    return g()\n")
    context = Context(lambda: session, Screen(), opened=session)
    found = {item.text for item in LxCompleter(context).get_completions(Document(text), CompleteEvent())}
    assert set(offered) <= found and found.isdisjoint(not_offered)


def test_words_of_rows_are_not_offered_without_them() -> None:
    session = Session("sums-10d", check=False)
    session.run("counter = 1")
    context = Context(lambda: session, Screen(), opened=session)
    for text in ("counter.up", "sor", "No"):
        assert not list(LxCompleter(context).get_completions(Document(text), CompleteEvent()))
