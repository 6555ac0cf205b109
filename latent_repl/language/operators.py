"""What an operator of Lx is: one table, which parser, lowering, vocabulary, oracle, grammar and searches go by.

    TABLE["+"].exact(2, 3)       5
    TABLE["min"].written         "min({left}, {right})"
    BINARY_NODES[ast.Add]        "+"

To add an operator, add a row: operators of two operands first, each after those that are there, for the vocabulary of
a fresh model and the pairs that training holds out go by the order. What only rows need stands in a table of its own,
ROW_OPERATORS: what it does is said in `movement.py`.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from latent_repl.language.values import NUMBERS, VALUES, Kind

ADD, SUBTRACT, MULTIPLY, FLOOR_DIVIDE, MODULO = "+", "-", "*", "//", "%"
EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL = "==", "!=", "<", "<=", ">", ">="
MIN, MAX, NEGATE, NOT, ABS, COPY, DELETE = "min", "max", "neg", "not", "abs", "copy", "del"
LENGTH, KIND_OF, NEW_ROW, AS, ORD, CHR = "len", "kind", "row", "as", "ord", "chr"
ITEM, CELL, TAKE, DROP, REVERSE = "[]", "cell", "take", "drop", "reverse"
APPEND, PUT, STORE, BECOME = "append", "put", "store", "become"
# `**` has no operator of its own: it is lowered to a loop of multiplications.
POWER = "**"
BIT_AND, BIT_OR, BIT_XOR, LEFT_SHIFT, RIGHT_SHIFT, INVERT = "&", "|", "^", "<<", ">>", "~"
DIVIDE = "/"

STATUS_OK, ZERO_DIVISION, OVERFLOW = "ok", "ZeroDivisionError", "OverflowError"
STATUSES = (STATUS_OK, ZERO_DIVISION, OVERFLOW)
"""How a step on numbers can end."""
TYPE_ERROR, INDEX_ERROR, KEY_ERROR, VALUE_ERROR = "TypeError", "IndexError", "KeyError", "ValueError"
MEMORY_ERROR, TRAP, FULL = "MemoryError", "trap", "full"
ROW_STATUSES = (TYPE_ERROR, INDEX_ERROR, KEY_ERROR, VALUE_ERROR, MEMORY_ERROR, TRAP, FULL)
"""How a step of a checkpoint with rows can end as well. trap: one step is not enough, a routine of the prelude is;
full: there is no free row."""

# What an error of the program says, whoever runs it.
DIVISION_BY_ZERO = "division by zero"

Node = type[ast.operator] | type[ast.unaryop] | type[ast.cmpop]
Level = Literal["additive", "multiplicative", "comparator", "extreme"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operator:
    """One operator.

    symbol: its token, and its name wherever one is needed. arity: how many operands a core line gives it.
    exact: Python's own function. written: how Lx writes it; core: how a core line does, for display,
        with a `{target}` where the line is no assignment.
    node: its class in Python's tree; an operator without one, that is written, is a function of its symbol's name.
    folds: whether a function takes two arguments or more, from left to right.
    takes: the kinds of its operands. truth: whether its result is a bool; chooses: whether it is one of the operands.
    statuses: how it can end but well.
    common: whether programs use it most. one_sided: whether no operator says the same with the operands exchanged.
    level: the symbol of the grammar of programs that stands for it. weight: how often it is drawn there.
    """

    symbol: str
    arity: int
    exact: Callable[..., Any]
    written: str
    core: str
    node: Node | None = None
    folds: bool = False
    takes: tuple[Kind, ...] = NUMBERS
    truth: bool = False
    chooses: bool = False
    statuses: tuple[str, ...] = ()
    common: bool = False
    one_sided: bool = False
    level: Level | None = None
    weight: float = 1.0

    @property
    def divides(self) -> bool:
        """Whether it fails where its right operand is zero."""
        return ZERO_DIVISION in self.statuses

    @property
    def overloaded(self) -> bool:
        """Whether `exact` is an operator of Python's, which arrays and terms of equations define for themselves."""
        return self.exact.__module__ == operator.add.__module__ and self.exact is not operator.not_

    @property
    def function(self) -> str | None:
        """The name by which programs call it, None where they do not."""
        return self.symbol if self.node is None and self.written and self.symbol != COPY else None

    @property
    def in_place(self) -> bool:
        """Whether it changes the row that its target refers to, and not the target."""
        return "{target}" in self.core


def _infix(symbol: str, node: Node, exact: Callable[..., Any], level: Level, **rest: Any) -> Operator:
    shape = f"{{left}} {symbol} {{right}}"
    return Operator(symbol=symbol, arity=2, exact=exact, written=shape, core=shape, node=node, level=level, **rest)


def _comparison(symbol: str, node: Node, exact: Callable[..., Any], **rest: Any) -> Operator:
    return _infix(symbol, node, exact, "comparator", truth=True, **rest)


def _function(symbol: str, arity: int, exact: Callable[..., Any], **rest: Any) -> Operator:
    operands = ("{left}", "{right}")[:arity]
    written, core = f"{symbol}({', '.join(operands)})", f"{symbol} {' '.join(operands)}"
    return Operator(symbol=symbol, arity=arity, exact=exact, written=written, core=core, **rest)


def _prefix(symbol: str, node: Node, exact: Callable[..., Any], shape: str, **rest: Any) -> Operator:
    return Operator(symbol=symbol, arity=1, exact=exact, written=shape, core=shape, node=node, **rest)


_OVERFLOWS, _DIVIDES = (OVERFLOW,), (ZERO_DIVISION,)

ROWS: tuple[Operator, ...] = (
    _infix(ADD, ast.Add, operator.add, "additive", statuses=_OVERFLOWS, common=True),
    _infix(SUBTRACT, ast.Sub, operator.sub, "additive", statuses=_OVERFLOWS, common=True, one_sided=True),
    _infix(MULTIPLY, ast.Mult, operator.mul, "multiplicative", statuses=_OVERFLOWS, common=True),
    _infix(FLOOR_DIVIDE, ast.FloorDiv, operator.floordiv, "multiplicative", statuses=_DIVIDES, one_sided=True),
    _infix(MODULO, ast.Mod, operator.mod, "multiplicative", statuses=_DIVIDES, one_sided=True),
    _comparison(EQUAL, ast.Eq, operator.eq, takes=VALUES),
    _comparison(NOT_EQUAL, ast.NotEq, operator.ne, takes=VALUES),
    _comparison(LESS, ast.Lt, operator.lt),
    _comparison(LESS_EQUAL, ast.LtE, operator.le),
    _comparison(GREATER, ast.Gt, operator.gt),
    _comparison(GREATER_EQUAL, ast.GtE, operator.ge),
    _function(MIN, 2, min, folds=True, chooses=True, level="extreme"),
    _function(MAX, 2, max, folds=True, chooses=True, level="extreme"),
    _prefix(NEGATE, ast.USub, operator.neg, "-{left}", weight=0.7),
    _prefix(NOT, ast.Not, operator.not_, "not {left}", truth=True, takes=VALUES),
    _function(ABS, 1, abs, weight=0.5),
    Operator(
        symbol=COPY, arity=1, exact=lambda value: value, written="{left}", core="{left}", takes=VALUES, chooses=True
    ),
    Operator(symbol=DELETE, arity=0, exact=lambda: None, written="", core=""),
)


def _on_rows(symbol: str, core: str) -> Operator:
    return Operator(
        symbol=symbol, arity=core.count("{left}") + core.count("{right}"), exact=_decided, written="", core=core
    )


def _decided(*operands: Any) -> Any:
    raise TypeError("movement.py says what an operator on rows does")


_ON_ROWS: tuple[Operator, ...] = (
    _on_rows(AS, "{left} as {right}"),
    _on_rows(ITEM, "{left}[{right}]"),
    _on_rows(CELL, "cell {left} {right}"),
    _on_rows(TAKE, "{left}[:{right}]"),
    _on_rows(DROP, "{left}[{right}:]"),
    _on_rows(PUT, "{target}[{left}] = {right}"),
    _on_rows(STORE, "store {target} {left} {right}"),
    _on_rows(LENGTH, "len {left}"),
    _on_rows(KIND_OF, "kind {left}"),
    _on_rows(NEW_ROW, "row {left}"),
    _on_rows(REVERSE, "{left}[::-1]"),
    _on_rows(ORD, "ord {left}"),
    _on_rows(CHR, "chr {left}"),
    _on_rows(APPEND, "append {target} {left}"),
    _on_rows(BECOME, "become {target} {left}"),
)

_ON_NUMBERS = {row.symbol: row for arity in (2, 1, 0) for row in ROWS if row.arity == arity}
TABLE: Mapping[str, Operator] = MappingProxyType({**_ON_NUMBERS, **{row.symbol: row for row in _ON_ROWS}})
OPERATORS = tuple(_ON_NUMBERS)
"""The operators on numbers, which all checkpoints may have; some act on rows as well, as `+` does."""
ROW_OPERATORS = tuple(row.symbol for row in _ON_ROWS)
"""The operators that only checkpoints with rows have."""
ROW_FUNCTIONS = (LENGTH, ORD, CHR)
"""Those of them that programs call, by their symbols."""
BINARY_OPERATORS = tuple(symbol for symbol in OPERATORS if TABLE[symbol].arity == 2)
UNARY_OPERATORS = tuple(symbol for symbol in OPERATORS if TABLE[symbol].arity == 1 and symbol != COPY)


def _nodes(base: type) -> dict[Any, str]:
    return {row.node: row.symbol for row in ROWS if row.node is not None and issubclass(row.node, base)}


BINARY_NODES: Mapping[type[ast.operator], str] = MappingProxyType({**_nodes(ast.operator), ast.Pow: POWER})
ROUTINE_NODES: Mapping[type[ast.operator], str] = MappingProxyType(
    {
        ast.Div: DIVIDE,
        ast.BitAnd: BIT_AND,
        ast.BitOr: BIT_OR,
        ast.BitXor: BIT_XOR,
        ast.LShift: LEFT_SHIFT,
        ast.RShift: RIGHT_SHIFT,
    }
)
"""What routines of the prelude work out, where there are rows; `~x` is lowered to the difference of -1 and x."""
WRITTEN_NODES: Mapping[type[ast.operator], str] = MappingProxyType({**BINARY_NODES, **ROUTINE_NODES})
COMPARISON_NODES: Mapping[type[ast.cmpop], str] = MappingProxyType(_nodes(ast.cmpop))
# `+x` is lowered to the sum with 0.
UNARY_NODES: Mapping[type[ast.unaryop], str] = MappingProxyType({**_nodes(ast.unaryop), ast.UAdd: ADD})
COMPARISONS = tuple(COMPARISON_NODES.values())
FUNCTIONS = tuple(row.function for arity in (1, 2) for row in ROWS if row.arity == arity and row.function)
RESERVED_NAMES = (*FUNCTIONS, "print", "range")
WORDS = tuple(row.symbol for row in ROWS if row.symbol.isidentifier() and row.symbol in row.written)
"""The operators that programs write as words."""


def at_level(level: Level) -> tuple[str, ...]:
    """Return the operators that a symbol of the grammar of programs stands for."""
    return tuple(row.symbol for row in ROWS if row.level == level)
