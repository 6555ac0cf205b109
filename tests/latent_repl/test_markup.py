"""States as a line of text, tables as HTML."""

from __future__ import annotations

from latent_repl.markup import describe, table


def test_a_state_is_one_line_and_the_empty_one_a_word() -> None:
    assert describe({"a": 5, "b": True}) == "a = 5, b = True"
    assert describe({}) == "no variables"


def test_headings_and_cells_are_escaped() -> None:
    html = table(("<name>",), [("a < b", "&")])
    assert html == "<table><tr><th>&lt;name&gt;</th></tr><tr><td>a &lt; b</td><td>&amp;</td></tr></table>"
