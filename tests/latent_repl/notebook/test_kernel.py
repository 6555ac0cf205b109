"""The kernel answers Jupyter's questions; here without a Jupyter."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from latent_repl.notebook.kernel import LxKernel
from latent_repl.session import Session

Sent = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def sent() -> Sent:
    return []


@pytest.fixture
def kernel(live_session: Session, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> LxKernel:
    monkeypatch.setattr(LxKernel, "_open_session", lambda _: live_session)
    monkeypatch.setattr(LxKernel, "send_response", lambda _, __, kind, content: sent.append((kind, content)))
    return LxKernel()


def test_a_cell_sends_what_it_prints_and_what_it_shows(kernel: LxKernel, sent: Sent) -> None:
    assert asyncio.run(kernel.do_execute("a = 6\nprint(a)\n:vars", silent=False))["status"] == "ok"
    assert [kind for kind, _ in sent if kind == "display_data"] == ["display_data"] * 2
    assert "".join(content["text"] for kind, content in sent if kind == "stream") == "6"
    data = sent[-1][1]["data"]
    assert data["text/plain"] == "  a = 6" and "<pre>" in data["text/html"]
    sent.clear()
    asyncio.run(kernel.do_execute("b = 1", silent=True))
    assert sent == []


def test_an_error_is_jupyters_and_loses_nothing(kernel: LxKernel, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(kernel.do_execute("a = 6", silent=False))
    reply = asyncio.run(kernel.do_execute("b = a // 0", silent=False))
    assert (reply["status"], reply["ename"]) == ("error", "ZeroDivisionError")
    assert sent[-1][0] == "error" and sent[-1][1]["traceback"]
    assert asyncio.run(kernel.do_execute("a = 7.5j", silent=False))["ename"] == "LxSyntaxError"

    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    session = kernel._cells.context.session
    with monkeypatch.context() as patched:
        patched.setattr(session, "run", interrupted)
        assert asyncio.run(kernel.do_execute("a = 8", silent=False))["ename"] == "KeyboardInterrupt"
    assert session.state == {"a": 6}


def test_a_fault_of_ours_is_an_answer_too(kernel: LxKernel, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise KeyError("12345")

    asyncio.run(kernel.do_execute("a = 6", silent=False))
    monkeypatch.setattr(kernel._cells.context.session, "run", broken)
    reply = asyncio.run(kernel.do_execute("a = 8", silent=False))
    assert reply["status"] == "error" and reply["evalue"] == "internal error, nothing was run: KeyError: '12345'"


def test_completion_is_that_of_the_cursors_line(kernel: LxKernel) -> None:
    asyncio.run(kernel.do_execute("apples = 6", silent=False))
    reply = asyncio.run(kernel.do_complete("b = 1\nb = app", 13))
    assert (reply["matches"], reply["cursor_start"], reply["cursor_end"]) == (["apples"], 10, 13)
    assert ":undo" in asyncio.run(kernel.do_complete(":un", 3))["matches"]


def test_an_open_block_goes_on_and_names_are_explained(kernel: LxKernel) -> None:
    assert asyncio.run(kernel.do_is_complete("a = 1")) == {"status": "complete"}
    assert asyncio.run(kernel.do_is_complete("if a:")) == {"status": "incomplete", "indent": "    "}
    asyncio.run(kernel.do_execute("apples = 6", silent=False))
    found = asyncio.run(kernel.do_inspect("b = apples + 1", 7))
    assert found["found"] and found["data"]["text/plain"].startswith("apples = 6")
    assert not asyncio.run(kernel.do_inspect("b = 1", 5))["found"]
