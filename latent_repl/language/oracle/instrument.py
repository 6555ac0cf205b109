"""A tree of Lx rewritten so that CPython reports every line it runs and checks every result.

    a = b + 1    ->    %:line(1);  a = %:+(b, 1)

The names of the functions begin with a sign that no user's name can hold.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence

from latent_repl.language.lowering.slots import is_bare_expression
from latent_repl.language.operators import BINARY_NODES, NEGATE
from latent_repl.language.parsing.parse import Tree
from latent_repl.language.parsing.scopes import callee, is_call
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import LAST_VALUE

MARK = "%:"
LINE, ROUNDS, SHOW, FAIL = f"{MARK}line", f"{MARK}rounds", f"{MARK}show", f"{MARK}fail"
# What a function's loops call in place of LINE and ROUNDS: the line that calls the function is still under way.
TICK, TURNS = f"{MARK}tick", f"{MARK}turns"
# What calls a function whose value is used, and one whose value is not; and where a value is kept until it is shown.
NEEDED, CALLED, KEPT = f"{MARK}needed", f"{MARK}called", f"{MARK}kept"
# Before the name of a function of the user's.
DEFINED = f"{MARK}def "


def instrument(tree: Tree) -> ast.Module:
    """Return the rewritten tree; the given one stays as it is."""
    module = copy.deepcopy(tree.module)
    before = [_definition(function.definition, function.text) for function in tree.functions.values()]
    module.body = [*before, *_Rewriter(tree.text).block(module.body, 0)]
    return ast.fix_missing_locations(module)


class _Rewriter(ast.NodeTransformer):
    def __init__(self, text: SourceText) -> None:
        self.text = text

    def block(self, statements: Sequence[ast.stmt], line: int) -> list[ast.stmt]:
        """Rewrite a block that follows a given line; a statement on that line does not begin one."""
        rewritten: list[ast.stmt] = []
        for statement in statements:
            # A while loop begins its line itself, at every test.
            if statement.lineno != line and not isinstance(statement, ast.While):
                rewritten.append(ast.Expr(_call(LINE, ast.Constant(statement.lineno))))
            line = statement.lineno
            rewritten += self.statement(statement)
        return rewritten

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=arguments)):
                return [ast.Expr(_call(SHOW, *map(self.visit, arguments)))]
            case _ if is_bare_expression(node):
                if is_call(node.value):
                    return self.bare_call(node.value)
                last = ast.Name(LAST_VALUE, ast.Store())
                shown = _call(SHOW, ast.Name(LAST_VALUE, ast.Load()))
                return [ast.Assign([last], self.visit(node.value)), ast.Expr(shown)]
            case ast.FunctionDef():
                return [_definition(node, self.text)]
            case ast.AugAssign(target=ast.Name(id=name)):
                value = ast.BinOp(ast.Name(name, ast.Load()), node.op, node.value)
                return [ast.Assign([node.target], self.visit(value))]
            case ast.Assert():
                message = ast.Constant(self.text.segment(node.test)) if node.msg is None else self.visit(node.msg)
                failure = _call(FAIL, message)
                return [ast.If(ast.UnaryOp(ast.Not(), self.visit(node.test)), [ast.Expr(failure)], [])]
            case _:
                return [self.visit(node)]

    def bare_call(self, node: ast.Call) -> list[ast.stmt]:
        """Rewrite a call that stands alone: None is neither shown nor kept."""
        kept = ast.Name(KEPT, ast.Load())
        shown: list[ast.stmt] = [ast.Assign([ast.Name(LAST_VALUE, ast.Store())], kept), ast.Expr(_call(SHOW, kept))]
        test = ast.Compare(kept, [ast.IsNot()], [ast.Constant(None)])
        return [ast.Assign([ast.Name(KEPT, ast.Store())], self.called(CALLED, node)), ast.If(test, shown, [])]

    def called(self, how: str, node: ast.Call) -> ast.Call:
        """Rewrite a call of a function of the user's."""
        function = ast.Name(DEFINED + callee(node), ast.Load())
        call = _call(how, function, *map(self.visit, node.args))
        call.keywords = [ast.keyword(each.arg, self.visit(each.value)) for each in node.keywords]
        return call

    def visit_If(self, node: ast.If) -> ast.stmt:
        return ast.If(self.visit(node.test), self.block(node.body, node.lineno), self.block(node.orelse, node.lineno))

    def visit_While(self, node: ast.While) -> ast.stmt:
        test = ast.BoolOp(ast.And(), [_call(LINE, ast.Constant(node.lineno)), self.visit(node.test)])
        return ast.While(test, self.block(node.body, node.lineno), self.block(node.orelse, node.lineno))

    def visit_For(self, node: ast.For) -> ast.stmt:
        assert isinstance(node.iter, ast.Call), "the parser lets nothing else through"
        rounds = _call(ROUNDS, ast.Constant(node.lineno), *map(self.visit, node.iter.args))
        return ast.For(node.target, rounds, self.block(node.body, node.lineno), self.block(node.orelse, node.lineno))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        return _call(MARK + BINARY_NODES[type(node.op)], self.visit(node.left), self.visit(node.right))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operand = self.visit(node.operand)
        if isinstance(node.op, ast.USub):
            return _call(MARK + NEGATE, operand)
        return ast.UnaryOp(node.op, operand)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Name), "the parser lets nothing else through"
        if is_call(node):
            return self.called(NEEDED, node)
        return _call(MARK + node.func.id, *map(self.visit, node.args))


class _BodyRewriter(_Rewriter):
    """Rewrites the body of a function, where no line begins and bare expressions are not shown."""

    def block(self, statements: Sequence[ast.stmt], line: int) -> list[ast.stmt]:
        # An error names the line on which CPython has it.
        return [
            ast.copy_location(rewritten, statement)
            for statement in statements
            for rewritten in self.statement(statement)
        ]

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        if is_bare_expression(node):
            value = node.value
            return [ast.Expr(self.called(CALLED, value) if is_call(value) else self.visit(value))]
        return super().statement(node)

    def visit_While(self, node: ast.While) -> ast.stmt:
        test = ast.BoolOp(ast.And(), [_call(TICK), self.visit(node.test)])
        return ast.While(test, self.block(node.body, 0), self.block(node.orelse, 0))

    def visit_For(self, node: ast.For) -> ast.stmt:
        assert isinstance(node.iter, ast.Call), "the parser lets nothing else through"
        turns = _call(TURNS, *map(self.visit, node.iter.args))
        return ast.For(node.target, turns, self.block(node.body, 0), self.block(node.orelse, 0))


def _definition(node: ast.FunctionDef, text: SourceText) -> ast.stmt:
    rewritten = copy.deepcopy(node)
    rewritten.name = DEFINED + node.name
    rewritten.body = _BodyRewriter(text).block(rewritten.body, 0)
    return rewritten


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])
