"""Ways to write the same: each is turned into the one form that the checks and the lowering know.

Written, and what it becomes:

    x: int = 1                        x = 1; annotations of parameters and results go, too
    def f(): "what it does" ...       the docstring goes
    map(int, words)                   (int(word) for word in words), and so for filter and lambda
    dict(a=1), dict.fromkeys(xs, 0)   {"a": 1}, {x: 0 for x in xs}
    list(), str(), dict()             [], "", {}
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from latent_repl.language.parsing.scopes import BuiltinLoad, bound_in, variables_in
from latent_repl.language.signatures import BUILTINS

_ELEMENT = "element"
"""The variable of a comprehension that the user did not write; it is the comprehension's own."""

_WITHOUT_PARTS = {"bool": "False", "dict": "{}", "int": "0", "list": "[]", "str": "''", "tuple": "()"}


def simplify(module: ast.Module, names: Collection[str]) -> None:
    """Rewrite a tree in place. names: the variables and the functions of before, which hide what Python calls so."""
    defined = {node.name for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}
    _Simplifier({*names, *defined, *_stored(module.body)}).visit(module)


def _stored(statements: Sequence[ast.stmt]) -> set[str]:
    names = (name for statement in statements for name in variables_in(statement, {}))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


class _Simplifier(ast.NodeTransformer):
    """Rewrites from the leaves up; own: the names that mean something of the user's where it is."""

    def __init__(self, own: Collection[str]) -> None:
        self._own = frozenset(own)

    def _inside(self, node: ast.AST, own: Collection[str]) -> None:
        """Rewrite what is in a node that has names of its own."""
        before, self._own = self._own, self._own | frozenset(own)
        self.generic_visit(node)
        self._own = before

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        self.generic_visit(node)
        if node.value is None:
            return node
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
            argument.annotation = None
        node.returns = None
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.copy_location(ast.Pass(), node.body[0])]
        parameters = (part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg))
        self._inside(node, {*parameters, *_stored(node.body)})
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        self._inside(node, bound_in(node))
        return node

    def visit_DictComp(self, node: ast.DictComp) -> ast.expr:
        self._inside(node, bound_in(node))
        return node

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        self._inside(node, bound_in(node))
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Name(id="map"), [given, values], []) if "map" not in self._own:
                return self._mapped(node, given, values)
            case ast.Call(ast.Name(id="filter"), [given, values], []) if "filter" not in self._own:
                return self._filtered(node, given, values)
            case ast.Call(ast.Name(id="dict"), [], [_, *_]) if "dict" not in self._own:
                return _dict_of_keywords(node)
            case ast.Call(ast.Name(id=name), [], []) if name in _WITHOUT_PARTS and name not in self._own:
                return ast.copy_location(ast.parse(_WITHOUT_PARTS[name], mode="eval").body, node)
            case ast.Call(ast.Attribute(ast.Name(id="dict"), "fromkeys"), [keys, *rest], []) if (
                "dict" not in self._own and len(rest) <= 1 and all(isinstance(value, ast.Constant) for value in rest)
            ):
                value = rest[0] if rest else ast.copy_location(ast.Constant(None), node)
                generator = ast.comprehension(_element(node, ast.Store()), keys, [], 0)
                return ast.copy_location(ast.DictComp(_element(node, ast.Load()), value, [generator]), node)
            case _:
                return self._marked(node)

    def _marked(self, node: ast.Call) -> ast.Call:
        """Mark the call of a builtin that nothing hides."""
        if isinstance(node.func, ast.Name) and node.func.id in BUILTINS and node.func.id not in self._own:
            node.func.ctx = BuiltinLoad()
        return node

    def _mapped(self, node: ast.Call, given: ast.expr, values: ast.expr) -> ast.expr:
        match given:
            case ast.Name() if given.id != _ELEMENT:
                result = self._marked(ast.copy_location(ast.Call(given, [_element(node, ast.Load())], []), node))
                return _generator(node, result, _element(node, ast.Store()), values)
            case ast.Lambda() if (name := _only_parameter(given)) is not None:
                return _generator(node, given.body, name, values)
            case _:
                return node

    def _filtered(self, node: ast.Call, given: ast.expr, values: ast.expr) -> ast.expr:
        match given:
            case ast.Name():
                element = _element(node, ast.Store())
                call = ast.copy_location(ast.Call(given, [_element(node, ast.Load())], []), node)
                test: ast.expr = self._marked(call)
            case ast.Constant(value=None):
                element, test = _element(node, ast.Store()), _element(node, ast.Load())
            case ast.Lambda() if (name := _only_parameter(given)) is not None:
                element, test = name, given.body
            case _:
                return node
        return _generator(node, ast.copy_location(ast.Name(element.id, ast.Load()), node), element, values, test)


def _only_parameter(node: ast.Lambda) -> ast.Name | None:
    match node.args:
        case ast.arguments(posonlyargs=[], args=[one], vararg=None, kwonlyargs=[], kwarg=None, defaults=[]):
            return ast.copy_location(ast.Name(one.arg, ast.Store()), one)
        case _:
            return None


def _element(node: ast.expr, context: ast.expr_context) -> ast.Name:
    return ast.copy_location(ast.Name(_ELEMENT, context), node)


def _generator(
    node: ast.expr, result: ast.expr, element: ast.Name, values: ast.expr, *tests: ast.expr
) -> ast.GeneratorExp:
    return ast.copy_location(ast.GeneratorExp(result, [ast.comprehension(element, values, list(tests), 0)]), node)


def _dict_of_keywords(node: ast.Call) -> ast.expr:
    if any(keyword.arg is None for keyword in node.keywords):
        return node
    keys: list[ast.expr | None] = [
        ast.copy_location(ast.Constant(keyword.arg), keyword.value) for keyword in node.keywords
    ]
    return ast.copy_location(ast.Dict(keys, [keyword.value for keyword in node.keywords]), node)
