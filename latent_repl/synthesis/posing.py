"""Text -> problem: which lines are constraints, what they want, and what may fill each hole."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from latent_repl.errors import SynthesisError
from latent_repl.language.lower import lower
from latent_repl.language.nodes import Slot, Value
from latent_repl.language.parse import parse
from latent_repl.synthesis.problem import Problem, Want, common_prefix, holes_in
from latent_repl.synthesis.space import Fill

# What each condition tests is assigned to a name that no user can write.
WANTED = "%want"

EXAMPLE = "for example `a = 71; a + ? == 18`"


def pose(text: str, *, names: Mapping[str, Slot], defined: Collection[Slot], limits: Any) -> Problem:
    """Return the problem that a text states: statements, then comparisons or assertions, holes in either.

    names, defined: the session's variables, and the slots that hold a value.
    limits: the checkpoint's config, for its slots, minimum and maximum.

    Raises LxSyntaxError, CapacityError, and SynthesisError where a hole or a constraint is missing.
    """
    bounds = {"minimum": limits.minimum, "maximum": limits.maximum}
    tree = parse(text, **bounds)
    statements, conditions = _split(tree.module.body)
    if not tree.holes:
        raise SynthesisError(f"the problem has no hole; write ? where a value is to be found, {EXAMPLE}")
    if not conditions:
        raise SynthesisError(f"the problem has no constraint; end it with a comparison or an assert, {EXAMPLE}")
    readable = {*names, *_names(statements, ast.Store)} - _names(statements, ast.Del)
    body, targets = list(statements), []
    for number, clause in enumerate(clause for condition in conditions for clause in _clauses(condition)):
        expression, value = _wanted(clause)
        if isinstance(expression, ast.Name) and expression.id in readable:
            targets.append((expression.id, value))  # its own slot can be read, no step is needed
        else:
            targets.append((f"{WANTED}{number}", value))
            body.append(_assignment(f"{WANTED}{number}", expression))
    program = lower(replace(tree, module=ast.Module(body, [])), slots=limits.slots, names=names, **bounds)
    wants = tuple(Want(program.names[name], value) for name, value in targets)
    known = {name for name, slot in names.items() if slot in defined}
    domains = _domains([*statements, *map(ast.Expr, conditions)], known, program.names, _literals(**bounds))
    return Problem(text, statements, conditions, program, wants, domains, common_prefix(program))


def _split(body: Sequence[ast.stmt]) -> tuple[tuple[ast.stmt, ...], tuple[ast.expr, ...]]:
    """Return the statements, and the conditions that follow the last of them."""
    end = len(body)
    while end and _condition(body[end - 1]) is not None:
        end -= 1
    conditions = (_condition(statement) for statement in body[end:])
    return tuple(body[:end]), tuple(condition for condition in conditions if condition is not None)


def _condition(statement: ast.stmt) -> ast.expr | None:
    if isinstance(statement, ast.Assert):
        return statement.test
    if isinstance(statement, ast.Expr) and _is_boolean(statement.value):
        return statement.value
    return None


def _is_boolean(expression: ast.expr) -> bool:
    is_not = isinstance(expression, ast.UnaryOp) and isinstance(expression.op, ast.Not)
    return is_not or isinstance(expression, ast.Compare | ast.BoolOp)


def _clauses(condition: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of a conjunction: each has a slot, and so a loss, of its own."""
    if isinstance(condition, ast.BoolOp) and isinstance(condition.op, ast.And):
        for value in condition.values:
            yield from _clauses(value)
    else:
        yield condition


def _wanted(clause: ast.expr) -> tuple[ast.expr, Value]:
    """Return the expression to evaluate and the value it must have.

    `a + ? == 18` -> `a + ?` and 18; `a < ?` -> itself and True; `a - ?` -> `not (a - ?)` and False
    """
    if isinstance(clause, ast.Compare):
        if len(clause.ops) == 1 and isinstance(clause.ops[0], ast.Eq):
            for side, other in ((clause.left, clause.comparators[0]), (clause.comparators[0], clause.left)):
                if (value := _literal(other)) is not None:
                    return side, value
        return clause, True
    return ast.copy_location(ast.UnaryOp(ast.Not(), clause), clause), False


def _literal(node: ast.expr) -> Value | None:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if isinstance(value, int) else None


def _assignment(name: str, expression: ast.expr) -> ast.stmt:
    assignment = ast.Assign(targets=[ast.Name(name, ast.Store())], value=expression)
    return ast.fix_missing_locations(ast.copy_location(assignment, expression))


def _literals(minimum: int, maximum: int) -> list[int]:
    """Return the numbers of the range by magnitude: 0, 1, -1, 2, -2, ..."""
    return sorted(range(minimum, maximum + 1), key=lambda number: (abs(number), number < 0))


def _domains(
    statements: Sequence[ast.stmt], known: Collection[str], names: Mapping[str, Slot], literals: Sequence[int]
) -> tuple[tuple[Fill, ...], ...]:
    """Return what may fill each hole: the variables assigned before it, then the literals.

    A variable that the problem deletes is left out: its slot may go to another.
    """
    visible: dict[int, list[str]] = {}
    _see(statements, [name for name in names if name in known], visible)
    barred = {"_", *_names(statements, ast.Del)}
    return tuple(
        (*(names[name] for name in dict.fromkeys(visible[hole]) if name in names and name not in barred), *literals)
        for hole in sorted(visible)
    )


def _see(statements: Sequence[ast.stmt], assigned: list[str], visible: dict[int, list[str]]) -> None:
    """Note for each hole the names assigned before its statement, in the order of the text."""
    for statement in statements:
        parts = [node for child in ast.iter_child_nodes(statement) for node in _outside_blocks(child)]
        for hole in (number for node in parts for number in holes_in(node)):
            visible[hole] = list(assigned)
        assigned += [node.id for node in parts if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        for block in ("body", "orelse"):
            _see(getattr(statement, block, []), assigned, visible)


def _names(statements: Sequence[ast.stmt], context: type[ast.expr_context]) -> set[str]:
    """Return the names that the statements store, load or delete anywhere."""
    nodes = [node for statement in statements for node in ast.walk(statement)]
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, context)}


def _outside_blocks(node: ast.AST) -> Iterator[ast.AST]:
    return iter(()) if isinstance(node, ast.stmt) else ast.walk(node)
