"""Functions inside functions, moved to the top level; with each call goes what they read of the functions around them.

    def f(a):                       def f.<locals>.g(b, *, f.a): return f.a + b
        def g(b): return a + b      def f(a):
        return g(1)                     return f.<locals>.g(1, f.a=a)

No program can write names with dots. A variable that an inner function assigns, behind `nonlocal`, lies in a list of
one, which both functions have: `n = 1` becomes `f.n[0] = 1`. What has no value for certain where an inner function is
called is refused, as is a function that is used as a value.
Source: Johnsson, 1985, "Lambda lifting: transforming programs to recursive equations".
"""

from __future__ import annotations

import ast

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.captured import Scope, capture, pass_on, scopes_of
from latent_repl.language.parsing.flow import Flow
from latent_repl.language.parsing.function_nodes import GivenFunction, refused
from latent_repl.language.parsing.refusals import NONLOCAL_TARGET, TWO_VARIABLES, named_refusal
from latent_repl.language.parsing.scopes import Comprehension, bound_in
from latent_repl.language.parsing.source_text import SourceText


def lifted(node: ast.FunctionDef, text: SourceText) -> list[ast.stmt]:
    """Return the functions inside a function of the top level, as functions of the top level, and then itself.

    What cannot be moved is refused where statements are checked.
    """
    if not any(isinstance(statement, ast.FunctionDef) for statement in node.body):
        return [node]
    try:
        return _lifted(node, text)
    except LxSyntaxError as error:
        return [refused(node, error)]


def _lifted(node: ast.FunctionDef, text: SourceText) -> list[ast.stmt]:
    scopes = [*scopes_of(node, None, text)]
    for scope in scopes:
        capture(scope, text)
    pass_on(scopes, text)
    for scope in scopes:
        Flow(scope, text).block(scope.node.body, {*scope.function.parameters})
    for scope in scopes:
        _Lifter(scope, text).move()
    for scope in scopes[1:]:
        ast.copy_location(scope.node, node)  # for the line that runs when they are defined
    return [scope.node for scope in reversed(scopes)]


class _Lifter(ast.NodeTransformer):
    """Makes a function one of the top level."""

    def __init__(self, scope: Scope, text: SourceText) -> None:
        self.scope, self.text = scope, text
        self.bound = frozenset[str]()
        self.assigned = False

    def move(self) -> None:
        """Move it: its calls give what is captured, and its header takes it."""
        node, scope = self.scope.node, self.scope
        body = [each for each in node.body if not isinstance(each, ast.FunctionDef)]
        moved = [self.visit(each) for each in body] or [ast.copy_location(ast.Pass(), node)]
        boxes = [self._box(name) for name in sorted(scope.shared)]
        node.name, node.body = scope.name, [*boxes, *moved]
        node.args.kwonlyargs += [ast.copy_location(ast.arg(name), node) for name in scope.captured]
        node.args.kw_defaults += [None] * len(scope.captured)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        owner = None if node.id in self.bound else self.scope.owner(node.id)
        if owner is None or not (owner is not self.scope or node.id in owner.shared):
            return node
        dotted = ast.copy_location(ast.Name(owner.dotted(node.id), node.ctx), node)
        if node.id not in owner.shared:
            return dotted
        if not isinstance(node.ctx, ast.Load) and not self.assigned:
            raise self.text.fault_at(node, *named_refusal(NONLOCAL_TARGET, node.id))
        dotted.ctx = ast.Load()
        return ast.copy_location(ast.Subscript(dotted, ast.copy_location(ast.Constant(0), node), node.ctx), node)

    def visit_GivenFunction(self, node: GivenFunction) -> ast.expr:
        owner = self.scope.owner(node.id)
        inner = None if owner is None else owner.inner.get(node.id)
        if inner is not None:
            node.id = inner.name
            node.captured = [self._given(node, *each) for each in inner.captured.items()]
        return node

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.stmt:
        return ast.copy_location(ast.Pass(), node)

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        node.value = self.visit(node.value)
        self.assigned = True
        node.targets = [*map(self.visit, node.targets)]
        self.assigned = False
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.assigned = True
        node.target = self.visit(node.target)
        self.assigned = False
        node.value = self.visit(node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        called, outside = self.scope.called(node), self.scope.called_outside(node)
        if isinstance(node.func, ast.Name):
            node.args, node.keywords = [*map(self.visit, node.args)], [*map(self.visit, node.keywords)]
            node.func.id = node.func.id if outside is None else outside.dotted(node.func.id)
        else:
            self.generic_visit(node)
        if called is not None:
            node.func = ast.copy_location(ast.Name(called.name, ast.Load()), node.func)
            node.keywords += [self._given(node, *each) for each in called.captured.items()]
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        return self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.expr:
        return self._comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        return self._comprehension(node)

    def _comprehension(self, node: Comprehension) -> ast.expr:
        first = node.generators[0]
        first.iter = self.visit(first.iter)
        kept, first.iter = first.iter, ast.copy_location(ast.Constant(None), first.iter)
        before, self.bound = self.bound, self.bound | bound_in(node)
        self.generic_visit(node)
        first.iter, self.bound = kept, before
        return node

    def _given(self, call: ast.expr, name: str, captured: tuple[Scope, str]) -> ast.keyword:
        """Return the argument of a captured variable; one that is shared is given with the list that it lies in."""
        owner, variable = captured
        own = owner is self.scope and variable not in owner.shared
        if own and variable in self.bound:
            raise self.text.fault_at(call, *named_refusal(TWO_VARIABLES, variable))
        value = ast.copy_location(ast.Name(variable if own else name, ast.Load()), call)
        return ast.copy_location(ast.keyword(name, value), call)

    def _box(self, name: str) -> ast.stmt:
        """Return what puts a variable that others assign into a list."""
        given = name in self.scope.function.parameters
        value: ast.expr = ast.Name(name, ast.Load()) if given else ast.Constant(None)
        box = ast.Assign([ast.Name(self.scope.dotted(name), ast.Store())], ast.List([value], ast.Load()))
        return ast.fix_missing_locations(ast.copy_location(box, self.scope.node))
