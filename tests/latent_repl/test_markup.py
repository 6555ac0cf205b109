"""States as a line of text and as JSON, tables as HTML."""

from __future__ import annotations

from typing import Any

from latent_repl.markup import as_json, describe, table


def test_a_state_is_one_line_and_the_empty_one_a_word() -> None:
    assert describe({"a": 5, "b": True}) == "a = 5, b = True"
    assert describe({}) == "no variables"


def test_a_value_is_written_as_python_writes_it() -> None:
    assert describe({"s": "cat", "n": None}) == "s = 'cat', n = None"


def test_values_with_parts_are_told_apart_in_json() -> None:
    value = {"a": (1, None), 2: [True, "x"]}
    assert as_json(value) == {"dict": [["a", {"tuple": [1, None]}], [2, [True, "x"]]]}


def test_what_json_cannot_hold_stands_there_as_text() -> None:
    assert as_json([0.5, float("inf"), (-float("inf"),)]) == [0.5, {"text": "inf"}, {"tuple": [{"text": "-inf"}]}]
    loop: list[Any] = [1]
    loop.append((loop,))
    assert as_json(loop) == [1, {"tuple": [{"text": "[...]"}]}]
    doubled: list[Any] = [0]
    for _ in range(60):
        doubled = [doubled, doubled]
    assert as_json(doubled)["text"].startswith("[[[")


def test_headings_and_cells_are_escaped() -> None:
    html = table(("<name>",), [("a < b", "&")])
    assert html == "<table><tr><th>&lt;name&gt;</th></tr><tr><td>a &lt; b</td><td>&amp;</td></tr></table>"
