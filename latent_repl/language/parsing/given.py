"""Functions that calls give to functions: each becomes a node of its own, each lambda a definition.

    apply(abs, 3)                abs is given
    apply(lambda x: x + k, 3)    def <lambda>!x: x + k(x): return x + k
                                 apply(<lambda>!x: x + k, 3)
    apply(str.upper, s)          as lambda value: str.upper(value)

A lambda inside a function becomes a function inside it, so that `nested.py` sees what it reads. Who calls what is
given, `copies.py` finds out.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Sequence

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.function_nodes import OF_PYTHON, GivenFunction, defined, refused
from latent_repl.language.parsing.holes import HOLE_LETTER
from latent_repl.language.parsing.refusals import LAMBDA_IN_COMPREHENSION, named_refusal
from latent_repl.language.parsing.scopes import Comprehension, Function, bound_in, is_call, names_in
from latent_repl.language.parsing.simplify_calls import CallSimplifier
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import TOLD_BY
from latent_repl.language.signatures import BUILTINS

GIVABLE = (*BUILTINS, "print")
"""The functions of Python's own that can be given."""
LONGEST = 200
"""Characters of a lambda that tell it from others as they are. Chosen."""


def mark_given(
    body: Sequence[ast.stmt], text: SourceText, functions: Collection[str], own: Collection[str]
) -> list[ast.stmt]:
    """Return the statements of a text with what calls are given marked, the definitions of lambdas before them.

    functions: the names of those of the top level. own: the names that mean something of the user's there.
    """
    marked: list[ast.stmt] = []
    for statement in body:
        try:
            marked += _GivenMarker(functions, own, text).marked([statement])
        except LxSyntaxError as error:
            marked.append(refused(statement, error))
    return marked


class _GivenMarker(ast.NodeTransformer):
    def __init__(self, functions: Collection[str], own: Collection[str], text: SourceText) -> None:
        self._functions, self._own, self._text = functions, own, text
        self._scopes: list[tuple[Function, set[str]]] = []
        self._bound = frozenset[str]()
        self._written = dict[str, ast.FunctionDef]()

    def marked(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Return the statements of a body with what their calls are given marked."""
        marked: list[ast.stmt] = []
        before, self._written = self._written, {}
        for statement in statements:
            kept = self.visit(statement)
            # A text's statements stand in the order of its lines.
            marked += [*(ast.copy_location(each, statement) for each in self._written.values()), kept]
            self._written = {}
        self._written = before
        return marked

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        inner = {statement.name for statement in node.body if isinstance(statement, ast.FunctionDef)}
        self._scopes.append((Function(node, self._text), inner))
        bound, self._bound = self._bound, frozenset()
        node.body = self.marked(node.body)
        self._scopes.pop()
        self._bound = bound
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if not is_call(node):
            self.generic_visit(node)
            return node
        node.args = [*map(self._argument, node.args)]
        for keyword in node.keywords:
            keyword.value = self._argument(keyword.value)
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        return self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.expr:
        return self._comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        return self._comprehension(node)

    def _comprehension(self, node: Comprehension) -> ast.expr:
        before, self._bound = self._bound, self._bound | bound_in(node)
        self.generic_visit(node)
        self._bound = before
        return node

    def _argument(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Lambda():
                return self._defined(node, node)
            case ast.Name(id=name) if (function := self._function(name)) is not None:
                return ast.copy_location(GivenFunction(function, ast.Load()), node)
            case ast.Attribute() if (lambda_ := self._of_method(node)) is not None:
                return self._defined(lambda_, node)
            case _:
                return self.visit(node)

    def _function(self, name: str) -> str | None:
        """Return what the function is called that a name means here, None where it means none."""
        if name in self._bound:
            return None
        for function, inner in reversed(self._scopes):
            if name in inner or name in function.locals:
                return name if name in inner else None
        if name in self._functions or name in self._own:
            return name if name in self._functions else None
        return OF_PYTHON + name if name in GIVABLE else None

    def _defined(self, node: ast.Lambda, place: ast.expr) -> ast.expr:
        """Return what names a lambda, and let its definition stand before the statement at hand."""
        written = ast.unparse(node).removeprefix("lambda").strip()
        told = written if len(written) <= LONGEST else hashlib.sha256(written.encode()).hexdigest()
        name = f"<lambda>{TOLD_BY}{told}"
        if any(isinstance(part, ast.MatMult) or _is_hole(part) for part in ast.walk(node)):
            name += f" {node.lineno}:{node.col_offset}"  # a hole is another one each time
        function = defined(name, node, place)
        for read in names_in(node.body):
            if read.id in self._bound and read.id not in Function(function, self._text).locals:
                raise self._text.fault_at(read, *named_refusal(LAMBDA_IN_COMPREHENSION, read.id))
        if not self._scopes or name not in self._scopes[-1][1]:
            self._written[name] = function
            if self._scopes:
                self._scopes[-1][1].add(name)
            self.visit(function)
        return ast.copy_location(GivenFunction(name, ast.Load()), place)

    def _of_method(self, node: ast.Attribute) -> ast.Lambda | None:
        """Return the lambda that calls a method of a kind, as of str.upper; None for all else."""
        value: ast.expr = ast.copy_location(ast.Name("value", ast.Load()), node)
        called = ast.copy_location(ast.Call(node, [value], []), node)
        body = CallSimplifier({*self._own, *self._bound, *(name for each, _ in self._scopes for name in each.locals)})
        written = body.visit(called)
        if written is called:
            return None
        parameter = ast.copy_location(ast.arg("value"), node)
        parameters = ast.arguments([], [parameter], None, [], [], None, [])
        return ast.copy_location(ast.Lambda(parameters, written), node)


def _is_hole(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == HOLE_LETTER
