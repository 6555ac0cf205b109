"""Positions of a text: what a caret stands below, and what a node's own text is."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.parsing.holes import replace_holes
from latent_repl.language.parsing.source_text import SourceText
from tests.latent_repl.language.parsing.conftest import assert_refused, refusal


def test_a_refusal_shows_the_line_with_a_caret() -> None:
    assert str(refusal("a = 1\n12+?=23")).splitlines() == [
        "p.lx:2:5: = assigns to a variable, and this is none",
        "    12+?=23",
        "        ^",
        "write == for a constraint",
    ]


def test_a_tab_is_as_wide_as_the_caret_takes_it_for() -> None:
    assert str(refusal("if a:\n\tb = 1 @ 2")).splitlines()[1:3] == ["     b = 1 @ 2", "           ^"]


def test_a_letter_of_several_bytes_is_one_column() -> None:
    assert_refused("é = 1; ü = 1 @ 2", 1, 14, "no operator @", "write *")


@given(st.text(alphabet="aéü€𝑥1+", max_size=12), st.data())
def test_a_column_counts_characters_where_python_counts_bytes(line: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(line)))
    assert SourceText(line, line).column(1, len(line[:place].encode())) == place + 1


@pytest.mark.parametrize(("line", "column", "moved"), [(0, 0, (1, 1)), (9, 1, (2, 1)), (1, 99, (1, 6)), (2, 3, (2, 3))])
def test_a_place_outside_the_text_moves_into_it(line: int, column: int, moved: tuple[int, int]) -> None:
    error = SourceText("a = 1\nb = 22", "a = 1\nb = 22").fault(line, column, "message")
    assert (error.line, error.column) == moved


def test_half_a_surrogate_pair_can_be_shown() -> None:
    assert str(SourceText("a\ud800", "a\ud800").fault(1, 1, "\ud800 is here")).encode()


@pytest.mark.parametrize(
    ("source", "segment"),
    [("a = ? + é", "? + é"), ("a = (1 +\n  b)", "1 +\n  b"), ("é = 1; a = min(b,  2)", "min(b,  2)")],
)
def test_the_text_of_a_node_is_as_the_user_wrote_it(source: str, segment: str) -> None:
    text = SourceText(replace_holes(source), source)
    last = ast.parse(text.replaced).body[-1]
    assert isinstance(last, ast.Assign)
    assert text.segment(last.value) == segment


@pytest.mark.parametrize(("source", "column"), [("a  + b", 4), ("(a)+ b", 4), ("a \\\n + b", 1)])
def test_an_operator_is_pointed_at_or_its_left_side_where_it_stands_on_a_line_below(source: str, column: int) -> None:
    node = ast.parse(source, mode="eval").body
    assert isinstance(node, ast.BinOp)
    error = SourceText(source, source).fault_between(node.left, node.right, "message", symbol="+")
    assert (error.line, error.column) == (1, column)
