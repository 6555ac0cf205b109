"""A program's text with its holes filled."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence

from latent_repl.language.operators import BINARY_NODES, COMPARISON_NODES
from latent_repl.language.parsing.holes import HoleOperator, HoleStatement, hole_number
from latent_repl.language.parsing.scopes import blocks_in
from latent_repl.synthesis.problem.domains import Filling

_OPERATORS = {symbol: node for node, symbol in BINARY_NODES.items()}
_COMPARISONS = {symbol: node for node, symbol in COMPARISON_NODES.items()}


def fill_texts(filling: Filling) -> tuple[str, ...]:
    """Return the text of each fill."""
    return tuple(map(str, filling))


def program_text(statements: Sequence[ast.stmt], conditions: Sequence[ast.expr], filling: Filling) -> str:
    """Return the statements, then each condition as an assertion, all holes filled."""
    asserts = [ast.Assert(test=condition, msg=None) for condition in conditions]
    return "\n".join(_text(statement, filling) for statement in (*statements, *asserts))


def excerpt(statements: Sequence[ast.stmt], conditions: Sequence[ast.expr], filling: Filling) -> str:
    """Return the filled pieces that had holes, joined by `; `."""
    pieces = [piece for statement in statements for piece in _pieces(statement)]
    pieces += [_value_of(condition) for condition in conditions]
    return "; ".join(_text(piece, filling) for piece in pieces if holes_in(piece))


def holes_in(node: ast.AST) -> list[int]:
    """Return the numbers of the holes in a tree."""
    return [number for child in ast.walk(node) if (number := hole_number(child)) is not None]


class _Filler(ast.NodeTransformer):
    """Puts a tree in each hole's place."""

    def __init__(self, filling: Filling) -> None:
        self.texts = fill_texts(filling)

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, HoleStatement):
            return ast.parse(self.texts[node.number]).body[0]
        if isinstance(node, ast.BinOp) and isinstance(node.op, HoleOperator):
            left, right = self.visit(node.left), self.visit(node.right)
            assert isinstance(left, ast.expr) and isinstance(right, ast.expr), "operands stay expressions"
            return _operation(self.texts[node.op.number], left, right)
        number = hole_number(node)
        if number is not None:
            return ast.parse(self.texts[number], mode="eval").body
        return self.generic_visit(node)


def _operation(symbol: str, left: ast.expr, right: ast.expr) -> ast.expr:
    if symbol in _OPERATORS:
        return ast.BinOp(left, _OPERATORS[symbol](), right)
    if symbol in _COMPARISONS:
        return ast.Compare(left, [_COMPARISONS[symbol]()], [right])
    return ast.Call(ast.Name(symbol, ast.Load()), [left, right], [])


def _text(node: ast.AST, filling: Filling) -> str:
    return ast.unparse(ast.fix_missing_locations(_Filler(filling).visit(copy.deepcopy(node))))


def _pieces(statement: ast.stmt | ast.match_case) -> list[ast.AST]:
    """Return the simple statements in a statement, or in a case, and the expressions in its headers."""
    inner = [piece for block in blocks_in(statement) for nested in block for piece in _pieces(nested)]
    match statement:
        case ast.FunctionDef() | ast.Try():
            return inner
        case ast.If(test=header) | ast.While(test=header) | ast.For(iter=header):
            return [header, *inner]
        case ast.Match(subject=header, cases=cases):
            return [header, *(piece for case in cases for piece in _pieces(case))]
        case ast.match_case(guard=header):
            return inner if header is None else [header, *inner]
        case _:
            return [statement]


def _value_of(condition: ast.expr) -> ast.expr:
    """Return E of `E == ...` where the hole is in E alone, else the condition."""
    if isinstance(condition, ast.Compare) and isinstance(condition.ops[0], ast.Eq) and len(condition.ops) == 1:
        left, right = condition.left, condition.comparators[0]
        if not holes_in(right):
            return left
    return condition
