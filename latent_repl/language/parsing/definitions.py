"""What the first line of a `def` must keep, and the calls of it: names for parameters, literals as their defaults."""

from __future__ import annotations

import ast
from collections import Counter

from latent_repl.errors import LxSyntaxError
from latent_repl.language.operators import RESERVED_NAMES
from latent_repl.language.parsing.refusals import EXPRESSION_REFUSALS
from latent_repl.language.parsing.scopes import Function, is_spread, parameters_in
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import LAST_VALUE

_PLAIN_PARAMETERS = "write plain names, as in def f(a, b=1):"


def check_header(node: ast.FunctionDef, text: SourceText) -> None:
    """Raise LxSyntaxError unless the parameters are names, each once, and their defaults literals."""
    if node.decorator_list:
        raise text.fault_at(node.decorator_list[0], "decorators are not in Lx", "leave the decorator out")
    if node.args.posonlyargs:
        raise text.fault_at(node, f"{node.name} has parameters that Lx has not", _PLAIN_PARAMETERS)
    for default in (*node.args.defaults, *node.args.kw_defaults):
        literal = default.operand if isinstance(default, ast.UnaryOp) else default
        if default is not None and not isinstance(literal, ast.Constant):
            raise text.fault_at(default, "a default is a literal in Lx", "write one, as in def f(a, b=1):")
    before = set[str]()
    for argument in parameters_in(node.args):
        if argument.arg in before:
            message = f"{argument.arg} stands twice among the parameters"
            raise _at_argument(argument, text, message, "give each parameter a name of its own")
        if argument.arg in RESERVED_NAMES or argument.arg.startswith("__"):
            raise _at_argument(argument, text, f"{argument.arg} cannot be a parameter", "choose another name")
        before.add(argument.arg)


def check_name(node: ast.FunctionDef, text: SourceText) -> None:
    """Raise LxSyntaxError where a function takes a name of Lx's own."""
    if node.name in (*RESERVED_NAMES, LAST_VALUE) or node.name.startswith("__"):
        raise text.fault_at(node, f"{node.name} is a function of Lx's own", "choose another name")


def check_keywords(node: ast.Call, text: SourceText, *, stars: bool = False) -> None:
    """Raise LxSyntaxError where arguments stand behind two stars, or behind one; stars: whether one is taken."""
    for argument in node.args:
        if isinstance(argument, ast.Starred) and not stars:
            raise text.fault_at(argument, *EXPRESSION_REFUSALS[ast.Starred])
    for keyword in node.keywords:
        if keyword.arg is None:
            raise text.fault_at(keyword.value, "** before a value is not in Lx", "write the arguments one by one")


def check_call(node: ast.Call, function: Function, text: SourceText) -> None:
    """Raise LxSyntaxError where the arguments of a call do not fit the function that it is known to mean.

    How many a star gives, the run tells.
    """
    if is_spread(node):
        return
    placed, defaults = function.placed, function.defaults
    known = (*placed, *function.by_name)
    given = Counter([*placed[: len(node.args)], *(keyword.arg for keyword in node.keywords)])
    for keyword in node.keywords:
        if (keyword.arg not in known and not function.others) or given[keyword.arg] > 1:
            wrong = "two values for" if keyword.arg in known else "no parameter"
            remedy = f"its parameters are {', '.join(known)}" if known else "leave the argument out"
            raise text.fault_at(keyword.value, f"{function.name} has {wrong} {keyword.arg}", remedy)
    if function.by_name and len(node.args) > len(placed) and not function.rest:
        message = f"{function.name} takes {' and '.join(function.by_name)} by name"
        raise text.fault_at(node.args[len(placed)], message, f"write as in {function.by_name[0]}=1")
    missing = [each for each in known if each not in given and each not in defaults]
    if missing or (len(node.args) > len(placed) and not function.rest):
        least, most = len(known) - len(defaults), None if function.rest or function.others else len(known)
        count = len(node.args) + len(node.keywords)
        if missing and (most is None or function.by_name or least <= count <= most):
            remedy = f"give it one, as in {missing[0]}=1"
            raise text.fault_at(node, f"{function.name} has no value for {missing[0]}", remedy)
        raise miscounted(node, function.name, (least, most), count, text)


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
