"""What a `def` must keep: plain parameters, a value in every case, no recursion."""

from __future__ import annotations

import ast

from latent_repl.errors import LxSyntaxError
from latent_repl.language.operators import RESERVED_NAMES
from latent_repl.language.parsing.flow import Flow
from latent_repl.language.parsing.scopes import Function, Functions, callee, reached
from latent_repl.language.parsing.source_text import SourceText

_PLAIN_PARAMETERS = "write plain names, as in def f(a, b):"


def check_header(node: ast.FunctionDef, text: SourceText) -> None:
    """Raise LxSyntaxError unless the parameters are plain names, each once, and nothing is annotated."""
    if node.decorator_list:
        raise text.fault_at(node.decorator_list[0], "decorators are not in Lx", "leave the decorator out")
    given = node.args
    others = [*given.posonlyargs, *given.kwonlyargs, given.vararg, given.kwarg]
    if any(others) or given.defaults or given.kw_defaults:
        raise text.fault_at(node, f"{node.name} has parameters that Lx has not", _PLAIN_PARAMETERS)
    annotated = [argument.annotation for argument in given.args if argument.annotation] + [node.returns]
    if annotated[0] is not None:
        raise text.fault_at(annotated[0], "annotations are not in Lx", "leave the annotation out")
    for place, argument in enumerate(given.args):
        if argument.arg in [other.arg for other in given.args[:place]]:
            message = f"{argument.arg} stands twice among the parameters"
            raise _at_argument(argument, text, message, "give each parameter a name of its own")
        if argument.arg in RESERVED_NAMES or argument.arg.startswith("__"):
            raise _at_argument(argument, text, f"{argument.arg} cannot be a parameter", "choose another name")


def check_body(function: Function, functions: Functions) -> None:
    """Raise LxSyntaxError unless the body returns in every case, reads what it has assigned, and never calls itself.

    functions: those that are in force once this one is.
    """
    text, node = function.text, function.definition
    for call in function.calls:
        if function.name in reached(call, functions):
            remedy = "calls are written out where they stand: write a loop"
            raise text.fault_at(call, f"{function.name} calls itself; recursion is not in Lx", remedy)
    flow = Flow(function)
    if flow.unassigned is not None:
        name = flow.unassigned.id
        raise text.fault_at(flow.unassigned, f"{name} may have no value here", f"assign {name} first in every case")
    if flow.falls_through:
        raise text.fault_at(node, f"{node.name} can end without return", "end it with return and a value")
    for caller in functions.values():
        for call in caller.calls:
            if callee(call) == function.name and len(call.args) != len(function.parameters):
                message = f"{caller.name} calls {node.name} with {len(call.args)} values"
                raise text.fault_at(node, message, f"take as many parameters, or choose another name than {node.name}")


def _at_argument(argument: ast.arg, text: SourceText, message: str, remedy: str) -> LxSyntaxError:
    column = text.column(argument.lineno, argument.col_offset)
    return text.fault(argument.lineno, column, message, remedy)
