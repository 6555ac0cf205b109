"""Text -> problem: which lines are constraints, what their targets are, and what may fill each hole."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from latent_repl.errors import CapacityError, SynthesisError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.lowering.words import refuse_unsayable
from latent_repl.language.parsing.parse import Tree, parse
from latent_repl.language.parsing.scopes import Functions, reached
from latent_repl.language.program import Slot
from latent_repl.language.values import Value
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.synthesis.problem.domains import Assignments
from latent_repl.synthesis.problem.problem import Example, Problem, Target
from latent_repl.synthesis.problem.scope import domains_of, stored
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.text import holes_in

# What each condition tests is assigned to a name that no user can write.
TARGET_NAME = "%target"

EXAMPLE = "for example `a = 71; a + ? == 18`"


@dataclass(frozen=True)
class Constraint:
    """A condition and its place: the statements that run before it."""

    condition: ast.expr
    place: int


def specify(
    text: str,
    *,
    names: Mapping[str, Slot],
    defined: Collection[Slot],
    limits: Any,
    functions: Functions | None = None,
    script: bool = False,
    vocabulary: Vocabulary | None = None,
) -> Problem:
    """Return the problem that a text states: statements, then comparisons or assertions, holes in either.

    An `assert` at top level is a constraint wherever it stands; in a script it is the only one.

    names, defined: the session's variables, and the slots that hold a value. functions: the session's.
    limits: the checkpoint's config, for its slots, minimum and maximum. vocabulary: its words, None for all of Lx's.

    Raises LxSyntaxError, UnsayableError, CapacityError, and SynthesisError where a hole or a constraint is missing.
    """
    bounds = {"minimum": limits.minimum, "maximum": limits.maximum}
    tree = parse(text, names=names, functions=functions, **bounds)
    statements, conditions = _split(tree.module.body, script=script)
    constraints = _constraints(tree, statements, conditions)
    builder = _Examples(tree, statements, names, limits, vocabulary)
    examples = tuple(example for group in builder.groups(constraints) for example in builder.examples(group))
    known = [name for name, slot in names.items() if slot in defined]
    domains = domains_of([*statements, *map(ast.Expr, conditions)], known, _literals(**bounds))
    if vocabulary is not None:
        domains = tuple(domain.sayable(vocabulary) for domain in domains)
    space = Space(domains, builder.templates(examples))
    if any(isinstance(domain, Assignments) for domain in domains):
        start = frozenset(defined)
        space = replace(space, sound=lambda filling: examples[0].is_sound(filling, start))
    return Problem(text, statements, conditions, examples, space)


def _constraints(tree: Tree, statements: Sequence[ast.stmt], conditions: Sequence[ast.expr]) -> list[Constraint]:
    """Return the constraints of a text. Raises SynthesisError where a hole or a constraint is missing."""
    constraints = [
        Constraint(node.test, place) for place, node in enumerate(statements) if isinstance(node, ast.Assert)
    ]
    constraints += [Constraint(condition, len(statements)) for condition in conditions]
    if not tree.holes:
        raise SynthesisError(f"the problem has no hole; write ? where a value is to be found, {EXAMPLE}")
    if not constraints:
        raise SynthesisError(f"the problem has no constraint; end it with a comparison or an assert, {EXAMPLE}")
    return constraints


class _Examples:
    """Makes examples of constraints, each a lowered program of its own."""

    def __init__(
        self,
        tree: Tree,
        statements: Sequence[ast.stmt],
        names: Mapping[str, Slot],
        limits: Any,
        vocabulary: Vocabulary | None,
    ) -> None:
        self.tree, self.statements, self.names = tree, statements, names
        self.limits, self.vocabulary = limits, vocabulary
        self.functions = tree.functions_at(len(tree.module.body))

    def groups(self, constraints: Sequence[Constraint]) -> list[list[Constraint]]:
        """Return one group for each call of a function with holes, and one for all other constraints."""
        calling = [one for one in constraints if self._calls_holes(one.condition)]
        plain = [one for one in constraints if one not in calling]
        return [*([plain] if plain else []), *([one] for one in calling)]

    def examples(self, group: Sequence[Constraint]) -> Iterator[Example]:
        """Yield the example of a group, or one for each of its constraints where the slots do not suffice."""
        try:
            made = [self._example(group)]
        except CapacityError:
            if len(group) == 1:
                raise
            made = [self._example([one]) for one in group]
        yield from (example for example in made if example.program.visible)

    def templates(self, examples: Sequence[Example]) -> Any:
        """Return the first core line of each hole, or of each set of holes in one line."""
        every = [template for example in examples for _, template in sorted(example.templates.items())]
        return tuple({template.holes: template for template in reversed(every)}.values())[::-1]

    def _calls_holes(self, condition: ast.expr) -> bool:
        called = reached(condition, self.functions).values()
        return any(holes_in(function.definition) for function in called)

    def _example(self, group: Sequence[Constraint]) -> Example:
        body: list[ast.stmt] = []
        targets: list[tuple[str, Value]] = []
        readable = {*self.names, *stored(self.statements, ast.Store)} - stored(self.statements, ast.Del)
        for place, statement in enumerate([*self.statements, None]):
            here = [clause for one in group if one.place == place for clause in _clauses(one.condition)]
            for clause in here:
                expression, value = _target(clause)
                if statement is None and isinstance(expression, ast.Name) and expression.id in readable:
                    targets.append((expression.id, value))  # its own slot can be read, no step is needed
                else:
                    targets.append((f"{TARGET_NAME}{len(targets)}", value))
                    body.append(_assignment(targets[-1][0], expression))
            if statement is not None and not isinstance(statement, ast.Assert):
                body.append(statement)
        tree = replace(self.tree, module=ast.Module(body, []))
        bounds = {"minimum": self.limits.minimum, "maximum": self.limits.maximum}
        program = lower(tree, slots=self.limits.slots, names=self.names, **bounds)
        if self.vocabulary is not None:
            refuse_unsayable(tree, program, self.vocabulary)
        return Example(program, tuple(Target(program.names[name], value) for name, value in targets))


def _split(body: Sequence[ast.stmt], *, script: bool) -> tuple[tuple[ast.stmt, ...], tuple[ast.expr, ...]]:
    """Return the statements, and the conditions that follow the last of them; a script has none."""
    end = len(body)
    while end and not script and _condition(body[end - 1]) is not None:
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


def _target(clause: ast.expr) -> tuple[ast.expr, Value]:
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


def _literals(minimum: int, maximum: int) -> tuple[int, ...]:
    """Return the numbers of the range by magnitude: 0, 1, -1, 2, -2, ..."""
    return tuple(sorted(range(minimum, maximum + 1), key=lambda number: (abs(number), number < 0)))
