"""What the REPL keeps beside the session: its opening, the last result, the script that led here."""

from __future__ import annotations

from collections.abc import Callable

from latent_repl.repl.context import Context
from latent_repl.session import Session


def test_the_session_is_opened_once_and_at_the_first_need(context: Context, live_session: Session) -> None:
    opened: list[Session] = []

    def open_session() -> Session:
        opened.append(live_session)
        return live_session

    lazy = Context(open_session, context.screen)
    assert opened == []
    assert lazy.session is lazy.session is live_session
    assert opened == [live_session]


def test_the_last_result_is_kept(context: Context) -> None:
    context.run("a = 7")
    assert context.last is not None and context.last.state == {"a": 7}


def test_the_script_leaves_out_what_failed_and_what_was_undone(context: Context) -> None:
    context.run("a = 7\nb = a // 0\nc = 1")
    context.run("d = 2")
    context.session.undo()
    assert context.script() == "a = 7\n# b = a // 0\n# c = 1\n"


def test_what_a_text_defines_is_shown_and_what_is_inside_a_function_is_not(run: Callable[[str], str]) -> None:
    assert run("import math as m, string").startswith("  import m\n  import string   ")
    assert run("from math import gcd").startswith("  def gcd(*integers)   ")
    assert run("def f(x):\n    def g(): return x\n    return g()\n").startswith("  def f(x)   ")
    assert run(":functions").splitlines() == ["  def gcd(*integers)", "  def f(x)"]
