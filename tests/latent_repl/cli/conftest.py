"""The command line on a session of the shipped checkpoint: what a command prints, and how it exits."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from latent_repl.cli import app
from latent_repl.cli.options import Settings
from latent_repl.session import Session

Command = Callable[..., "Ended"]


class Ended(SimpleNamespace):
    """How a command ended: its exit code and what it wrote."""

    code: int
    output: str
    errors: str

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.splitlines()]


@pytest.fixture
def opened() -> list[Settings]:
    """The settings of each session that was opened."""
    return []


@pytest.fixture
def command(
    live_session: Session, opened: list[Settings], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """A function that runs the command line on a session of the shipped checkpoint."""

    def open_session(self: Settings, *, check: bool, trace: bool = False) -> Any:
        live_session.reset()
        live_session.check, live_session.trace = check, trace
        opened.append(self)
        return live_session

    def run(*words: str, typed: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["latent-repl", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        code = app.run()
        written = capfd.readouterr()
        return Ended(code=code, output=written.out, errors=written.err)

    monkeypatch.setattr(Settings, "open_session", open_session)
    return run


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], str]:
    """A function that writes a script and returns its path."""

    def write(text: str, name: str = "p.lx") -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the search will answer, in order; an exception is raised."""
    queue: list[Any] = []

    def solve(problem: str, **_: Any) -> Any:
        answer = queue.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("latent_repl.synthesis.solve.solve", solve, raising=False)
    return queue
