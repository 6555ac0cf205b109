"""Expressions rewritten so that CPython checks every result: `a + b` is %:+(a, b), `s.upper()` %:method(...)()."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from latent_repl.language.operators import INVERT, NEGATE, WRITTEN_NODES
from latent_repl.language.parsing.scopes import callee, is_call

MARK = "%:"
# What calls a function whose value is needed, one whose value can be None, and a method.
NEEDED, CALLED, METHOD = f"{MARK}needed", f"{MARK}called", f"{MARK}method"
# What calls a function with arguments behind a star.
SPREAD = f"{MARK}spread"
# What measures a new row, what is compared or looked for, what is looked through, and what is gone through.
NEW, BOUNDED, SEARCHED, EACH = f"{MARK}new", f"{MARK}bounded", f"{MARK}searched", f"{MARK}each"
SLICE, SLICED = f"{MARK}slice", f"{MARK}sliced"
# Before the name of a function of the user's.
DEFINED = f"{MARK}def "


def call(name: str, *arguments: ast.expr) -> ast.Call:
    """Return the call of a function by its name."""
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def stored(name: str) -> ast.expr:
    """Return a name that is assigned."""
    return ast.Name(name, ast.Store())


class ExpressionRewriter(ast.NodeTransformer):
    """Rewrites expressions. rows: whether there are values with parts, and None."""

    def __init__(self, rows: bool) -> None:
        self.rows = rows

    def alone(self, node: ast.expr) -> ast.expr:
        """Rewrite an expression whose value is not used."""
        rewritten: ast.expr = self.called(CALLED, node) if is_call(node) else self.visit(node)
        return rewritten

    def called(self, how: str, node: ast.Call) -> ast.Call:
        """Rewrite a call of a function of the user's."""
        function = ast.Name(DEFINED + callee(node), ast.Load())
        match node.args:
            case [ast.Starred(value=values)]:
                return self.named(call(SPREAD, function, self.visit(values)), node.keywords)
        return self.named(call(how, function, *map(self.visit, node.args)), node.keywords)

    def named(self, rewritten: ast.Call, keywords: Sequence[ast.keyword]) -> ast.Call:
        """Add the arguments that are given by name."""
        rewritten.keywords = [ast.keyword(each.arg, self.visit(each.value)) for each in keywords]
        return rewritten

    def key(self, node: ast.expr) -> ast.expr:
        """Rewrite what stands in the brackets of a subscript, to be passed on as a value."""
        if isinstance(node, ast.Slice):
            parts = (node.lower, node.upper, node.step)
            return call(SLICE, *(ast.Constant(None) if part is None else self.visit(part) for part in parts))
        return self.bounded(node)

    def bounded(self, node: ast.expr) -> ast.expr:
        """Rewrite what is going to be compared, or looked for."""
        rewritten: ast.expr = self.visit(node)
        return rewritten if isinstance(node, ast.Constant) or not self.rows else call(BOUNDED, rewritten)

    def new(self, node: ast.expr) -> ast.expr:
        """Return what measures a row that is made."""
        return call(NEW, node) if self.rows else node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Measure a string."""
        return self.new(node) if isinstance(node.value, str) else node

    def visit_List(self, node: ast.List) -> ast.expr:
        """Measure a list."""
        return self.new(ast.List([*map(self.visit, node.elts)], ast.Load()))

    def visit_Tuple(self, node: ast.Tuple) -> ast.expr:
        """Measure a tuple."""
        return self.new(ast.Tuple([*map(self.visit, node.elts)], ast.Load()))

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        """Measure a dict, whose keys are looked for."""
        keys = [None if key is None else self.bounded(key) for key in node.keys]
        return self.new(ast.Dict(keys, [*map(self.visit, node.values)]))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Measure a string, whose parts are shown."""
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                part.value = self.bounded(part.value)
        return self.new(node)

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        """Measure a list."""
        return self.new(ast.ListComp(self.visit(node.elt), self.generators(node.generators)))

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        """Count what it goes through."""
        return ast.GeneratorExp(self.visit(node.elt), self.generators(node.generators))

    def visit_DictComp(self, node: ast.DictComp) -> ast.expr:
        """Measure a dict, whose keys are looked for."""
        return self.new(ast.DictComp(self.bounded(node.key), self.visit(node.value), self.generators(node.generators)))

    def generators(self, nodes: Sequence[ast.comprehension]) -> list[ast.comprehension]:
        """Rewrite what a comprehension goes through, and its conditions."""
        return [
            ast.comprehension(each.target, call(EACH, self.visit(each.iter)), [*map(self.visit, each.ifs)], 0)
            for each in nodes
        ]

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Look for a key, or take a slice, once its ends are known."""
        value, key = self.visit(node.value), self.key(node.slice)
        return call(SLICED, value, key) if isinstance(node.slice, ast.Slice) else ast.Subscript(value, key, node.ctx)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Make sure that the comparison ends."""
        parts = [self.bounded(node.left)]
        for operator, right in zip(node.ops, node.comparators, strict=True):
            contained = isinstance(operator, ast.In | ast.NotIn)
            parts.append(call(SEARCHED, self.visit(right)) if contained else self.bounded(right))
        return ast.Compare(parts[0], node.ops, parts[1:])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Call the operator."""
        return call(MARK + WRITTEN_NODES[type(node.op)], self.visit(node.left), self.visit(node.right))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """Call the operator; `not` and `+` are Python's own."""
        operand = self.visit(node.operand)
        if isinstance(node.op, ast.USub | ast.Invert):
            return call(MARK + (NEGATE if isinstance(node.op, ast.USub) else INVERT), operand)
        return ast.UnaryOp(node.op, operand)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Call the function, the builtin or the method."""
        if is_call(node):
            return self.called(CALLED if self.rows else NEEDED, node)
        # As in Python, a method is looked for before its arguments are worked out.
        function: ast.expr = ast.Name(MARK + callee(node), ast.Load())
        if isinstance(node.func, ast.Attribute):
            function = call(METHOD, ast.Constant(node.func.attr), self.visit(node.func.value))
        return self.named(ast.Call(function, [*map(self.visit, node.args)], []), node.keywords)
