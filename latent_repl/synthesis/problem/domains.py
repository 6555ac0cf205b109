"""What may fill a hole: a value, an operator, or a whole core line.

Atoms(("a",), (0, 1, -1))[0]                    "a"
Operators()[1]                                   "-"
Assignments(("b",), ("a",), (0, 1, -1))[0]       Assignment("b", "copy", "a")
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeGuard, runtime_checkable

from latent_repl.language.operators import BINARY_OPERATORS, COPY, OPERATORS, TABLE, UNARY_OPERATORS
from latent_repl.language.program import Slot
from latent_repl.language.vocabulary import LEFT, RIGHT, Vocabulary

Atom = int | str
"""A number, or a variable by its name, or a character by its literal, quotes included."""

# What programs use most; a draw of a likely line takes one of them this often. Chosen.
COMMON = tuple(symbol for symbol, row in TABLE.items() if row.common)
COMMON_SHARE = 0.6
# So many numbers, those of at most 10, come before the characters of a hole that may be one. Chosen.
SMALLEST = 21
# Where a literal may stand on the left: elsewhere the line with both sides exchanged says the same.
ONE_SIDED = tuple(symbol for symbol, row in TABLE.items() if row.one_sided)


@dataclass(frozen=True)
class Assignment:
    """A core line by the names of its variables."""

    target: str
    operator: str
    left: Atom
    right: Atom | None = None

    def __str__(self) -> str:
        return f"{self.target} = {TABLE[self.operator].written.format(left=self.left, right=self.right)}"


Fill = Atom | Assignment
Filling = tuple[Fill, ...]
Names = tuple[str | None, ...]


def names(fill: Fill) -> Names:
    """Return the names in a fill, and None for each number: `b = a + 3` -> ("b", "a", None)."""
    parts = (fill.target, fill.left, fill.right) if isinstance(fill, Assignment) else (fill,)
    return tuple(part if is_name(part) else None for part in parts)


def is_name(value: object) -> TypeGuard[str]:
    """Return whether a value is a variable's name, rather than a literal."""
    return isinstance(value, str) and value.isidentifier()


@runtime_checkable
class Domain(Protocol):
    """Everything that may fill one hole, likeliest first."""

    def __len__(self) -> int:
        """Return how many fills there are."""

    def __getitem__(self, index: int) -> Fill:
        """Return one, 0 <= index < len. Raises IndexError beyond."""

    def __contains__(self, fill: object) -> bool:
        """Return whether the fill is one of them."""

    def likely(self, generator: random.Random) -> Fill:
        """Draw a fill as programs use them."""

    def log_probability(self, fill: Fill) -> float:
        """Return how probable that draw is, in nats."""

    def spread(self, share: float) -> Fill:
        """Return the fill that lies so far through the domain, 0 <= share < 1: even shares give fills far apart."""

    def sayable(self, vocabulary: Vocabulary) -> Domain:
        """Return what of it a checkpoint has words for."""


def _reads_variables(vocabulary: Vocabulary) -> bool:
    return all(vocabulary.can_say(Slot(0), place) for place in (LEFT, RIGHT))


@dataclass(frozen=True)
class Atoms:
    """The variables that may be read at a place, then the numbers of the range by magnitude.

    characters: literals that come after the smallest numbers, where there are strings.
    """

    variables: tuple[str, ...]
    literals: tuple[int, ...]
    characters: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self._every)

    def __getitem__(self, index: int) -> Atom:
        return self._every[index]

    def __contains__(self, fill: object) -> bool:
        return fill in self._log_probabilities

    def likely(self, generator: random.Random) -> Atom:
        """Draw half uniformly, half by rank, the first ranks often (log-uniform)."""
        if generator.random() < 0.5:
            return self[generator.randrange(len(self))]
        return self[min(int(len(self) ** generator.random()), len(self)) - 1]

    def log_probability(self, fill: Fill) -> float:
        """Return how probable that draw is, in nats."""
        return self._log_probabilities[fill]

    def spread(self, share: float) -> Atom:
        """Return the fill that lies so far through the variables and then the literals by value."""
        return self._by_value[int(share * len(self))]

    def sayable(self, vocabulary: Vocabulary) -> Atoms:
        """Return the literals alone where a checkpoint reads variables on one side only."""
        return self if _reads_variables(vocabulary) else Atoms((), self.literals, self.characters)

    @cached_property
    def _every(self) -> tuple[Atom, ...]:
        return (*self.variables, *self.literals[:SMALLEST], *self.characters, *self.literals[SMALLEST:])

    @cached_property
    def _by_value(self) -> tuple[Atom, ...]:
        return (*self.variables, *self.characters, *sorted(self.literals))

    @cached_property
    def _log_probabilities(self) -> dict[object, float]:
        uniform = 0.5 / len(self)
        return {fill: math.log(uniform + 0.5 * self._by_rank(rank)) for rank, fill in enumerate(self._every)}

    def _by_rank(self, rank: int) -> float:
        """Return how often a draw by rank comes to this one: log-uniform over 1 .. len, rounded down."""
        if len(self) == 1:
            return 1.0
        return math.log((rank + 2) / (rank + 1)) / math.log(len(self)) if rank + 1 < len(self) else 0.0


@dataclass(frozen=True)
class Operators:
    """The operators of two operands."""

    symbols: tuple[str, ...] = BINARY_OPERATORS

    def __len__(self) -> int:
        return len(self.symbols)

    def __getitem__(self, index: int) -> str:
        return self.symbols[index]

    def __contains__(self, fill: object) -> bool:
        return fill in self.symbols

    def likely(self, generator: random.Random) -> str:
        """Draw one; all are equally likely."""
        return generator.choice(self.symbols)

    def log_probability(self, fill: Fill) -> float:
        """Return how probable that draw is, in nats."""
        return -math.log(len(self))

    def spread(self, share: float) -> str:
        """Return the operator that lies so far through them."""
        return self[int(share * len(self))]

    def sayable(self, vocabulary: Vocabulary) -> Operators:
        """Return the operators that a checkpoint has."""
        return Operators(tuple(symbol for symbol in self.symbols if symbol in vocabulary.operators))


Form = tuple[str, Sequence[Atom], Sequence[Atom | None]]
"""An operator, and what may stand on its left and on its right."""


def _has_form(line: Assignment, form: Form) -> bool:
    """Return whether a line has this operator and such operands."""
    operator, lefts, rights = form
    return line.operator == operator and line.left in lefts and line.right in rights


class Assignments:
    """Every core line that assigns one of some variables and reads at least one variable, or copies a literal."""

    def __init__(
        self,
        assigned: Sequence[str],
        variables: Sequence[str],
        literals: Sequence[int],
        *,
        operators: Collection[str] = OPERATORS,
        reads_variables: bool = True,
    ) -> None:
        """operators: those that a line may have. reads_variables: whether its right operand may be a variable."""
        self.assigned, self.values = tuple(assigned), Atoms(tuple(variables), tuple(literals))
        own: list[Atom] = [*variables]
        rights: list[Atom | None] = [*(variables if reads_variables else ()), *literals]
        forms: list[Form] = [(COPY, [*variables, *literals], [None])]
        forms += [(operator, own, rights) for operator in BINARY_OPERATORS]
        forms += [(operator, own, [None]) for operator in UNARY_OPERATORS]
        forms += [(operator, [*literals], own) for operator in ONE_SIDED if reads_variables]
        self.forms = [form for form in forms if form[0] in operators]
        self._counts = [len(lefts) * len(rights) for _, lefts, rights in self.forms]
        self._count = sum(self._counts)

    def __len__(self) -> int:
        return self._count * len(self.assigned)

    def __getitem__(self, index: int) -> Assignment:
        if not 0 <= index < len(self):
            raise IndexError(index)
        target, rest = divmod(index, self._count)
        form = 0
        while rest >= self._counts[form]:
            rest -= self._counts[form]
            form += 1
        operator, lefts, rights = self.forms[form]
        left, right = divmod(rest, len(rights))
        return Assignment(self.assigned[target], operator, lefts[left], rights[right])

    def __contains__(self, fill: object) -> bool:
        return (
            isinstance(fill, Assignment)
            and fill.target in self.assigned
            and any(_has_form(fill, form) for form in self.forms)
        )

    def likely(self, generator: random.Random) -> Assignment:
        """Draw the operator first, the common ones often, then likely operands."""
        target = generator.choice(self.assigned)
        common = generator.random() < COMMON_SHARE and self._common
        operator, lefts, rights = generator.choice(common or self._possible)
        left = self._operand(lefts, generator)
        return Assignment(target, operator, left, None if rights == [None] else self._operand(rights, generator))

    def log_probability(self, fill: Fill) -> float:
        """Return how probable that draw is, in nats."""
        assert isinstance(fill, Assignment), "a line is filled by a line"
        operator, lefts, rights = next(form for form in self._possible if _has_form(fill, form))
        share = (1 - COMMON_SHARE * bool(self._common)) / len(self._possible)
        if operator in COMMON:
            share += COMMON_SHARE / len(self._common)
        operands = self._operand_probability(fill.left, lefts) + self._operand_probability(fill.right, rights)
        return math.log(share / len(self.assigned)) + operands

    def spread(self, share: float) -> Assignment:
        """Return a likely line, another one for every share: lines have no order."""
        return self.likely(random.Random(share))

    def sayable(self, vocabulary: Vocabulary) -> Assignments:
        """Return the lines that a checkpoint has words for."""
        values, reads = self.values, _reads_variables(vocabulary)
        operators = vocabulary.operators
        return Assignments(self.assigned, values.variables, values.literals, operators=operators, reads_variables=reads)

    @cached_property
    def _possible(self) -> list[Form]:
        return [form for form in self.forms if form[1] and form[2]]

    @cached_property
    def _common(self) -> list[Form]:
        return [form for form in self._possible if form[0] in COMMON]

    @cached_property
    def _literals(self) -> Atoms:
        return Atoms((), self.values.literals)

    def _variables(self, choices: Sequence[Atom | None]) -> int:
        """Return how many variables are among the choices: all, which come first then, or none."""
        return len(self.values.variables) if isinstance(choices[0], str) else 0

    def _operand(self, choices: Sequence[Atom | None], generator: random.Random) -> Atom:
        """Draw a variable half of the time where there is a choice, else a likely literal."""
        variables = self._variables(choices)
        if variables and (variables == len(choices) or generator.random() < 0.5):
            return self.values.variables[generator.randrange(variables)]
        return self._literals.likely(generator)

    def _operand_probability(self, value: Atom | None, choices: Sequence[Atom | None]) -> float:
        """Return how probable the draw of an operand is, in nats."""
        if value is None:
            return 0.0
        variables = self._variables(choices)
        either = 0.5 if 0 < variables < len(choices) else 1.0
        return math.log(either) + (
            -math.log(variables) if isinstance(value, str) else self._literals.log_probability(value)
        )
