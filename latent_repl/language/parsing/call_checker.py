"""The allow-list of what is called: the user's functions, builtins, and methods of values."""

from __future__ import annotations

import ast
import builtins
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import NoReturn

from latent_repl.errors import LxSyntaxError
from latent_repl.language.operators import FUNCTIONS
from latent_repl.language.parsing.definitions import check_call, check_keywords, miscounted
from latent_repl.language.parsing.function_nodes import GivenFunction
from latent_repl.language.parsing.holes import hole_number
from latent_repl.language.parsing.imports import no_attribute
from latent_repl.language.parsing.refusals import (
    CALL_WITHOUT_ROWS,
    FUNCTION_REFUSALS,
    KEY,
    METHOD_REFUSALS,
    METHODS_NEED_ROWS,
    SORT_KEY,
    WITH_PARTS,
    no_words,
)
from latent_repl.language.parsing.scopes import Function, Functions, callee, is_builtin, top_level
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import TOLD_BY
from latent_repl.language.signatures import (
    BUILTINS,
    CONSUMERS,
    CONSUMING_METHODS,
    GENERATOR_CONSUMERS,
    KEYED,
    LAZY_BUILTINS,
    LAZY_METHODS,
    METHODS,
    REWRITTEN,
    REWRITTEN_CONSUMERS,
    Signature,
    operator_signature,
)

GENERATORS = (*GENERATOR_CONSUMERS, *REWRITTEN_CONSUMERS)

OTHERWISE_WRITTEN = ("filter", "isinstance", "map", "type")
"""Functions whose calls are written in another way before they are checked."""
MOST_FOUND = 20
"""Obstacles that are noted before the check ends. Chosen."""


class EnoughFound(Exception):
    """So many obstacles were found that the rest of the text need not be checked."""


class CallChecker(ABC):
    """Checks calls; what their arguments may be, `_expression` and `_consumed` say.

    functions: those in force. names: the variables so far. rows: whether the checkpoint has words for rows.
    """

    def __init__(
        self,
        text: SourceText,
        minimum: int,
        maximum: int,
        *,
        functions: Functions,
        names: Collection[str] = (),
        rows: bool = False,
    ) -> None:
        self._text, self._minimum, self._maximum, self._rows = text, minimum, maximum, rows
        self._functions = dict(functions)
        self._variables = {*names, *(name for function in functions.values() for name in function.declared)}
        self._inside: str | None = None
        self._found: list[LxSyntaxError] = []

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Note what is outside Lx, so that the rest of the text can be checked too."""
        try:
            yield
        except LxSyntaxError as error:
            self._found.append(error)
            if len(self._found) == MOST_FOUND:
                raise EnoughFound from error

    @abstractmethod
    def _expression(self, node: ast.expr) -> None:
        """Check any expression."""

    @abstractmethod
    def _consumed(self, node: ast.expr) -> None:
        """Check an expression that is gone through at once."""

    @abstractmethod
    def _generated(self, node: ast.expr) -> None:
        """Check one that may be a generator as well."""

    def _refuse(self, node: ast.stmt | ast.expr | ast.pattern, message: str, remedy: str) -> NoReturn:
        raise self._text.fault_at(node, message, remedy)

    def _need_rows(self, node: ast.stmt | ast.expr, named: str, remedy: str) -> None:
        if not self._rows:
            self._refuse(node, *no_words(named, remedy))

    def _call(self, node: ast.Call) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if isinstance(node.func, GivenFunction):
            self._given(node)
            return
        if name == "print":
            self._refuse(node, "print gives no value", "write print(...) on a line of its own")
        if hole_number(node.func) is not None:
            self._refuse(node, "a hole stands for a value, not for a function", self._known())
        if name is None:
            self._expression(node.func)
            self._refuse(node, "only functions can be called", self._known())
        if is_builtin(node):
            self._builtin(node, name)
        elif self._inside is not None and self._is_called_later(name):
            self._given(node)
        elif name in self._functions:
            self._given(node, self._functions[name])
        elif name in self._variables or name in BUILTINS:
            remedy = "choose another name for the variable; a function is no value that a variable could hold"
            self._refuse(node, f"{name.rpartition('.')[2]} is a variable, not a function", remedy)
        else:
            close = get_close_matches(name, [*self._callable(), "print"], n=1)
            remedy = f"did you mean {close[0]}?" if close else self._known()
            self._refuse(node, *FUNCTION_REFUSALS.get(name, (f"unknown function {name.partition(TOLD_BY)[0]}", remedy)))

    def _is_called_later(self, name: str) -> bool:
        """Return whether a call in a function is of one of the user's: which one it means, only the run knows."""
        own = (*self._functions, self._inside)
        return name in own or not (name in self._variables or hasattr(builtins, name))

    def _given(self, node: ast.Call, function: Function | None = None) -> None:
        """Check what one of the user's functions is given; function: the one that is known to be meant."""
        check_keywords(node, self._text, stars=self._rows)
        if function is not None:
            check_call(node, function, self._text)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            if isinstance(argument, GivenFunction):
                continue
            if isinstance(argument, ast.Call) and is_builtin(argument) and callee(argument) == "range" and self._rows:
                self._consumed(argument)  # lowering knows what the function does with it
            elif not isinstance(argument, ast.Starred):
                self._expression(argument)
            elif node.keywords:  # before which Python would not go through a generator
                self._consumed(argument.value)
            else:
                self._generated(argument.value)

    def _builtin(self, node: ast.Call, name: str, *, consumed: bool = False) -> None:
        if name == "range" and not self._rows:
            self._refuse(node, "range stands in a for loop alone", "write for i in range(...):")
        written = name.partition(" ")[0]
        if written in LAZY_BUILTINS and self._rows and not consumed:
            self._refuse(
                node, f"{written} gives no value of its own", f"write list({written}(...)), or put it behind for"
            )
        if self._rows:
            check = self._consumed if name in CONSUMERS else self._expression
            signature = REWRITTEN[name] if name in REWRITTEN else BUILTINS[name]
            self._arguments(node, signature, self._generated if name in GENERATORS else check)
        elif name in FUNCTIONS:
            self._arguments(node, operator_signature(name), self._expression)
        else:
            named = WITH_PARTS if name in REWRITTEN else CALL_WITHOUT_ROWS.format(name=name)
            self._refuse(node, *no_words(named, self._known()))

    def _method(self, node: ast.Call, method: ast.Attribute, *, consumed: bool = False) -> None:
        name, value = method.attr, method.value
        if (of_module := no_attribute(method, self._variables, self._functions)) is not None:
            self._refuse(method, *of_module)
        self._need_rows(method, *METHODS_NEED_ROWS)
        if isinstance(value, ast.Name) and value.id in BUILTINS and value.id not in self._variables:
            self._refuse(method, f"{value.id} is a kind of value", "call the method of a value, as in s.upper()")
        self._expression(value)
        if name not in METHODS:
            close = get_close_matches(name, METHODS, n=1)
            remedy = f"did you mean {close[0]}?" if close else "Lx has the methods of str, list, tuple and dict"
            self._refuse(method, *METHOD_REFUSALS.get(name, (f"unknown method {name}", remedy)))
        if name in LAZY_METHODS and not consumed:
            self._refuse(method, f"{name} gives no value of its own", f"write list(a.{name}()), or put it behind for")
        check = self._generated if name in CONSUMING_METHODS else self._expression
        self._arguments(node, METHODS[name], check)

    def _known(self) -> str:
        return f"the functions are {', '.join(self._callable())}, and print on a line of its own"

    def _callable(self) -> list[str]:
        return [
            *dict.fromkeys(
                [*FUNCTIONS, *((*BUILTINS, *OTHERWISE_WRITTEN) if self._rows else ()), *top_level(self._functions)]
            )
        ]

    def _arguments(self, node: ast.Call, signature: Signature, check: Callable[[ast.expr], None]) -> None:
        name, least, most = signature.name, signature.least, signature.most
        check_keywords(node, self._text)
        for keyword in node.keywords:
            self._keyword(keyword, signature)
        count = len(node.args) + len(node.keywords)
        if count < least or (most is not None and count > most):
            raise miscounted(node, name, (least, most), count, self._text)
        if signature.placed is not None and len(node.args) > signature.placed:
            given = " and ".join(signature.keywords or ())
            self._refuse(node.args[signature.placed], f"{name} takes {given} by name", f"write as in {given}=True")
        for argument in node.args:
            check(argument)
        for keyword in node.keywords:
            self._expression(keyword.value)

    def _keyword(self, keyword: ast.keyword, signature: Signature) -> None:
        if signature.keywords is None:
            return
        if keyword.arg == "key" and signature.name in KEYED:
            self._refuse(keyword.value, *KEY)
        if keyword.arg == "key" and signature.name == "sort":
            self._refuse(keyword.value, *SORT_KEY)
        if not signature.keywords:
            self._refuse(keyword.value, "arguments by name are not in Lx", "leave the argument out")
        if keyword.arg not in signature.keywords:
            remedy = f"by name it takes {' and '.join(signature.keywords)}"
            self._refuse(keyword.value, f"{signature.name} takes no {keyword.arg} in Lx", remedy)
