"""Sets where nobody sees their order, as lists of distinct values.

Written, and what it becomes; names with a space in them are the prelude's, and no program can write them:

    len(set(words))            len(distinct of(words)), and so for sorted, min, max, sum, any and all
    sorted({w[0] for w in x})  sorted(distinct of([w[0] for w in x]))
    c in {"a", "e"}            is member(c, ["a", "e"])
    set(a) == set(b)           same members(distinct of(a), distinct of(b)), and so for <=, >= and issubset
    len(set(a) & set(b))       len(in both(distinct of(a), distinct of(b))), and so for |, - and their methods

A set that is kept, shown or gone through one by one stays as it is, and is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from latent_repl.language.operators import LENGTH, MAX, MIN
from latent_repl.language.parsing.simplify_stars import written

_WITHOUT_ORDER = ("all", "any", LENGTH, MAX, MIN, "sorted", "sum", "max or", "min or")
_KINDS = ("set", "frozenset")
_OPERATORS = {ast.BitAnd: "in both", ast.BitOr: "in either", ast.Sub: "in first"}
_SUBSETS = {ast.LtE: "all members", ast.GtE: "has members"}
_METHODS = {"intersection": "in both", "union": "in either", "difference": "in first"}


def without_order(node: ast.expr, own: Collection[str]) -> ast.expr:
    """Return a call, or a comparison, with lists in the place of its sets; own: names that are the user's there."""
    match node:
        case ast.Call(ast.Name(id="sum"), [given, _]) | ast.Call(ast.Name(id=_), [given]) if (
            node.func.id in _WITHOUT_ORDER and node.func.id not in own  # type: ignore[attr-defined]
        ):
            node.args[0] = _distinct(given, own) or given
            return node
        case ast.Call(ast.Attribute(one, "issubset"), [other], []):
            return _asked(node, "all members", one, _as_set(other, own), own) or node
        case ast.Compare(item, [ast.In() | ast.NotIn()], [ast.Set(elts=parts)]) if all(
            isinstance(part, ast.Constant) for part in parts
        ):
            return _said(node, written(node, "is member", [item, ast.copy_location(ast.List(parts, ast.Load()), node)]))
        case ast.Compare(item, [ast.In() | ast.NotIn()], [given]) if (values := _distinct(given, own)) is not None:
            return _said(node, written(node, "is member", [item, values]))
        case ast.Compare(one, [ast.Eq() | ast.NotEq()], [other]):
            asked = _asked(node, "same members", one, other, own)
            return node if asked is None else _said(node, asked)
        case ast.Compare(one, [ast.LtE() | ast.GtE() as operator], [other]):
            return _asked(node, _SUBSETS[type(operator)], one, other, own) or node
        case _:
            return node


def _said(node: ast.Compare, asked: ast.expr) -> ast.expr:
    """Return what is asked, or its opposite."""
    if isinstance(node.ops[0], ast.In | ast.Eq):
        return asked
    return ast.copy_location(ast.UnaryOp(ast.Not(), asked), node)


def _asked(node: ast.expr, name: str, one: ast.expr, other: ast.expr, own: Collection[str]) -> ast.expr | None:
    """Return what asks something of two sets, None where they are not."""
    values = [_distinct(one, own), _distinct(other, own)]
    sides = [each for each in values if each is not None]
    return written(node, name, sides) if len(sides) == len(values) else None


def _as_set(node: ast.expr, own: Collection[str]) -> ast.expr:
    """Return a set of what a method of sets is given."""
    if _distinct(node, own) is not None:
        return node
    return ast.copy_location(ast.Call(ast.copy_location(ast.Name(_KINDS[0], ast.Load()), node), [node], []), node)


def _distinct(node: ast.expr, own: Collection[str]) -> ast.expr | None:
    """Return the list of the values of a set, None for all else."""
    match node:
        case ast.Call(ast.Name(id=name), given, []) if name in _KINDS and name not in own and len(given) <= 1:
            values = given or [ast.copy_location(ast.List([], ast.Load()), node)]
            return None if isinstance(values[0], ast.Starred) else written(node, "distinct of", values)
        case ast.Set(elts=parts) if not any(isinstance(part, ast.Starred) for part in parts):
            return written(node, "distinct of", [ast.copy_location(ast.List(parts, ast.Load()), node)])
        case ast.SetComp(element, generators):
            return written(node, "distinct of", [ast.copy_location(ast.ListComp(element, generators), node)])
        case ast.BinOp(one, operator, other) if type(operator) in _OPERATORS:
            return _asked(node, _OPERATORS[type(operator)], one, other, own)
        case ast.Call(ast.Attribute(one, method), [other], []) if method in _METHODS:
            return _asked(node, _METHODS[method], one, _as_set(other, own), own)
        case _:
            return None
