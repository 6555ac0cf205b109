"""What the first line of a `def` must keep, and the calls of it: plain parameters, literals as their defaults."""

from __future__ import annotations

import ast
from collections import Counter

from latent_repl.errors import LxSyntaxError
from latent_repl.language.operators import RESERVED_NAMES
from latent_repl.language.parsing.refusals import EXPRESSION_REFUSALS
from latent_repl.language.parsing.scopes import Function
from latent_repl.language.parsing.source_text import SourceText

_PLAIN_PARAMETERS = "write plain names, as in def f(a, b=1):"


def check_header(node: ast.FunctionDef, text: SourceText) -> None:
    """Raise LxSyntaxError unless the parameters are plain names, each once, and their defaults literals."""
    if node.decorator_list:
        raise text.fault_at(node.decorator_list[0], "decorators are not in Lx", "leave the decorator out")
    given = node.args
    others = [*given.posonlyargs, *given.kwonlyargs, given.vararg, given.kwarg]
    if any(others) or given.kw_defaults:
        raise text.fault_at(node, f"{node.name} has parameters that Lx has not", _PLAIN_PARAMETERS)
    for default in given.defaults:
        literal = default.operand if isinstance(default, ast.UnaryOp) else default
        if not isinstance(literal, ast.Constant):
            raise text.fault_at(default, "a default is a literal in Lx", "write one, as in def f(a, b=1):")
    before = set[str]()
    for argument in given.args:
        if argument.arg in before:
            message = f"{argument.arg} stands twice among the parameters"
            raise _at_argument(argument, text, message, "give each parameter a name of its own")
        if argument.arg in RESERVED_NAMES or argument.arg.startswith("__"):
            raise _at_argument(argument, text, f"{argument.arg} cannot be a parameter", "choose another name")
        before.add(argument.arg)


def check_keywords(node: ast.Call, text: SourceText) -> None:
    """Raise LxSyntaxError where arguments stand behind a star or two."""
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            raise text.fault_at(argument, *EXPRESSION_REFUSALS[ast.Starred])
    for keyword in node.keywords:
        if keyword.arg is None:
            raise text.fault_at(keyword.value, "** before a value is not in Lx", "write the arguments one by one")


def check_call(node: ast.Call, function: Function, text: SourceText) -> None:
    """Raise LxSyntaxError where the arguments of a call do not fit the function that it is known to mean."""
    check_keywords(node, text)
    parameters, defaults = function.parameters, function.defaults
    given = Counter([*parameters[: len(node.args)], *(keyword.arg for keyword in node.keywords)])
    known = frozenset(parameters)
    for keyword in node.keywords:
        if keyword.arg not in known or given[keyword.arg] > 1:
            wrong = "two values for" if keyword.arg in parameters else "no parameter"
            remedy = f"its parameters are {', '.join(parameters)}" if parameters else "leave the argument out"
            raise text.fault_at(keyword.value, f"{function.name} has {wrong} {keyword.arg}", remedy)
    missing = [each for each in parameters if each not in given and each not in defaults]
    if missing or len(node.args) > len(parameters):
        wanted = len(parameters) - len(defaults), len(parameters)
        if missing and wanted[0] <= len(node.args) + len(node.keywords) <= wanted[1]:
            remedy = f"give it one, as in {missing[0]}=1"
            raise text.fault_at(node, f"{function.name} has no value for {missing[0]}", remedy)
        raise miscounted(node, function.name, wanted, len(node.args) + len(node.keywords), text)


def miscounted(
    node: ast.Call, name: str, wanted: tuple[int, int | None], count: int, text: SourceText
) -> LxSyntaxError:
    """Return the error of a call with too few values or too many; wanted: the fewest and the most, None for any."""
    least, most = wanted
    numbers = f"{least} or more" if most is None else str(least) if least == most else f"{least} to {most}"
    values = "value" if numbers == "1" else "values"
    return text.fault_at(node, f"{name} takes {numbers} {values}, not {count}", f"write {name} with {numbers}")


def _at_argument(argument: ast.arg, text: SourceText, message: str, remedy: str) -> LxSyntaxError:
    column = text.column(argument.lineno, argument.col_offset)
    return text.fault(argument.lineno, column, message, remedy)
