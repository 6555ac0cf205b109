"""What a clause of a constraint asks for.

a + ? == 18        the value of `a + ?` is 18
a + ? == b * 2     ... is that of `b * 2`, known once what comes before the holes has run
x - y == y + ?     both sides have a hole's say: `(x - y) - (y + ?)` is 0
x < 74             the condition itself is true; the nearest x that makes it so is 73
a - ?              `not (a - ?)` is False
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from latent_repl.language.values import Value

# How far beyond the one side of an inequality the nearest value of the other lies, of the left and of the right side.
NEAREST: Mapping[type[ast.cmpop], tuple[int, int]] = MappingProxyType(
    {ast.Lt: (-1, 1), ast.LtE: (0, 0), ast.Gt: (1, -1), ast.GtE: (0, 0)}
)
Settled = Callable[[ast.expr], bool]
"""Whether no hole can change an expression's value."""


@dataclass(frozen=True)
class Goal:
    """An expression and the value that it must have, a literal's or that of another expression.

    side, beyond: of an inequality, the place of the side that a hole has a say in, and how far beyond the value of the
    other side the nearest one lies that meets it.
    """

    expression: ast.expr
    value: Value | ast.expr
    condition: bool = False
    side: int | None = None
    beyond: int = 0


def clauses_of(condition: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of a conjunction: each has a slot, and so a loss, of its own."""
    if isinstance(condition, ast.BoolOp) and isinstance(condition.op, ast.And):
        for value in condition.values:
            yield from clauses_of(value)
    else:
        yield condition


def goal_of(clause: ast.expr, settled: Settled, *, numbers: bool, largest: int) -> Goal:
    """Return what a clause asks for.

    numbers: whether all values are numbers that a cell holds, so that a difference tells them apart. largest: that of a
    cell; whether a value beyond it is met is a condition, as with any row.
    """
    match clause:
        case ast.Compare(left, [ast.Eq()], [right]):
            for side, other in ((left, right), (right, left)):
                value = value_of(other, settled)
                if value is not None and (numbers or (isinstance(value, int) and abs(value) <= largest)):
                    return Goal(side, value)
            if numbers:
                return Goal(ast.copy_location(ast.BinOp(left, ast.Sub(), right), clause), 0)
            return Goal(clause, True, condition=True)
        case ast.Compare(left, [operator], [right]) if numbers and type(operator) in NEAREST:
            for place, other in enumerate((right, left)):
                if value_of(other, settled) is not None:
                    return Goal(clause, True, True, place, NEAREST[type(operator)][place])
            return Goal(clause, True, condition=True)
        case ast.Compare():
            return Goal(clause, True, condition=True)
        case _:
            return Goal(ast.copy_location(ast.UnaryOp(ast.Not(), clause), clause), False, condition=True)


def value_of(node: ast.expr, settled: Settled) -> Value | ast.expr | None:
    """Return the value of a literal, the expression itself where no hole changes it, None for another one."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return node if settled(node) else None
    return value if isinstance(value, int) else None
