"""The allow-list of statements: which of Python's nodes are in Lx, and what to write instead of the others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from latent_repl.language.parsing.call_checker import EnoughFound
from latent_repl.language.parsing.definitions import check_header, check_keywords, check_name
from latent_repl.language.parsing.errors import ErrorNames
from latent_repl.language.parsing.expression_checker import ExpressionChecker
from latent_repl.language.parsing.function_nodes import Copied, RefusedBody, Taking, function_of
from latent_repl.language.parsing.holes import HOLE_LETTER, HoleStatement
from latent_repl.language.parsing.imports import refusal
from latent_repl.language.parsing.literals import is_string, refuse_foreign_value
from latent_repl.language.parsing.patterns import written_pattern
from latent_repl.language.parsing.refusals import (
    EXCEPT,
    IMPORT_INSIDE,
    IN_BLOCK,
    LITERAL_NEEDED,
    MATCH_NEEDS_ROWS,
    PATTERN_FITS,
    RAISE,
    STARRED_PARAMETERS,
    STATEMENT_REFUSALS,
    no_words,
)
from latent_repl.language.parsing.scopes import parameters_in, returned
from latent_repl.language.signatures import BUILTINS, PRINT

_INTO_FUNCTION = "move the inner ones into a function"
_OUTSIDE = "take another name, or assign None"
_DELETED = "write del and the names, as in del a, b"
_CAPTURED = "write a variable's name, as in case [first, second]:"
_ASSIGNED = "write names on the left, as in a = 1 or a, b = 1, 2"

MAXIMUM_BLOCKS = 20
"""What CPython's compiler takes."""


class StatementChecker(ExpressionChecker):
    """Walks a tree and raises LxSyntaxError for the first node outside Lx, which knows of the others."""

    _loops = 0
    _blocks = 0
    # The variables that the function at hand declares global.
    _outside: frozenset[str] = frozenset()

    def check(self, module: ast.Module) -> None:
        """Check every statement of the module."""
        with suppress(EnoughFound):
            for statement in module.body:
                if isinstance(statement, ast.FunctionDef):
                    self._definition(statement)
                else:
                    self._statement(statement)
        if self._found:
            first, *others = self._found
            first.others = tuple(others)
            raise first

    def _definition(self, node: ast.FunctionDef) -> None:
        text = self._text
        self._text = node.text if isinstance(node, Copied) else text
        self._defined(node)
        self._text = text

    def _defined(self, node: ast.FunctionDef) -> None:
        with self._noting():
            check_header(node, self._text)
            check_name(node, self._text)
            self._header(node)
        self._inside = node.name
        function = function_of(node, self._text)
        before, self._variables = self._variables | function.declared, {*self._variables, *function.locals}
        self._outside = function.declared
        self._block(node.body)
        self._variables, self._inside, self._outside = before, None, frozenset()
        self._functions[node.name] = function

    def _header(self, node: ast.FunctionDef) -> None:
        if node.name in self._variables:
            self._refuse(node, f"{node.name} is a variable already", "choose another name")
        taken = node.takes if isinstance(node, Taking) else ()
        for argument in parameters_in(node.args):
            if argument.arg not in taken:  # the copies have no such variable
                self._refuse_function_name(argument.arg, node)
        if node.args.vararg is not None or node.args.kwarg is not None:
            self._need_rows(node, *STARRED_PARAMETERS)
        self._expressions([*node.args.defaults, *node.args.kw_defaults])

    def _return(self, node: ast.Return) -> None:
        if self._inside is None:
            self._refuse(node, "return outside def", "write the value on a line of its own")
        if (value := returned(node)) is not None:
            self._expression(value)

    def _block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        with self._noting():
            self._examine_statement(node)

    def _examine_statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign():
                self._assignment(node)
            case ast.AugAssign():
                self._augmented_assignment(node)
            case ast.Expr(value=ast.Call(func=ast.Name(id="print")) as call):
                self._print(call)
            case ast.Expr():
                self._expression(node.value)
            case ast.If():
                self._expression(node.test)
                self._block(node.body)
                self._block(node.orelse)
            case ast.While() | ast.For():
                self._loop(node)
            case ast.Assert():
                self._expression(node.test)
                self._message(node.msg)
            case ast.Return():
                self._return(node)
            case ast.Match():
                self._match(node)
            case ast.Try():
                self._try(node)
            case ast.Raise():
                self._raise(node)
            case ast.FunctionDef():
                check_header(node, self._text)
                self._refuse(node, *IN_BLOCK)
            case RefusedBody():
                raise node.fault
            case ast.Delete():
                for target in node.targets:
                    self._deleted(target)
            case ast.Global():
                self._declared(node)
            case ast.Break() | ast.Continue():
                if not self._loops:
                    word = type(node).__name__.lower()
                    self._refuse(node, f"{word} outside a loop", "put it inside while or for")
            case ast.Pass() | HoleStatement():
                pass
            case _:
                self._refuse_statement(node)

    def _match(self, node: ast.Match) -> None:
        self._need_rows(node, *MATCH_NEEDS_ROWS)
        self._expression(node.subject)
        for case in node.cases:
            with self._noting():
                pattern = written_pattern(case)
                if pattern.test is case.guard is None and case is not node.cases[-1]:
                    self._refuse(pattern, *PATTERN_FITS)
                self._expressions([pattern.test])
                for capture in pattern.captures:
                    self._target(capture.targets[0], _CAPTURED, plain=True)
            self._expressions([case.guard])
            self._block(case.body)

    def _try(self, node: ast.Try) -> None:
        if not self._rows:
            self._refuse(node, *no_words("errors that are caught", "test the values with if"))
        outer = int(bool(node.finalbody))
        with self._deeper(node, outer):
            with self._deeper(node, int(bool(node.handlers))):
                self._block(node.body)
            for handler in node.handlers:
                if not isinstance(handler.type, ErrorNames):
                    self._refuse(handler.type or node, *EXCEPT)
                with self._deeper(node, 2):
                    self._block(handler.body)
            self._block(node.orelse)
        with self._deeper(node, outer):
            self._block(node.finalbody)

    @contextmanager
    def _deeper(self, node: ast.stmt, blocks: int) -> Iterator[None]:
        """Check what stands in so many blocks more."""
        self._blocks += blocks
        if self._blocks > MAXIMUM_BLOCKS:
            self._blocks -= blocks
            self._refuse(node, f"loops and try are nested more than {MAXIMUM_BLOCKS} deep", _INTO_FUNCTION)
        try:
            yield
        finally:
            self._blocks -= blocks

    def _raise(self, node: ast.Raise) -> None:
        if not self._rows:
            self._refuse(node, *no_words("raise", "write assert False"))
        if not isinstance(node.exc, ErrorNames):
            self._refuse(node.exc or node, *RAISE)
        if node.cause is not None:
            self._expression(node.cause)

    def _declared(self, node: ast.Global) -> None:
        """Check the names behind `global`; outside functions it says nothing."""
        for name in node.names:
            self._name(ast.copy_location(ast.Name(name, ast.Store()), node))
            if name == HOLE_LETTER:
                self._refuse(node, "a hole stands for a value and cannot be declared", "write a variable's name")

    def _refuse_statement(self, node: ast.stmt) -> NoReturn:
        module = refusal(node) or (IMPORT_INSIDE if isinstance(node, ast.Import | ast.ImportFrom) else None)
        if module is not None:
            self._refuse(node, *module)
        decorators = getattr(node, "decorator_list", None)
        if decorators:
            self._refuse(decorators[0], "decorators are not in Lx", "leave the decorator out")
        self._refuse(node, *STATEMENT_REFUSALS.get(type(node), ("this statement is not in Lx", "leave it out")))

    def _print(self, node: ast.Call) -> None:
        self._expressions(node.args)
        check_keywords(node, self._text)
        for keyword in node.keywords:
            self._keyword(keyword, PRINT)
            value = keyword.value
            if not (isinstance(value, ast.Constant) and (value.value is None or is_string(value))):
                self._refuse(value, f"{keyword.arg} is no literal string", LITERAL_NEEDED)
            refuse_foreign_value(value, value.value, self._text)

    def _message(self, node: ast.expr | None) -> None:
        if node is None:
            return
        if self._rows:
            self._expression(node)
        elif isinstance(node, ast.Constant) and is_string(node):
            refuse_foreign_value(node, node.value, self._text)
        else:
            self._refuse(node, *no_words("a message that is no literal string", LITERAL_NEEDED))

    def _deleted(self, target: ast.expr) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            self._refuse(target, f"{self._text.segment(target)} is not one variable", _DELETED)
        if isinstance(target, ast.Name) and target.id in self._outside:
            self._refuse(target, f"{target.id} is no variable of the function's own, and stays", _OUTSIDE)
        self._target(target, _DELETED)

    def _loop(self, node: ast.While | ast.For) -> None:
        if isinstance(node, ast.While):
            self._expression(node.test)
        else:
            self._target(node.target, "write one name, as in for i in range(10):", plain=True)
            self._round(node)
        with self._deeper(node, 1):
            self._loops += 1
            self._block(node.body)
            self._loops -= 1
        self._block(node.orelse)

    def _round(self, loop: ast.For) -> None:
        """Check what a loop goes through."""
        node = loop.iter
        if self._rows:
            self._gone_through(loop.target, node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
            self._arguments(node, BUILTINS["range"], self._expression)
        else:
            self._refuse(node, *no_words("a loop over anything but range(...)", "write for i in range(10):"))

    def _assignment(self, node: ast.Assign) -> None:
        for target in node.targets:
            if self._rows:
                self._target(target, _ASSIGNED)
            else:
                self._plain_targets(target, node.value)
        if self._rows and any(isinstance(target, ast.Tuple | ast.List) for target in node.targets):
            self._generated(node.value)
        elif isinstance(node.value, ast.Tuple) and not self._rows:
            self._expressions(node.value.elts)
        else:
            self._expression(node.value)

    def _plain_targets(self, target: ast.expr, value: ast.expr) -> None:
        """Check what is assigned to without rows: one variable, or as many as there are values."""
        if not isinstance(value, ast.Tuple):
            self._target(target, "write one variable, or as many values as variables: a, b = 1, 2")
            return
        size = len(value.elts)
        if not isinstance(target, ast.Tuple) or len(target.elts) != size:
            self._refuse(target, f"{size} values need {size} variables", "write as in a, b = 1, 2")
        for element in target.elts:
            self._target(element, "write plain names on the left, as in a, b = 1, 2")

    def _augmented_assignment(self, node: ast.AugAssign) -> None:
        self._target(node.target, "write one variable's name on the left")
        self._operator(node.op, node.target, node.value)
        self._expression(node.value)
