"""Source rewritten for CPython: every line reports, every result is checked, and the user's names stay his own."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.cpython import run_source
from latent_repl.language.oracle.instrument import LINE, TICK, TURNS, instrument
from latent_repl.language.oracle.instrument_expressions import DEFINED, MARK
from latent_repl.language.parsing.parse import parse

SOURCE = """
def f(a, b):
    for i in range(b):
        a = a * 2 + 1
    while a > 9:
        a -= abs(-a) // 2
    a + 1
    return min(a, b)
x = f(3, 2) ** 2
while x: x = x % 2 - 1 if x > 1 else 0
for i in range(1, 3): print(i)
-x
assert not x or x
"""


def called(node: ast.AST) -> list[str]:
    """Return the names of all that is called in a tree."""
    calls = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    return [name.id for name in calls if isinstance(name, ast.Name)]


def test_no_operation_is_left_unchecked() -> None:
    module = instrument(parse(SOURCE))
    assert not [node for node in ast.walk(module) if isinstance(node, ast.BinOp | ast.AugAssign | ast.USub)]
    assert {MARK + symbol for symbol in ("+", "-", "*", "//", "%", "**", "neg", "abs", "min")} <= {*called(module)}


def test_nothing_is_called_by_a_name_that_a_user_could_write() -> None:
    assert all(name.startswith(MARK) and not name.isidentifier() for name in called(instrument(parse(SOURCE))))


def test_a_function_counts_its_rounds_without_beginning_lines() -> None:
    [function] = [node for node in instrument(parse(SOURCE)).body if isinstance(node, ast.FunctionDef)]
    assert function.name == f"{DEFINED}f"
    assert {TICK, TURNS} <= {*called(function)} and LINE not in called(function)


def test_functions_defined_before_the_text_come_along() -> None:
    functions = parse("def f(a):\n    return a + 1").functions_at(1)
    definition, *_ = instrument(parse("f(2)", functions=functions)).body
    assert isinstance(definition, ast.FunctionDef) and definition.name == f"{DEFINED}f"


@pytest.mark.parametrize(("source", "lines"), [("a = 1; b = 2", 1), ("if 1: a = 1", 1), ("if 1:\n    a = 1", 2)])
def test_a_line_of_several_statements_is_reported_once(source: str, lines: int) -> None:
    assert called(instrument(parse(source))).count(LINE) == lines


def test_the_tree_is_left_as_it_was() -> None:
    tree = parse("a = 1\nwhile a: a -= 1\nassert not a")
    before = ast.dump(tree.module)
    run_source(tree)
    lower(tree, slots=9)
    assert ast.dump(tree.module) == before
