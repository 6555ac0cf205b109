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
from latent_repl.language.parsing.scopes import Functions, is_builtin, reached, variables_in
from latent_repl.language.program import Slot
from latent_repl.language.values import CHARACTERS, Value
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.synthesis.problem.domains import Assignments
from latent_repl.synthesis.problem.goals import Goal, Settled, clauses_of, goal_of, value_of
from latent_repl.synthesis.problem.problem import Example, Problem, Target
from latent_repl.synthesis.problem.scope import domains_of, stored
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.text import holes_in

# What each condition tests is assigned to a name that no user can write.
TARGET_NAME = "%target"

# What a hole among strings may be: letters first, for programs use them most.
_CHARACTERS = tuple(map(repr, sorted(CHARACTERS, key=lambda each: (not each.islower(), not each.isalpha(), each))))

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
    wide: bool = False,
) -> Problem:
    """Return the problem that a text states: statements, then comparisons or assertions, holes in either.

    An `assert` at top level is a constraint wherever it stands; in a script it is the only one.

    names, defined: the session's variables, and the slots that hold a value. functions: the session's.
    limits: the checkpoint's config, for its slots, minimum and maximum. vocabulary: its words, None for all of Lx's.
    wide: whether what is asked for may be a number that no cell holds, though the text says none.

    Raises LxSyntaxError, UnsayableError, CapacityError, and SynthesisError where a hole or a constraint is missing.
    """
    bounds = {"minimum": limits.minimum, "maximum": limits.maximum}
    rows = vocabulary is not None and vocabulary.rows > 0
    tree = parse(text, names=names, functions=functions, rows=rows, **bounds)
    statements, conditions = _split(tree.module.body, script=script)
    constraints = _constraints(tree, statements, conditions)
    builder = _Examples(tree, statements, names, limits, vocabulary, wide=wide)
    examples = tuple(example for group in builder.groups(constraints) for example in builder.examples(group))
    known = [name for name, slot in names.items() if slot in defined]
    characters = () if builder.numbers else _CHARACTERS
    domains = domains_of([*statements, *map(ast.Expr, conditions)], known, _literals(**bounds), characters)
    if vocabulary is not None:
        domains = tuple(domain.sayable(vocabulary) for domain in domains)
    space = Space(domains, builder.templates(examples))
    if any(isinstance(domain, Assignments) for domain in domains):
        start = frozenset(defined)
        space = replace(space, sound=lambda filling: examples[0].is_sound(filling, start))
    end = len(tree.written.body) - len(conditions)
    written, asked = tuple(tree.written.body[:end]), tuple(map(_tested, tree.written.body[end:]))
    return Problem(text, statements, conditions, written, asked, examples, space)


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
        *,
        wide: bool,
    ) -> None:
        self.tree, self.statements, self.names = tree, statements, names
        self.limits, self.vocabulary = limits, vocabulary
        self.functions = tree.functions_at(len(tree.module.body))
        self.rows = vocabulary is not None and vocabulary.knows_rows
        self.numbers = not self.rows or (self._knows_numbers_alone() and not wide)
        holed = (place for place, each in enumerate(statements) if holes_in(each) or self._calls_holes(each))
        self.first = next(holed, len(statements))

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

    def _calls_holes(self, node: ast.AST) -> bool:
        called = reached(node, self.functions).values()
        return any(holes_in(function.definition) for function in called)

    def _example(self, group: Sequence[Constraint]) -> Example:
        body = _Body({*self.names, *stored(self.statements, ast.Store)} - stored(self.statements, ast.Del))
        targets, leads = list[_Named](), list[_Named]()
        for place, statement in enumerate([*self.statements, None]):
            if place == self.first:
                body.settle()
            settled = self._is_settled if place >= self.first else _never
            here = [clause for one in group if one.place == place for clause in clauses_of(one.condition)]
            for clause in here:
                goal = goal_of(clause, settled, numbers=self.numbers, largest=self.limits.maximum)
                if goal.side is not None:
                    goal, lead = body.lead(goal, settled)
                    leads.append(lead)
                value = body.wanted(goal.value) if isinstance(goal.value, ast.expr) else goal.value
                targets.append(_Named(body.named(goal.expression, last=statement is None), value, goal.condition))
            if statement is not None and not isinstance(statement, ast.Assert):
                body.statements.append(statement)
        tree = replace(self.tree, module=ast.Module(body.statements, []))
        bounds = {"minimum": self.limits.minimum, "maximum": self.limits.maximum}
        program = lower(tree, slots=self.limits.slots, names=self.names, rows=self.rows, **bounds)
        if self.vocabulary is not None:
            refuse_unsayable(tree, program, self.vocabulary)
        return Example(
            program,
            tuple(named.target(program.names) for named in targets),
            tuple(named.target(program.names) for named in leads),
        )

    def _knows_numbers_alone(self) -> bool:
        """Return whether the text makes all the values that it reads, and none with parts, as is a wide number."""
        body = self.tree.module.body
        own = stored(body, ast.Store)
        read = (name.id for statement in body for name in variables_in(statement, self.functions))
        called = [each.definition for statement in body for each in reached(statement, self.functions).values()]
        parts = (part for node in (*body, *called) for part in ast.walk(node))
        return all(name in own or name not in self.names for name in read) and not any(
            _has_parts(part, self.limits.maximum) for part in parts
        )

    def _is_settled(self, node: ast.expr) -> bool:
        """Return whether an expression has the same value before the first hole as at its own place."""
        if holes_in(node) or self._calls_holes(node):
            return False
        changed = stored(self.statements[self.first :], ast.Store)
        return not any(name.id in changed for name in variables_in(node, self.functions))


@dataclass(frozen=True)
class _Named:
    """A target before its slot is known; its value may be that of another variable."""

    name: str
    value: Value | ast.Name
    condition: bool = False
    beyond: int = 0

    def target(self, names: Mapping[str, Slot]) -> Target:
        value = names[self.value.id] if isinstance(self.value, ast.Name) else self.value
        return Target(names[self.name], value, self.condition, self.beyond)


class _Body:
    """The statements of an example in the making. readable: the variables whose own slots can be read at the end."""

    def __init__(self, readable: Collection[str]) -> None:
        self.statements: list[ast.stmt] = []
        self._readable, self._count, self._settled = readable, 0, 0

    def settle(self) -> None:
        """Note that the first hole comes next: what no hole changes is evaluated here."""
        self._settled = len(self.statements)

    def named(self, expression: ast.expr, *, last: bool) -> str:
        """Return the variable that holds an expression's value in the end; last: whether no statement follows."""
        if last and isinstance(expression, ast.Name) and expression.id in self._readable:
            return expression.id  # no step is needed
        assignment = self._assignment(expression)
        self.statements.append(assignment)
        return _target_of(assignment).id

    def wanted(self, expression: ast.expr) -> ast.Name:
        """Return the variable that holds the value of what no hole changes."""
        if isinstance(expression, ast.Name) and expression.id in self._readable:
            return expression
        assignment = self._assignment(expression)
        self.statements.insert(self._settled, assignment)
        self._settled += 1
        return _target_of(assignment)

    def lead(self, goal: Goal, settled: Settled) -> tuple[Goal, _Named]:
        """Return an inequality with a variable in the place of the side that a hole has a say in, and what leads it."""
        comparison = goal.expression
        assert isinstance(comparison, ast.Compare) and goal.side is not None, "goal_of has seen to it"
        sides = [comparison.left, comparison.comparators[0]]
        value = value_of(sides[1 - goal.side], settled)
        assert value is not None, "goal_of has seen to it"
        name = self.named(sides[goal.side], last=True)
        sides[goal.side] = ast.copy_location(ast.Name(name, ast.Load()), sides[goal.side])
        named = ast.copy_location(ast.Compare(sides[0], comparison.ops, [sides[1]]), comparison)
        wanted = self.wanted(value) if isinstance(value, ast.expr) else value
        return replace(goal, expression=named), _Named(name, wanted, beyond=goal.beyond)

    def _assignment(self, expression: ast.expr) -> ast.Assign:
        target = ast.Name(f"{TARGET_NAME}{self._count}", ast.Store())
        self._count += 1
        assignment = ast.Assign(targets=[target], value=expression)
        return ast.fix_missing_locations(ast.copy_location(assignment, expression))


def _target_of(assignment: ast.Assign) -> ast.Name:
    [target] = assignment.targets
    assert isinstance(target, ast.Name)
    return target


def _never(node: ast.expr) -> bool:
    return False


def _split(body: Sequence[ast.stmt], *, script: bool) -> tuple[tuple[ast.stmt, ...], tuple[ast.expr, ...]]:
    """Return the statements, and the conditions that follow the last of them; a script has none."""
    end = len(body)
    while end and not script and _is_condition(body[end - 1]):
        end -= 1
    return tuple(body[:end]), tuple(map(_tested, body[end:]))


def _is_condition(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assert) or (isinstance(statement, ast.Expr) and _is_boolean(statement.value))


def _tested(statement: ast.stmt) -> ast.expr:
    assert isinstance(statement, ast.Assert | ast.Expr), "nothing else is a condition"
    return statement.test if isinstance(statement, ast.Assert) else statement.value


def _has_parts(node: ast.AST, largest: int) -> bool:
    """Return whether the value of an expression may be a string, a list, a tuple, a dict, a wide number, or a float."""
    match node:
        case ast.Constant(value=value):
            return not isinstance(value, int) or abs(value) > largest
        case ast.Call():
            return is_builtin(node)
        case ast.Tuple(ctx=ast.Load()) | ast.List() | ast.Dict() | ast.JoinedStr() | ast.BinOp(op=ast.Div()):
            return True
        case _:
            kinds = ast.Subscript | ast.Attribute | ast.ListComp | ast.DictComp | ast.GeneratorExp
            return isinstance(node, kinds)


def _is_boolean(expression: ast.expr) -> bool:
    is_not = isinstance(expression, ast.UnaryOp) and isinstance(expression.op, ast.Not)
    return is_not or isinstance(expression, ast.Compare | ast.BoolOp)


def _literals(minimum: int, maximum: int) -> tuple[int, ...]:
    """Return the numbers of the range by magnitude: 0, 1, -1, 2, -2, ..."""
    return tuple(sorted(range(minimum, maximum + 1), key=lambda number: (abs(number), number < 0)))
