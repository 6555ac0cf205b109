"""Holes of every kind in Python's tree: where they stand, how they bind, what a line to be found may assign."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.lowering.lower import lower
from latent_repl.language.parsing.holes import HoleOperator, HoleStatement, hole_number
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Slot


@pytest.mark.parametrize(
    ("text", "core_lines"),
    [
        ("a ? b", ["s2 = s0 ? s1"]),
        ("2 * a ? b", ["s3 = s0 ? s1", "s2 = 2 * s3"]),
        ("(2 * a) ? b", ["s3 = 2 * s0", "s2 = s3 ? s1"]),
        ("2 + a ? b", ["s3 = s0 ? s1", "s2 = 2 + s3"]),
        ("a ? b ? 3", ["s3 = s0 ? s1", "s2 = s3 ? 3"]),
        ("2 * a ? b ? 3", ["s3 = s0 ? s1", "s3 = s3 ? 3", "s2 = 2 * s3"]),
        ("a ? b == 3", ["s3 = s0 ? s1", "s2 = s3 == 3"]),
        ("not a ? b", ["s3 = s0 ? s1", "s2 = not s3"]),
        ("? ? ?", ["s2 = ? ? ?"]),
        ("(a + 1) ? (b)  # a ? b", ["s3 = s0 + 1", "s2 = s3 ? s1"]),
        ("?\nb", ["?"]),
    ],
)
def test_how_holes_bind(text: str, core_lines: list[str]) -> None:
    program = lower(parse(text), slots=9, names={"a": Slot(0), "b": Slot(1)})
    assert [str(line) for line in program.instructions][: len(core_lines)] == core_lines


def test_holes_of_all_kinds_are_numbered_together_in_source_order() -> None:
    tree = parse("a = ? + 1\n?\nb = a ? ?\nif a:\n    ?")
    found = {hole_number(node): type(node) for node in ast.walk(tree.module) if hole_number(node) is not None}
    assert tree.holes == 5
    assert [found[number] for number in range(5)] == [ast.Name, HoleStatement, HoleOperator, ast.Name, HoleStatement]


def test_the_text_keeps_its_holes_and_its_comments() -> None:
    text = "a = 1 ? 2  # who@where?\n?"
    assert parse(text).source == text


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("a = 3\n?\nb == 4", [["b"]]),
        ("a = 3\n?\na == 4", [[]]),
        ("a = 3\n?\n?\na == 4", [["t"], ["t"]]),
        ("t = 3\n?\n?\nb == 4", [["b", "u"], ["b", "u"]]),
        ("def f(a):\n    ?\n    return b + k", [["b", "k"]]),
        ("k = 3\ndef f(a):\n    ?\n    return b + k", [["b"]]),
    ],
)
def test_a_line_to_be_found_may_assign_what_is_read_and_never_assigned(text: str, targets: list[list[str]]) -> None:
    holes = [node for node in ast.walk(parse(text).module) if isinstance(node, HoleStatement)]
    assert [[target.id for target in hole.targets] for hole in holes] == targets


def test_variables_of_the_session_are_no_new_targets() -> None:
    [hole] = [n for n in ast.walk(parse("?\nb == 4", names=["b"]).module) if isinstance(n, HoleStatement)]
    assert hole.targets == []


def test_a_hole_in_a_function_stands_once_and_knows_the_functions_own_variables() -> None:
    program = lower(parse("def f(a):\n    return a + ?\nx = f(1) + f(2)"), slots=9)
    assert [set(slots) for slots in program.visible.values()] == [{"a"}]
