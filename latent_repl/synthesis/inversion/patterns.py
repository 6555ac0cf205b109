"""Forms of expressions: whether one fits, and what is put in the place of its letters.

a + X    fits    s + ?    with a = s, X = ?
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from itertools import islice

from latent_repl.synthesis.problem.text import holes_in

OPEN = "X"
"""In a form: what the hole is in. Other single letters stand for what has no hole in it."""


def read(text: str) -> ast.expr:
    """Return a form by its text."""
    return ast.parse(text, mode="eval").body


def fits(pattern: object, node: object, names: dict[str, ast.expr]) -> bool:
    """Return whether a node has a pattern's form, and note what its letters stand for."""
    if isinstance(pattern, ast.Name) and len(pattern.id) == 1:
        if not isinstance(node, ast.expr) or bool(holes_in(node)) != (pattern.id == OPEN):
            return False
        return ast.dump(names.setdefault(pattern.id, node)) == ast.dump(node)
    if isinstance(pattern, ast.AST):
        parts = [name for name in pattern._fields if name != "ctx"]
        return type(pattern) is type(node) and all(
            fits(getattr(pattern, name), getattr(node, name), names) for name in parts
        )
    if isinstance(pattern, list):
        pairs = zip(pattern, node, strict=True) if isinstance(node, list) and len(node) == len(pattern) else None
        return pairs is not None and all(fits(*pair, names) for pair in pairs)
    return pattern == node


def is_within(expression: ast.AST, most: int) -> bool:
    """Return whether an expression has no more nodes than so many."""
    return next(islice(ast.walk(expression), most, None), None) is None


class Substitution(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, names: Mapping[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return what stands in a name's place."""
        return copy.deepcopy(self.names.get(node.id, node))
