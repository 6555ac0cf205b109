"""Which variables a hole's fill may name: those assigned before it, in the order of the text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from latent_repl.language.parsing.holes import HoleOperator, HoleStatement, hole_number
from latent_repl.language.parsing.scopes import blocks_in, declared_in, parameters_in, variables_in
from latent_repl.language.program import LAST_VALUE
from latent_repl.synthesis.problem.domains import Assignments, Atoms, Domain, Operators


def domains_of(
    statements: Sequence[ast.stmt], known: Sequence[str], literals: tuple[int, ...], characters: tuple[str, ...] = ()
) -> tuple[Domain, ...]:
    """Return what may fill each hole: of these literals, where it stands for a value.

    known: the session's variables that hold a value. A variable that the problem deletes is left out: its slot may
    go to another. A hole in a function names the function's own variables alone.
    """
    found: dict[int, Domain] = {}
    barred = {LAST_VALUE, *stored(statements, ast.Del)}
    _collect(statements, list(known), _Domains(found, barred, literals, characters))
    return tuple(found[number] for number in sorted(found))


def stored(statements: Sequence[ast.stmt], context: type[ast.expr_context]) -> set[str]:
    """Return the names that the statements store, load or delete, outside functions."""
    names = (name for statement in statements for name in variables_in(statement, {}))
    return {name.id for name in names if isinstance(name.ctx, context)}


class _Domains:
    """Collects the domain of each hole."""

    def __init__(
        self, found: dict[int, Domain], barred: set[str], literals: tuple[int, ...], characters: tuple[str, ...]
    ) -> None:
        self.found, self.barred, self.literals, self.characters = found, barred, literals, characters

    def note(self, node: ast.AST, assigned: Sequence[str]) -> None:
        number = hole_number(node)
        if number is None:
            return
        variables = tuple(name for name in dict.fromkeys(assigned) if name not in self.barred)
        match node:
            case HoleOperator():
                self.found[number] = Operators()
            case HoleStatement():
                new = [target.id for target in node.targets]
                targets = [*new, *(name for name in variables if name not in new)]
                self.found[number] = Assignments(targets, variables, self.literals)
            case _:
                self.found[number] = Atoms(variables, self.literals, self.characters)


def _collect(statements: Sequence[ast.stmt], assigned: list[str], domains: _Domains) -> None:
    """Note each hole with the names assigned before its statement, in the order of the text."""
    for statement in statements:
        if isinstance(statement, ast.FunctionDef):
            barred = domains.barred | declared_in(statement) | _of_others(statement)
            own = _Domains(domains.found, barred, domains.literals, domains.characters)
            _collect(statement.body, [argument.arg for argument in parameters_in(statement.args)], own)
            continue
        if isinstance(statement, HoleStatement):
            domains.note(statement, assigned)
        for parts, block in _in_order(statement):
            for node in (node for part in parts for node in ast.walk(part)):
                domains.note(node, assigned)
            # A comprehension's own variables end with it: they are not among these.
            names = (name for part in parts for name in variables_in(part, {}))
            assigned += [name.id for name in names if isinstance(name.ctx, ast.Store)]
            _collect(block, assigned, domains)


def _of_others(function: ast.FunctionDef) -> set[str]:
    """Return the variables that functions share, which is told by a dot in the name: no fill reads or assigns them."""
    every = {*(parameter.arg for parameter in parameters_in(function.args)), *stored(function.body, ast.Store)}
    return {part for name in every if "." in name for part in (name, name.rpartition(".")[2])}


def _in_order(statement: ast.stmt) -> Iterator[tuple[list[ast.AST], list[ast.stmt]]]:
    """Yield the blocks of a statement, each with what stands before it in no block."""
    blocks = (ast.stmt, ast.ExceptHandler, ast.match_case)
    yield [part for part in ast.iter_child_nodes(statement) if not isinstance(part, blocks)], []
    if isinstance(statement, ast.Match):
        for case in statement.cases:
            yield [case.pattern], []
            yield [] if case.guard is None else [case.guard], case.body
    else:
        for block in blocks_in(statement):
            yield [], block
