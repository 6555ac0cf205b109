"""Holes in Python's tree: numbered in source order, those of operators and statements as nodes of their own."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from latent_repl.language.operators import BINARY_NODES, at_level
from latent_repl.language.parsing.holes import HOLE_LETTER, HOLE_OPERATOR, HoleOperator, HoleStatement
from latent_repl.language.parsing.scopes import declared_in, parameters_in, variables_in
from latent_repl.language.parsing.source_text import SourceText

# Of these the first that is free names what one statement hole assigns and another reads. Chosen.
FRESH_NAMES = ("t", "u", "v", "w", "x", "y", "z")

HoleNode = ast.Name | HoleOperator | HoleStatement


def mark_holes(module: ast.Module, text: SourceText, names: Collection[str]) -> int:
    """Give the holes of a tree their nodes and numbers, and those of statements what they may assign.

    names: the variables that exist before the text. Return how many holes there are.
    """
    count = number_holes(module, text)
    _name_targets(module, names)
    return count


def number_holes(module: ast.Module, text: SourceText) -> int:
    """Give the holes of a tree their nodes and numbers; return how many there are."""
    marker = _Marker(text)
    marker.visit(module)
    for number, (_, hole) in enumerate(sorted(marker.found, key=lambda found: found[0])):
        if isinstance(hole, ast.Name):
            hole.id = f"{HOLE_LETTER}{number}"
        else:
            hole.number = number
    return len(marker.found)


class _Marker(ast.NodeTransformer):
    """Replaces nodes from the leaves up, and notes each hole with its line and column."""

    def __init__(self, text: SourceText) -> None:
        self.text = text
        self.found: list[tuple[tuple[int, int], HoleNode]] = []

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id == HOLE_LETTER:
            self.found.append(((node.lineno, self.text.column(node.lineno, node.col_offset)), node))
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        if isinstance(node.value, ast.Name) and node.value.id == HOLE_LETTER:
            statement = ast.copy_location(HoleStatement(targets=[]), node)  # type: ignore[call-arg]
            self.found.append(((node.lineno, self.text.column(node.lineno, node.col_offset)), statement))
            return statement
        self.generic_visit(node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        place = self._operator(node) if isinstance(node.op, ast.MatMult) else None
        if place is None:
            return node
        node.op = HoleOperator()
        self.found.append((place, node.op))
        return self._bound_tightly(node, place)

    def _operator(self, node: ast.BinOp) -> tuple[int, int] | None:
        """Return the line and the column of a hole between the operands; None where the user wrote an operator."""
        line, column = (
            node.left.end_lineno or 1,
            self.text.column(node.left.end_lineno or 1, node.left.end_col_offset or 0),
        )
        while (found := self.text.lines[line - 1].find(HOLE_OPERATOR, column - 1)) < 0:
            line, column = line + 1, 1
        return (line, found + 1) if self.text.written[line - 1][found] == "?" else None

    def _bound_tightly(self, node: ast.BinOp, place: tuple[int, int]) -> ast.expr:
        """Return `2 * a ? b`, which Python reads as `(2 * a) ? b`, as `2 * (a ? b)`."""
        left, (line, column) = node.left, place
        end = self.text.column(line, left.end_col_offset or 0)
        closed = left.end_lineno != line or ")" in self.text.lines[line - 1][end - 1 : column - 1]
        if (
            closed
            or not isinstance(left, ast.BinOp)
            or BINARY_NODES.get(type(left.op)) not in at_level("multiplicative")
        ):
            return node
        inner = ast.copy_location(ast.BinOp(left.right, node.op, node.right), node)
        inner.lineno, inner.col_offset = left.right.lineno, left.right.col_offset
        return ast.copy_location(ast.BinOp(left.left, left.op, inner), node)


def _name_targets(module: ast.Module, names: Collection[str]) -> None:
    """Let the statement holes of each scope assign what the scope reads after them and nothing assigns."""
    top = [node for node in module.body if not isinstance(node, ast.FunctionDef)]
    outside = {*names, *(name.id for name in _names(top) if isinstance(name.ctx, ast.Store))}
    _name_in_scope(top, own=outside, outside=set())
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            own = {argument.arg for argument in parameters_in(node.args)} | declared_in(node)
            _name_in_scope(node.body, own=own, outside=outside)


def _name_in_scope(statements: Sequence[ast.stmt], *, own: set[str], outside: set[str]) -> None:
    """Do so in one scope. own: its variables; outside: those that it may read besides.

    A function assigns a name from outside only where nothing else that it could assign is read: `def f(a): ? return b`.
    """
    holes = [node for statement in statements for node in ast.walk(statement) if isinstance(node, HoleStatement)]
    if not holes:
        return
    first = min((hole.lineno, hole.col_offset) for hole in holes)
    read = [name.id for name in _names(statements) if (name.lineno, name.col_offset) > first]
    own = own | {name.id for name in _names(statements) if isinstance(name.ctx, ast.Store)}
    others = list(dict.fromkeys(name for name in read if name not in own))
    wanted = [name for name in others if name not in outside]
    if not wanted and own.isdisjoint(read):
        wanted = others
    if len(holes) > 1:
        every = own | outside | {name.id for name in _names(statements)}
        wanted += [name for name in FRESH_NAMES if name not in every][:1]
    for hole in holes:
        hole.targets = [ast.copy_location(ast.Name(name, ast.Store()), hole) for name in wanted]


def _names(statements: Sequence[ast.stmt]) -> Iterator[ast.Name]:
    return (name for statement in statements for name in variables_in(statement, {}))
