"""How the arguments of commands are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from latent_repl.errors import UsageError
from latent_repl.repl.commands.table import read_count, read_number, read_place, refuse_argument


@pytest.mark.parametrize("written", ["'two words.lx'", '"two words.lx"', r"two\ words.lx", "two words.lx"])
def test_paths_with_spaces(written: str, run: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "two words.lx").write_text("a = 7\n")
    assert "a = 7" in run(f":load {written}")


@pytest.mark.parametrize("argument", ["-1", "1.5", "two", "", "²", "12345678901"])
def test_what_is_no_whole_number_is_refused_with_what_was_got(argument: str) -> None:
    with pytest.raises(UsageError, match=re.escape(repr(argument))):
        read_number(argument, "goto")


def test_a_count_is_one_where_nothing_is_said() -> None:
    assert [read_count(argument, "undo") for argument in ("", "3")] == [1, 3]


def test_a_point_is_a_number_or_a_branch() -> None:
    assert [read_place(argument) for argument in ("12", "main", "-1")] == [12, "main", "-1"]


def test_an_argument_that_is_not_taken_is_refused() -> None:
    refuse_argument("quit", "")
    with pytest.raises(UsageError, match=":quit takes no argument, got 'now'"):
        refuse_argument("quit", "now")
