"""The table holds together, and it holds all that the parser lets through."""

from __future__ import annotations

import ast
import random
from typing import TypeGuard

import pytest

from grammar.programs.derive import Writer, open_templates, pieces
from grammar.programs.rules import PRODUCTIONS, RULES, TERMINALS
from latent_repl.language.operators import BINARY_NODES, COMPARISON_NODES, RESERVED_NAMES, UNARY_NODES
from latent_repl.language.parsing.parse import parse

# What sampled programs consist of; functions and values with parts have samplers of their own.
STATEMENTS: tuple[type[ast.stmt], ...] = (
    *(ast.Assign, ast.AugAssign, ast.Delete, ast.Assert, ast.Expr),
    *(ast.If, ast.While, ast.For, ast.Break, ast.Continue, ast.Pass),
)
EXPRESSIONS: tuple[type[ast.expr], ...] = (
    *(ast.Constant, ast.Name, ast.BinOp, ast.UnaryOp),
    *(ast.Compare, ast.BoolOp, ast.IfExp, ast.Call),
)


def statements(count: int, *, size: int = 6) -> list[str]:
    generator = random.Random(5)
    return [Writer(generator, maximum=99, size=size, defined=("a", "b", "c")).statement() for _ in range(count)]


def symbols(template: str) -> set[str]:
    return {symbol.rstrip("12") for _, symbol in pieces(template) if symbol}


def test_every_symbol_is_described_and_used() -> None:
    used = set().union(*(symbols(template) for _, template in PRODUCTIONS))
    assert used | {"statement"} == {*RULES, *TERMINALS}


@pytest.mark.parametrize("symbol", RULES)
def test_every_weight_is_positive_and_no_template_stands_twice(symbol: str) -> None:
    rule = RULES[symbol]
    assert all(weight > 0 for weight in (*rule.small.values(), *rule.large.values()))
    assert not set(rule.small) & set(rule.large)


def test_every_symbol_can_be_written_without_a_variable() -> None:
    assert all(open_templates(symbol, False, 0, 0) for symbol in RULES)


def test_statements_have_every_node_and_operator_of_the_parser() -> None:
    found = {type(node) for text in statements(3000) for node in ast.walk(ast.parse(text))}
    wanted = {*STATEMENTS, *EXPRESSIONS, ast.And, ast.Or}
    wanted |= {*BINARY_NODES, *COMPARISON_NODES, *UNARY_NODES}
    assert wanted <= found


def test_statements_call_every_function_of_the_parser() -> None:
    calls = [node for text in statements(2000) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    assert {node.func.id for node in calls if isinstance(node.func, ast.Name)} == set(RESERVED_NAMES)


def test_every_statement_is_in_the_language() -> None:
    for text in statements(1000):
        parse(text, minimum=-99, maximum=99)


def test_without_size_a_statement_is_one_line() -> None:
    assert all("\n" not in text for text in statements(300, size=0))


def test_a_variable_is_read_only_where_it_holds_a_value() -> None:
    generator = random.Random(1)
    for _ in range(300):
        writer = Writer(generator, maximum=99, size=0, defined=())
        read = {node.id for node in ast.walk(ast.parse(writer.statement())) if _is_variable_read(node)}
        assert not read


def _is_variable_read(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in RESERVED_NAMES
