"""Text fits the terminal: words stay whole, code stays as it is, tables turn over where they are too wide."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from latent_repl.errors import printable
from latent_repl.layout import Columns, Fitted, filled


def shown(view: object, width: int) -> str:
    file = io.StringIO()
    Console(file=file, width=width, color_system=None).print(view)
    return file.getvalue()


def test_a_sentence_is_broken_between_words_and_code_is_not() -> None:
    assert filled("the range is of Lx alone", 12).split("\n") == ["the range is", "of Lx alone"]
    assert filled("    a = 1 + 2 + 3", 8) == "    a = 1 + 2 + 3"


def test_a_table_that_is_too_wide_has_the_cells_of_each_row_below_one_another() -> None:
    table = Columns(("name", "value"), [("a", "one two three four"), ("b", "five")])
    assert len(shown(table, 80).splitlines()) == 3
    assert [line.rstrip() for line in shown(table, 20).splitlines()] == ["a", "  one two three four", "b", "  five"]


def test_what_is_drawn_hears_of_the_width() -> None:
    assert shown(Fitted(lambda width: "x" * width), 17).strip() == "x" * 17


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\x00b", "a\x07b"])
def test_control_characters_reach_no_terminal(text: str) -> None:
    assert not set(printable(text)) & {"\x1b", "\x00", "\x07"}
