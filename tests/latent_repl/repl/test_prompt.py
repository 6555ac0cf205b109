"""The prompt: when a text is ready, how lines are indented, what the history file bears."""

from __future__ import annotations

from pathlib import Path

import pytest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory

from latent_repl.repl.prompt import is_ready, next_indentation, open_history, shift_lines


def test_lines_are_moved_by_one_level() -> None:
    buffer = Buffer(document=Document("a = 1\n  b = 2", 3))
    shift_lines(buffer, 4)
    assert (buffer.text, buffer.cursor_position) == ("    a = 1\n  b = 2", 7)
    buffer.start_selection()
    buffer.cursor_position = len(buffer.text)
    shift_lines(buffer, -4)
    assert buffer.text == "a = 1\nb = 2"


@pytest.mark.parametrize(
    ("text", "ready"),
    [
        ("a = 1", True),
        ("if a:", False),
        ("if a:\n    b = 1", False),
        ("if a:\n    b = 1\n    ", True),
        ("(1 +", False),
        (":synth a +", True),
        ("", True),
        ("a = = 1", True),
    ],
)
def test_when_a_text_is_ready(text: str, ready: bool) -> None:
    assert is_ready(text) is ready


@pytest.mark.parametrize(("line", "columns"), [("if a:", 4), ("    b = 1", 4), ("    break", 0), ("a = 1", 0)])
def test_indentation_of_the_next_line(line: str, columns: int) -> None:
    assert next_indentation(line) == columns


def test_the_history_file_is_made_and_read(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history"
    warnings: list[str] = []
    open_history(warnings.append, path).store_string("a = 1")
    assert list(open_history(warnings.append, path).load_history_strings()) == ["a = 1"]
    assert not warnings
    assert path.stat().st_mode & 0o077 == 0


def test_a_broken_history_gives_a_warning_and_a_prompt(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"\n+a = 1\n\n+\xff\xfe\n")
    warnings: list[str] = []
    assert "a = 1" in list(open_history(warnings.append, path).load_history_strings())
    assert len(warnings) == 1


def test_a_history_that_is_a_folder_gives_a_warning_and_a_prompt(tmp_path: Path) -> None:
    warnings: list[str] = []
    assert isinstance(open_history(warnings.append, tmp_path), InMemoryHistory)
    assert len(warnings) == 1


def test_a_history_that_cannot_be_written_warns_once(tmp_path: Path) -> None:
    warnings: list[str] = []
    history = open_history(warnings.append, tmp_path / "history")
    (tmp_path / "history").unlink()
    (tmp_path / "history").mkdir()
    history.append_string("a = 1")
    history.append_string("a = 2")
    assert len(warnings) == 1
