"""The allow-list: which of Python's nodes are in Lx, and what to write instead of the others."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection
from typing import NoReturn

from latent_repl.language.operators import BINARY_NODES, COMPARISON_NODES, FUNCTIONS, RESERVED_NAMES, TABLE, UNARY_NODES
from latent_repl.language.parsing.definitions import check_call, check_header, check_keywords, miscounted
from latent_repl.language.parsing.holes import HoleOperator, HoleStatement, hole_number
from latent_repl.language.parsing.refusals import EXPRESSION_REFUSALS, OPERATOR_REFUSALS, STATEMENT_REFUSALS
from latent_repl.language.parsing.scopes import Function, Functions, returned
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import LAST_VALUE
from latent_repl.language.values import LITERAL_REMEDY, fits, is_value

_TOP_LEVEL = "write def at the beginning of a line, before what calls it"

MAXIMUM_LOOPS = 20
"""What CPython's compiler takes."""


class Checker:
    """Walks a tree and raises LxSyntaxError at the first node outside Lx.

    functions: those defined before the text. names: the variables that exist before it.
    """

    def __init__(
        self, text: SourceText, minimum: int, maximum: int, *, functions: Functions, names: Collection[str] = ()
    ) -> None:
        self._text, self._minimum, self._maximum = text, minimum, maximum
        self._functions, self._variables = dict(functions), set(names)
        self._loops = 0
        self._inside: str | None = None

    def check(self, module: ast.Module) -> None:
        """Check every statement of the module."""
        for statement in module.body:
            if isinstance(statement, ast.FunctionDef):
                self._definition(statement)
            else:
                self._statement(statement)

    def _definition(self, node: ast.FunctionDef) -> None:
        check_header(node, self._text)
        if node.name in (*RESERVED_NAMES, LAST_VALUE) or node.name.startswith("__"):
            self._refuse(node, f"{node.name} is a function of Lx's own", "choose another name")
        if node.name in self._variables:
            self._refuse(node, f"{node.name} is a variable already", "choose another name")
        for argument in node.args.args:
            self._refuse_function_name(argument.arg, node)
        for default in node.args.defaults:
            self._expression(default)
        self._inside = node.name
        before, self._variables = self._variables, set(self._variables)
        self._block(node.body)
        self._variables, self._inside = before, None
        self._functions[node.name] = Function(node, self._text)

    def _return(self, node: ast.Return) -> None:
        if self._inside is None:
            self._refuse(node, "return outside def", "write the value on a line of its own")
        if (value := returned(node)) is not None:
            self._expression(value)

    def _refuse(self, node: ast.stmt | ast.expr, message: str, remedy: str) -> NoReturn:
        raise self._text.fault_at(node, message, remedy)

    def _block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign():
                self._assignment(node)
            case ast.AugAssign():
                self._augmented_assignment(node)
            case ast.Expr(value=ast.Call(func=ast.Name(id="print")) as call):
                self._arguments(call, "print", 0, None)
            case ast.Expr():
                self._expression(node.value)
            case ast.If():
                self._expression(node.test)
                self._block(node.body)
                self._block(node.orelse)
            case ast.While() | ast.For():
                self._loop(node)
            case ast.Assert():
                if node.msg is not None:
                    self._refuse(node.msg, "assert takes a condition alone", "leave the message out")
                self._expression(node.test)
            case ast.Return():
                self._return(node)
            case ast.FunctionDef():
                check_header(node, self._text)
                self._refuse(node, "def stands at the top level alone", _TOP_LEVEL)
            case ast.Delete():
                for target in node.targets:
                    self._variable(target, "write del and the names, as in del a, b")
            case ast.Break() | ast.Continue():
                if not self._loops:
                    word = type(node).__name__.lower()
                    self._refuse(node, f"{word} outside a loop", "put it inside while or for")
            case ast.Pass() | HoleStatement():
                pass
            case _:
                self._refuse_statement(node)

    def _refuse_statement(self, node: ast.stmt) -> NoReturn:
        decorators = getattr(node, "decorator_list", None)
        if decorators:
            self._refuse(decorators[0], "decorators are not in Lx", "leave the decorator out")
        self._refuse(node, *STATEMENT_REFUSALS.get(type(node), ("this statement is not in Lx", "leave it out")))

    def _loop(self, node: ast.While | ast.For) -> None:
        if isinstance(node, ast.While):
            self._expression(node.test)
        else:
            self._variable(node.target, "write one name, as in for i in range(10):")
            self._range(node.iter)
        if self._loops == MAXIMUM_LOOPS:
            self._refuse(
                node, f"loops are nested more than {MAXIMUM_LOOPS} deep", "move the inner ones into a function"
            )
        self._loops += 1
        self._block(node.body)
        self._loops -= 1
        if node.orelse:
            self._refuse(node.orelse[0], "else after a loop is not in Lx", "write the lines after the loop, under if")

    def _range(self, node: ast.expr) -> None:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"):
            self._refuse(node, "for runs over range(...) alone", "write for i in range(10):")
        self._arguments(node, "range", 1, 3)

    def _assignment(self, node: ast.Assign) -> None:
        value = node.value
        size = len(value.elts) if isinstance(value, ast.Tuple) else None
        for target in node.targets:
            if size is None:
                self._variable(target, "write one variable, or as many values as variables: a, b = 1, 2")
                continue
            if not isinstance(target, ast.Tuple) or len(target.elts) != size:
                self._refuse(target, f"{size} values need {size} variables", "write as in a, b = 1, 2")
            for element in target.elts:
                self._variable(element, "write plain names on the left, as in a, b = 1, 2")
        for element in value.elts if isinstance(value, ast.Tuple) else [value]:
            self._expression(element)

    def _augmented_assignment(self, node: ast.AugAssign) -> None:
        self._variable(node.target, "write one variable's name on the left")
        self._operator(node.op, node.target, node.value)
        self._expression(node.value)

    def _variable(self, node: ast.expr, remedy: str) -> None:
        if hole_number(node) is not None:
            self._refuse(node, "a hole stands for a value and cannot be assigned to", "write == for a constraint")
        if not isinstance(node, ast.Name):
            self._refuse(node, f"{self._text.segment(node)} is not one variable", remedy)
        self._name(node)
        self._variables.add(node.id)

    def _name(self, node: ast.Name) -> None:
        self._refuse_function_name(node.id, node)
        if node.id in RESERVED_NAMES:
            self._refuse(node, f"{node.id} is a function, not a variable", f"write {node.id}(...) or another name")
        if node.id.startswith("__"):
            self._refuse(node, f"{node.id} is reserved for Python", "choose a name that begins with a letter")

    def _refuse_function_name(self, name: str, node: ast.stmt | ast.expr) -> None:
        if name in self._functions or name == self._inside:
            self._refuse(node, f"{name} is a function, not a variable", f"write {name}(...) or another name")

    def _expression(self, node: ast.expr) -> None:
        match node:
            case ast.Constant():
                self._literal(node, node.value)
            case ast.Name():
                self._name(node)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) if type(value) is int:
                self._literal(node, -value)
            case ast.UnaryOp():
                if type(node.op) not in UNARY_NODES:
                    self._refuse(node, *OPERATOR_REFUSALS[type(node.op)][1:])
                self._expression(node.operand)
            case ast.BinOp():
                self._expression(node.left)
                self._operator(node.op, node.left, node.right)
                self._expression(node.right)
            case ast.BoolOp():
                for part in node.values:
                    self._expression(part)
            case ast.Compare():
                self._comparison(node)
            case ast.IfExp():
                for part in (node.test, node.body, node.orelse):
                    self._expression(part)
            case ast.Call():
                self._call(node)
            case _:
                refusal = EXPRESSION_REFUSALS.get(type(node), ("this expression is not in Lx", "leave it out"))
                self._refuse(node, *refusal)

    def _literal(self, node: ast.expr, value: object) -> None:
        if not is_value(value):
            kind = "None" if value is None else type(value).__name__.replace("ellipsis", "...")
            self._refuse(node, f"{kind} is not a value of Lx", LITERAL_REMEDY)
        if isinstance(value, int) and not fits(value, self._minimum, self._maximum):
            # Python refuses to turn numbers of thousands of digits into text.
            shown = str(value) if abs(value) < 10**12 else "this number"
            message = f"{shown} is outside {self._minimum}..{self._maximum}"
            self._refuse(node, message, f"write a number from {self._minimum} to {self._maximum}")

    def _operator(self, operator: ast.operator, left: ast.expr, right: ast.expr) -> None:
        if not isinstance(operator, (HoleOperator, *BINARY_NODES)):
            symbol, message, remedy = OPERATOR_REFUSALS[type(operator)]
            raise self._text.fault_between(left, right, message, remedy, symbol=symbol)

    def _comparison(self, node: ast.Compare) -> None:
        parts = [node.left, *node.comparators]
        self._expression(parts[0])
        for left, operator, right in zip(parts[:-1], node.ops, parts[1:], strict=True):
            if type(operator) not in COMPARISON_NODES:
                symbol, message, remedy = OPERATOR_REFUSALS[type(operator)]
                raise self._text.fault_between(left, right, message, remedy, symbol=symbol)
            self._expression(right)

    def _call(self, node: ast.Call) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name == "print":
            self._refuse(node, "print gives no value", "write print(...) on a line of its own")
        if name == "range":
            self._refuse(node, "range stands in a for loop alone", "write for i in range(...):")
        if hole_number(node.func) is not None:
            self._refuse(node, "a hole stands for a value, not for a function", self._known())
        if name is None:
            self._expression(node.func)
            self._refuse(node, "only functions can be called", self._known())
        if self._inside is not None and self._is_called_later(name):
            check_keywords(node, self._text)
            self._given(node)
        elif name in self._functions:
            check_call(node, self._functions[name], self._text)
            self._given(node)
        elif name in FUNCTIONS:
            row = TABLE[name]
            self._arguments(node, name, row.arity, None if row.folds else row.arity)
        else:
            self._refuse(node, f"unknown function {name}", self._known())

    def _is_called_later(self, name: str) -> bool:
        """Return whether a call in a function is of one of the user's: which one it means, only the run knows."""
        own = (*self._functions, self._inside)
        return name in own or not (name in self._variables or name in FUNCTIONS or hasattr(builtins, name))

    def _given(self, node: ast.Call) -> None:
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            self._expression(argument)

    def _known(self) -> str:
        return f"the functions are {', '.join((*FUNCTIONS, *self._functions))}, and print on a line of its own"

    def _arguments(self, node: ast.Call, name: str, least: int, most: int | None) -> None:
        if node.keywords:
            self._refuse(node.keywords[0].value, "arguments by name are not in Lx", "leave the argument out")
        if len(node.args) < least or (most is not None and len(node.args) > most):
            raise miscounted(node, name, (least, most), len(node.args), self._text)
        for argument in node.args:
            self._expression(argument)
