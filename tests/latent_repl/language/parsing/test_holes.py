"""Holes in text: which `?` is one, and a text for Python's parser whose columns are the user's."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.holes import HOLE_LETTER, HOLE_OPERATOR, hole_number, replace_holes, restore_holes
from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.parsing.conftest import assert_refused, refusal

# source, line, column, part of the message, part of the remedy
REFUSED = [
    ("a ?= b", 1, 3, "between two values", "write as in"),
    ("a = b?", 1, 6, "one whole value", "spaces"),
    ("a = ?5", 1, 5, "one whole value", "spaces"),
    (f"{HOLE_LETTER} = 1", 1, 1, "reserved", "another name"),
]


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), REFUSED)
def test_a_hole_stands_for_one_whole_part(source: str, line: int, column: int, message: str, remedy: str) -> None:
    assert_refused(source, line, column, message, remedy)


def test_holes_are_numbered_in_source_order() -> None:
    tree = parse("a = ? if ? < 2 else 3  # why?\nassert a + ? == (?)")
    names = [node for node in ast.walk(tree.module) if isinstance(node, ast.Name)]
    places = {number: (node.lineno, node.col_offset) for node in names if (number := hole_number(node)) is not None}
    assert tree.holes == 4
    assert sorted(places) == [0, 1, 2, 3]
    assert [places[number] for number in range(4)] == sorted(places.values())
    assert tree.source == "a = ? if ? < 2 else 3  # why?\nassert a + ? == (?)"


def test_a_question_in_a_comment_is_no_hole() -> None:
    assert parse("a = 1  # why? 'because'").holes == 0


def test_line_endings_become_newlines() -> None:
    assert parse("a = 1\r\nb = 2\rc = 3").source == "a = 1\nb = 2\nc = 3"
    assert refusal("a = 1\r\nb = 1.5").line == 2


@pytest.mark.parametrize(
    ("source", "replaced"),
    [
        ("a + ?", f"a + {HOLE_LETTER}"),
        ("a ? b", f"a {HOLE_OPERATOR} b"),
        ("(a) ? ?", f"(a) {HOLE_OPERATOR} {HOLE_LETTER}"),
        ("not ? and ?", f"not {HOLE_LETTER} and {HOLE_LETTER}"),
        ("?\n? # ?", f"{HOLE_LETTER}\n{HOLE_LETTER} # ?"),
        ("a\t?\tb", f"a\t{HOLE_OPERATOR}\tb"),
        ("? == ?", f"{HOLE_LETTER} == {HOLE_LETTER}"),
        ("'?' ? '?'", f"'?' {HOLE_OPERATOR} '?'"),
        ('"""\n?""" + ?', f'"""\n?""" + {HOLE_LETTER}'),
        ("a[0] ? [?]", f"a[0] {HOLE_OPERATOR} [{HOLE_LETTER}]"),
    ],
)
def test_a_hole_becomes_an_operator_between_two_values_alone(source: str, replaced: str) -> None:
    assert replace_holes(source) == replaced


@given(st.text(alphabet="ab1?+-*=(): #\n\té", max_size=40))
def test_only_holes_change_and_the_text_keeps_its_length(source: str) -> None:
    try:
        replaced = replace_holes(source)
    except LxSyntaxError:
        return
    changed = [(before, after) for before, after in zip(source, replaced, strict=True) if before != after]
    assert set(changed) <= {("?", HOLE_LETTER), ("?", HOLE_OPERATOR)}
    assert restore_holes(replaced).replace(HOLE_OPERATOR, "?") == source
