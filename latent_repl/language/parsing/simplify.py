"""Ways to write the same: each is turned into the one form that the checks and the lowering know.

Written, and what it becomes:

    x: int = 1                        x = 1; annotations of parameters and results go, too
    def f(): "what it does" ...       the docstring goes
    '''what the text does''' ...     it goes, too, as the first of several statements
    f = lambda x: x + 1               def f(x): return x + 1, outside blocks
    import math                       its functions, of which `imports.py` tells
    apply(lambda x: x + 1, 2)         a definition, and a call that is given it, of which `given.py` tells
    functions inside functions        functions of the top level, of which `nested.py` tells
    functions that are given others   a copy for each, of which `copies.py` tells
    __name__                          "__main__"
    "%s" % x                          f"{x}", of which `simplify_formats.py` tells
    raise, except                     nodes of Lx's own, of which `errors.py` tells
    case [a, 2]:                      nodes of Lx's own, of which `patterns.py` tells

and calls, of which `simplify_calls.py` tells.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from latent_repl.language.parsing.copies import write_copies
from latent_repl.language.parsing.errors import catching, raising
from latent_repl.language.parsing.function_nodes import defined
from latent_repl.language.parsing.given import mark_given
from latent_repl.language.parsing.imports import imported
from latent_repl.language.parsing.nested import lifted
from latent_repl.language.parsing.patterns import captured_in, write_out
from latent_repl.language.parsing.scopes import Functions, bound_in, declared_in, parameters_in, variables_in
from latent_repl.language.parsing.simplify_calls import CallSimplifier
from latent_repl.language.parsing.simplify_formats import formatted
from latent_repl.language.parsing.simplify_sets import without_order
from latent_repl.language.parsing.source_text import SourceText

_MAIN = "__main__"


def simplify(module: ast.Module, text: SourceText, names: Collection[str], functions: Functions) -> None:
    """Rewrite a text's tree in place.

    names: the variables and the functions of before, which hide what Python calls so. functions: these functions.
    """
    if len(module.body) > 1 and _is_docstring(module.body[0], text):
        del module.body[0]
    body, known = list[ast.stmt](), {*names}
    for statement in module.body:
        made = [_named(each) for each in imported(statement, known)]
        body += made
        known |= _defined_in(made)
    module.body = body
    defined_here = _defined_in(module.body)
    own = {*names, *defined_here, *_stored(module.body), *declared_in(module), *captured_in(module)}
    for node in ast.walk(module):
        if isinstance(node, ast.Match):
            write_out(node, text, own)
    _Simplifier(own).visit(module)
    module.body = mark_given(module.body, text, {*functions, *defined_here}, own)
    parts = (lifted(node, text) if isinstance(node, ast.FunctionDef) else [node] for node in module.body)
    module.body = [statement for part in parts for statement in part]
    write_copies(module, text, functions)


def _named(statement: ast.stmt) -> ast.stmt:
    """Return the definition of a function for the assignment of a lambda, and everything else as it is."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as given):
            return defined(name, given, statement)
        case _:
            return statement


def _defined_in(statements: Sequence[ast.stmt]) -> set[str]:
    return {node.name for node in statements if isinstance(node, ast.FunctionDef)}


def _is_docstring(statement: ast.stmt, text: SourceText) -> bool:
    """Return whether a statement is a string in three quotes; one in a pair of quotes is a value that is shown."""
    match statement:
        case ast.Expr(ast.Constant(value=str()) as string):
            return text.segment(string).lstrip("rRuU").startswith(('"""', "'''"))
        case _:
            return False


def _stored(statements: Sequence[ast.stmt]) -> set[str]:
    names = (name for statement in statements for name in variables_in(statement, {}))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


class _Simplifier(CallSimplifier):
    """Rewrites from the leaves up."""

    def _inside(self, node: ast.AST, own: Collection[str]) -> None:
        """Rewrite what is in a node that has names of its own."""
        before, self._own = self._own, self._own | frozenset(own)
        self.generic_visit(node)
        self._own = before

    def visit_Name(self, node: ast.Name) -> ast.expr:
        named = node.id == "__name__" and isinstance(node.ctx, ast.Load)
        return ast.copy_location(ast.Constant(_MAIN), node) if named else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return formatted(node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return without_order(super().visit_Call(node), self._own)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        return without_order(super().visit_Compare(node), self._own)

    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        raised = raising(node, self._own)
        self.generic_visit(raised)
        return raised

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        caught = catching(node, self._own)
        self.generic_visit(caught)
        return caught

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        self.generic_visit(node)
        if node.value is None:
            return node
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        parameters = parameters_in(node.args)
        for argument in parameters:
            argument.annotation = None
        node.returns = None
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.copy_location(ast.Pass(), node.body[0])]
        node.body = [*map(_named, node.body)]
        own = {*(argument.arg for argument in parameters), *_stored(node.body), *_defined_in(node.body)}
        self._inside(node, own)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        self._inside(node, [argument.arg for argument in parameters_in(node.args)])
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        self._inside(node, bound_in(node))
        return node

    def visit_SetComp(self, node: ast.SetComp) -> ast.expr:
        self._inside(node, bound_in(node))
        return node

    def visit_DictComp(self, node: ast.DictComp) -> ast.expr:
        self._inside(node, bound_in(node))
        return node

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        self._inside(node, bound_in(node))
        return node
