"""Values that are spread out by a star, as calls of the prelude.

Written, and what it becomes; names with a space in them are the prelude's, and no program can write them:

    [*a, 1], (*a, 1)          spread of(a) + [1], tuple(spread of(a) + [1])
    {**a, "k": 1}             merged with(merged with({}, a), {"k": 1})
    a, *b, c = values         a, b, c = parts around(values, 1, 1)
    print(1, *a, sep="-")     print("-".join(str(element) for element in [1] + spread of(a)))
    zip(*rows)                zip of(tuple(spread of(rows)))
    text.format(1, *a, k=2)   format of(text, tuple([1] + spread of(a)), {"k": 2})
    f(1, *a, k=2)             f(*([1] + spread of(a)), k=2), where f is the user's
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import groupby

from latent_repl.language.parsing.scopes import BuiltinLoad

ELEMENT = "element"
"""The variable of a comprehension that the user did not write; it is the comprehension's own."""


class StarSimplifier(ast.NodeTransformer):
    """Rewrites stars from the leaves up."""

    def visit_List(self, node: ast.List) -> ast.expr:
        """Rewrite a list that others are spread out in."""
        self.generic_visit(node)
        return _joined(node, node.elts) if isinstance(node.ctx, ast.Load) and _starred(node.elts) else node

    def visit_Tuple(self, node: ast.Tuple) -> ast.expr:
        """Rewrite a tuple that others are spread out in."""
        self.generic_visit(node)
        return spread_tuple(node, node.elts) if isinstance(node.ctx, ast.Load) and _starred(node.elts) else node

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        """Rewrite a dict that others are spread out in."""
        self.generic_visit(node)
        if None not in node.keys:
            return node
        merged: ast.expr = ast.copy_location(ast.Dict([], []), node)
        for key, value in zip(node.keys, node.values, strict=True):
            part = value if key is None else ast.copy_location(ast.Dict([key], [value]), node)
            merged = written(node, "merged with", [merged, part])
        return merged

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        """Rewrite an assignment in which one name takes what the others leave."""
        self.generic_visit(node)
        match node.targets:
            case [ast.Tuple(elts=targets) | ast.List(elts=targets)] if _starred(targets) == 1:
                place = next(index for index, target in enumerate(targets) if isinstance(target, ast.Starred))
                names = [target.value if isinstance(target, ast.Starred) else target for target in targets]
                counts: list[ast.expr] = [
                    ast.copy_location(ast.Constant(count), node.value) for count in (place, len(targets) - place - 1)
                ]
                node.targets = [ast.copy_location(ast.Tuple(names, ast.Store()), node.targets[0])]
                node.value = written(node.value, "parts around", [node.value, *counts])
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """Rewrite a print whose values are spread out."""
        self.generic_visit(node)
        match node.value:
            case ast.Call(func=ast.Name(id="print")) as call if _starred(call.args):
                call.args = [_shown(call)]
        return node


def written(node: ast.expr, name: str, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword] = ()) -> ast.Call:
    """Return the call of what no program can name, or of a builtin that nothing hides."""
    function = ast.copy_location(ast.Name(name, BuiltinLoad()), node)
    return ast.copy_location(ast.Call(function, [*arguments], [*keywords]), node)


def spread_tuple(node: ast.expr, values: Sequence[ast.expr], into: str | None = None) -> ast.expr:
    """Return the tuple of values, some of which are spread out; into: the function whose arguments they are."""
    return written(node, "tuple", [_joined(node, values, into)])


def spread_argument(node: ast.expr, values: Sequence[ast.expr]) -> ast.Starred:
    """Return what stands for arguments some of which are spread out: all of them behind one star."""
    alone = values[0]
    if len(values) == 1 and isinstance(alone, ast.Starred):
        return alone
    first = next(value for value in values if isinstance(value, ast.Starred))
    return ast.copy_location(ast.Starred(_joined(node, values), ast.Load()), first)


def _starred(nodes: Sequence[ast.expr]) -> int:
    return sum(isinstance(node, ast.Starred) for node in nodes)


def _joined(node: ast.expr, values: Sequence[ast.expr], into: str | None = None) -> ast.expr:
    """Return the list of values, some of which are spread out, as a sum of lists."""
    parts: list[ast.expr] = []
    # Python says for whom a star stands only where nothing stands beside it.
    name = [] if into is None or len(values) > 1 else [ast.copy_location(ast.Constant(into), node)]
    for spread, group in groupby(values, lambda value: isinstance(value, ast.Starred)):
        if spread:
            parts += [
                written(each, "spread of", [each.value, *name]) for each in group if isinstance(each, ast.Starred)
            ]
        else:
            parts.append(ast.copy_location(ast.List([*group], ast.Load()), node))
    joined = parts[0]
    for part in parts[1:]:
        joined = ast.copy_location(ast.BinOp(joined, ast.Add(), part), node)
    return joined


def _shown(node: ast.Call) -> ast.expr:
    """Return the text that a print of values that are spread out shows, and take its separator off."""
    given = next((keyword.value for keyword in node.keywords if keyword.arg == "sep"), ast.Constant(" "))
    separator = ast.Constant(" ") if isinstance(given, ast.Constant) and given.value is None else given
    node.keywords = [keyword for keyword in node.keywords if keyword.arg != "sep"]
    element = ast.copy_location(ast.Name(ELEMENT, ast.Load()), node)
    generator = ast.comprehension(ast.Name(ELEMENT, ast.Store()), _joined(node, node.args, "print"), [], 0)
    texts = ast.GeneratorExp(written(node, "str", [element]), [generator])
    joined = ast.Call(ast.Attribute(separator, "join", ast.Load()), [texts], [])
    return ast.fix_missing_locations(ast.copy_location(joined, node))
