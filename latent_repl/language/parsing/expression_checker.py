"""The allow-list of expressions: literals, variables, operators, and what has parts."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from typing import NoReturn

from latent_repl.language.operators import COMPARISON_NODES, RESERVED_NAMES, WRITTEN_NODES
from latent_repl.language.parsing.call_checker import CallChecker
from latent_repl.language.parsing.errors import CaughtMessage
from latent_repl.language.parsing.holes import HoleOperator, hole_number
from latent_repl.language.parsing.imports import first_member, no_attribute
from latent_repl.language.parsing.literals import (
    is_string,
    is_word,
    refuse_foreign_format,
    refuse_foreign_value,
    refuse_number_outside,
)
from latent_repl.language.parsing.patterns import Subject
from latent_repl.language.parsing.refusals import (
    EXPRESSION_REFUSALS,
    FORMATTING,
    NAMED,
    OPERATOR_REFUSALS,
    OPERATORS_NEED_ROWS,
    ROWS_NEEDED,
    TWO_VARIABLES,
    function_as_value,
    named_refusal,
    no_words,
)
from latent_repl.language.parsing.scopes import Comprehension, bound_in, is_builtin, names_in
from latent_repl.language.signatures import BUILTINS, LAZY_METHODS
from latent_repl.language.values import LITERAL_REMEDY


class ExpressionChecker(CallChecker):
    """Raises LxSyntaxError at the first part of an expression that is outside Lx."""

    _comprehensions = 0

    def _expressions(self, nodes: Sequence[ast.expr | None]) -> None:
        for node in nodes:
            if node is not None:
                self._expression(node)

    def _expression(self, node: ast.expr) -> None:
        with self._noting():
            self._examine(node)

    def _examine(self, node: ast.expr) -> None:
        if type(node) in ROWS_NEEDED:
            self._need_rows(node, *ROWS_NEEDED[type(node)])
        match node:
            case ast.Constant():
                self._literal(node, node.value)
            case ast.Name():
                self._name(node)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) if type(value) is int:
                self._literal(node, -value)
            case ast.UnaryOp():
                self._expression(node.operand)
            case ast.BinOp():
                self._expression(node.left)
                self._operator(node.op, node.left, node.right)
                self._expression(node.right)
            case ast.BoolOp():
                self._expressions(node.values)
            case ast.Compare():
                self._comparison(node)
            case ast.IfExp():
                self._expressions([node.test, node.body, node.orelse])
            case ast.Call(func=ast.Attribute() as method):
                self._method(node, method)
            case ast.Call():
                self._call(node)
            case _:
                self._with_parts(node)

    def _with_parts(self, node: ast.expr) -> None:
        match node:
            case ast.List() | ast.Tuple():
                self._expressions(node.elts)
            case ast.Dict():
                self._expressions([*node.keys, *node.values])
            case ast.JoinedStr():
                for part in node.values:
                    self._formatted(part)
            case ast.Subscript():
                self._subscript(node)
            case CaughtMessage() | Subject():
                pass
            case ast.NamedExpr():
                if self._comprehensions:
                    self._refuse(node, *NAMED)
                self._expression(node.value)
                self._target(node.target, "write a variable's name on the left", plain=True)
            case ast.ListComp() | ast.DictComp():
                self._comprehension(node)
            case ast.Attribute() if (said := no_attribute(node, self._variables, self._functions)) is not None:
                self._refuse(node, *said)
            case _:
                self._refuse(
                    node, *EXPRESSION_REFUSALS.get(type(node), ("this expression is not in Lx", "leave it out"))
                )

    def _consumed(self, node: ast.expr) -> None:
        match node:
            case ast.Call(func=ast.Name(id=name)) if is_builtin(node):
                self._builtin(node, name, consumed=True)
            case ast.Call(func=ast.Attribute(attr=name) as method) if name in LAZY_METHODS:
                self._method(node, method, consumed=True)
            case _:
                self._expression(node)

    def _generated(self, node: ast.expr) -> None:
        if isinstance(node, ast.GeneratorExp) and self._rows:
            self._comprehension(node)
        else:
            self._consumed(node)

    def _gone_through(self, target: ast.expr, node: ast.expr, *, hidden: Collection[str] = ()) -> None:
        """Check what a loop goes through to assign it to a target; a generator gives one value a round.

        hidden: names that mean the variables of the comprehension whose loop it is, and something else in a generator.
        """
        match node:
            case ast.GeneratorExp(generators=[_]) if self._rows:
                for name in names_in(node):
                    if name.id in hidden:
                        self._refuse(name, *named_refusal(TWO_VARIABLES, name.id))
                self._comprehension(node)
            case ast.Call(func=ast.Name(id="enumerate" as name), args=[ast.GeneratorExp() as given, *_]) if (
                is_builtin(node) and isinstance(target, ast.Tuple | ast.List) and len(target.elts) == 2
            ):
                self._arguments(node, BUILTINS[name], lambda part: None if part is given else self._expression(part))
                self._gone_through(target.elts[1], given, hidden=hidden)
            case _:
                self._consumed(node)

    def _literal(self, node: ast.expr, value: object) -> None:
        if value is None or isinstance(value, str):
            self._need_rows(node, "None" if value is None else "strings", LITERAL_REMEDY)
        if isinstance(value, float):
            self._need_rows(node, "floats", "write a whole number, and // to divide")
        refuse_foreign_value(node, value, self._text)
        # Where there are rows, a wider number is one.
        if isinstance(value, int) and not self._rows:
            refuse_number_outside(node, value, self._minimum, self._maximum, self._text)

    def _formatted(self, part: ast.expr) -> None:
        if isinstance(part, ast.FormattedValue):
            self._expression(part.value)
            refuse_foreign_format(part, self._text)
        else:
            self._expression(part)

    def _subscript(self, node: ast.Subscript) -> None:
        self._expression(node.value)
        if isinstance(node.slice, ast.Slice):
            self._expressions([node.slice.lower, node.slice.upper, node.slice.step])
        else:
            self._expression(node.slice)

    def _comprehension(self, node: Comprehension) -> None:
        before, self._variables = self._variables, set(self._variables)
        self._comprehensions += 1
        with self._noting():
            for generator in node.generators:
                if generator.is_async:
                    self._refuse(generator.iter, *EXPRESSION_REFUSALS[ast.Await])
                # What the first loop goes through is read outside.
                hidden = bound_in(node) if generator is node.generators[0] else ()
                self._gone_through(generator.target, generator.iter, hidden=hidden)
                self._target(generator.target, "write names, as in [a + b for a, b in values]", plain=True)
                self._expressions(generator.ifs)
        self._expressions([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
        self._comprehensions -= 1
        self._variables = before

    def _target(self, node: ast.expr, remedy: str, *, plain: bool = False) -> None:
        """Check what is assigned to; plain: whether it has to be a name, or names in brackets."""
        if hole_number(node) is not None:
            self._refuse(node, "a hole stands for a value and cannot be assigned to", "write == for a constraint")
        match node:
            case ast.Name():
                self._name(node)
                self._variables.add(node.id)
            case ast.Tuple(elts=[_, *_] as targets) | ast.List(elts=[_, *_] as targets) if self._rows:
                for target in targets:
                    self._target(target, remedy, plain=plain)
            case ast.Subscript() if not plain:
                self._need_rows(node, *ROWS_NEEDED[ast.Subscript])
                self._subscript(node)
            case ast.Starred() if self._rows:
                self._refuse(node, "* before a name is not in Lx", "take a slice, as in b = a[1:]")
            case _:
                self._refuse(node, f"{self._text.segment(node)} is not one variable", remedy)

    def _name(self, node: ast.Name) -> None:
        self._refuse_function_name(node.id, node)
        module = not isinstance(node.ctx, ast.Store) and first_member(node.id, self._variables, self._functions)
        if module:
            self._refuse(node, f"{node.id} is a module, not a variable", f"write as in {node.id}.{module}")
        if node.id in RESERVED_NAMES:
            self._refuse(node, *function_as_value(node.id))
        if node.id.startswith("__"):
            self._refuse(node, f"{node.id} is reserved for Python", "begin the name with a letter")

    def _refuse_function_name(self, name: str, node: ast.stmt | ast.expr) -> None:
        if name in self._functions or name == self._inside:
            self._refuse(node, *function_as_value(name))

    def _operator(self, operator: ast.operator, left: ast.expr, right: ast.expr) -> None:
        if not isinstance(operator, (HoleOperator, *WRITTEN_NODES)):
            self._refuse_operator(left, right, OPERATOR_REFUSALS[type(operator)])
        if type(operator) in OPERATORS_NEED_ROWS:
            self._operator_with_rows(operator, left, right)
        if isinstance(operator, ast.Mod) and is_string(left):
            self._refuse_operator(left, right, FORMATTING)

    def _refuse_operator(self, left: ast.expr, right: ast.expr, refusal: tuple[str, str, str]) -> NoReturn:
        symbol, message, remedy = refusal
        raise self._text.fault_between(left, right, message, remedy, symbol=symbol)

    def _comparison(self, node: ast.Compare) -> None:
        parts = [node.left, *node.comparators]
        self._expression(parts[0])
        for left, operator, right in zip(parts[:-1], node.ops, parts[1:], strict=True):
            if type(operator) not in COMPARISON_NODES:
                self._operator_with_rows(operator, left, right)
            contained = isinstance(operator, ast.In | ast.NotIn)
            (self._consumed if contained else self._expression)(right)

    def _operator_with_rows(self, operator: ast.operator | ast.cmpop, left: ast.expr, right: ast.expr) -> None:
        symbol, named, remedy = OPERATORS_NEED_ROWS[type(operator)]
        if not self._rows:
            self._refuse_operator(left, right, (symbol, *no_words(f"the operator {named}", remedy)))
        if isinstance(operator, ast.Is | ast.IsNot) and not (is_word(left) or is_word(right)):
            self._refuse_operator(left, right, (symbol, f"{named} compares with None, True or False alone", remedy))
