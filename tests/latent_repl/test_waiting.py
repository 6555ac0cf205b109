"""Work of over two seconds says how far it is, behind what stands on the terminal, and takes its words back."""

from __future__ import annotations

import io

import pytest

from latent_repl.waiting import Waiting


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the clock shows."""
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setenv("TERM", "xterm")
    return now


def test_nothing_is_said_of_what_is_over_in_two_seconds(clock: list[float]) -> None:
    terminal = Terminal()
    said = Waiting(terminal)
    for clock[0] in (100.0, 101.0, 101.9):
        said(5)
    said.clear()
    assert terminal.getvalue() == ""


def test_longer_work_shows_steps_and_seconds_and_how_to_stop_it(clock: list[float]) -> None:
    terminal = Terminal()
    said = Waiting(terminal)
    said(1)
    clock[0] = 102.5
    said(1200)
    said(1201)
    assert terminal.getvalue().count("1,200 steps, 2.5 s; Ctrl-C stops") == 1
    assert "1,201" not in terminal.getvalue()
    clock[0] = 103.0
    said(1500)
    assert "1,500 steps, 3.0 s" in terminal.getvalue()


def test_the_word_is_gone_before_anything_else_is_written(clock: list[float]) -> None:
    terminal = Terminal()
    said = Waiting(terminal)
    said(1)
    clock[0] = 103.0
    said(2)
    said.pause()
    assert terminal.getvalue().endswith("\x1b[K")
    length = len(terminal.getvalue())
    said.pause()
    assert len(terminal.getvalue()) == length


def test_each_piece_of_work_has_two_seconds_of_its_own(clock: list[float]) -> None:
    terminal = Terminal()
    said = Waiting(terminal)
    said(1)
    said.clear()
    clock[0] = 110.0
    said(1)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize(("stream", "term"), [(io.StringIO(), "xterm"), (Terminal(), "dumb"), (None, "xterm")])
def test_a_file_a_plain_terminal_and_no_stream_are_told_nothing(
    stream: io.StringIO | None, term: str, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    said = Waiting(stream)
    said(1)
    clock[0] = 105.0
    said(2)
    said.clear()
    assert stream is None or stream.getvalue() == ""
