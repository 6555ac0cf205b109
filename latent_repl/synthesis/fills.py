"""What may fill a hole: a value, an operator, or a whole core line.

Values(("a",), (0, 1, -1))[0]                    "a"
Operators()[1]                                   "-"
Assignments(("b",), ("a",), (0, 1, -1))[0]       Assignment("b", "copy", "a")
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from latent_repl.language.nodes import BINARY_OPERATORS, COPY, UNARY_OPERATORS, CoreLine, Hole, Operand, Slot

Value = int | str
"""A literal, or a variable by its name."""

# What programs use most; a draw of a likely line takes one of them this often. Chosen.
COMMON = ("+", "-", "*")
COMMON_SHARE = 0.6
# Where a literal may stand on the left: elsewhere the line with both sides exchanged says the same.
ONE_SIDED = ("-", "//", "%")


@dataclass(frozen=True)
class Assignment:
    """A core line by the names of its variables."""

    target: str
    operator: str
    left: Value
    right: Value | None = None

    def __str__(self) -> str:
        if self.right is not None and self.operator in ("min", "max"):
            return f"{self.target} = {self.operator}({self.left}, {self.right})"
        if self.right is not None:
            return f"{self.target} = {self.left} {self.operator} {self.right}"
        patterns = {COPY: "{}", "neg": "-{}", "not": "not {}", "abs": "abs({})"}
        return f"{self.target} = {patterns[self.operator].format(self.left)}"


Fill = Value | Assignment
Filling = tuple[Fill, ...]


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


@dataclass(frozen=True)
class Values:
    """The variables that may be read at a place, then the literals of the range by magnitude."""

    variables: tuple[str, ...]
    literals: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.variables) + len(self.literals)

    def __getitem__(self, index: int) -> Value:
        beyond = index - len(self.variables)
        return self.variables[index] if beyond < 0 else self.literals[beyond]

    def __contains__(self, fill: object) -> bool:
        return fill in self.variables or fill in self.literals

    def likely(self, generator: random.Random) -> Value:
        """Draw half uniformly, half by rank, the first ranks often (log-uniform)."""
        if generator.random() < 0.5:
            return self[generator.randrange(len(self))]
        return self[min(int(len(self) ** generator.random()), len(self)) - 1]


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


class Assignments:
    """Every core line that assigns one of the targets and reads at least one variable, or copies a literal."""

    def __init__(self, targets: Sequence[str], variables: Sequence[str], literals: Sequence[int]) -> None:
        self.targets, self.values = tuple(targets), Values(tuple(variables), tuple(literals))
        every: list[Value | None] = [*variables, *literals]
        own: list[Value] = [*variables]
        self.forms: list[tuple[str, Sequence[Value], Sequence[Value | None]]] = [
            (COPY, [*variables, *literals], [None])
        ]
        self.forms += [(operator, own, every) for operator in BINARY_OPERATORS]
        self.forms += [(operator, own, [None]) for operator in UNARY_OPERATORS]
        self.forms += [(operator, [*literals], [*variables]) for operator in ONE_SIDED]
        self._count = sum(len(lefts) * len(rights) for _, lefts, rights in self.forms)

    def __len__(self) -> int:
        return self._count * len(self.targets)

    def __getitem__(self, index: int) -> Assignment:
        if not 0 <= index < len(self):
            raise IndexError(index)
        target, rest = divmod(index, self._count)
        for operator, lefts, rights in self.forms:
            if rest < len(lefts) * len(rights):
                left, right = divmod(rest, len(rights))
                return Assignment(self.targets[target], operator, lefts[left], rights[right])
            rest -= len(lefts) * len(rights)
        raise IndexError(index)

    def __contains__(self, fill: object) -> bool:
        return (
            isinstance(fill, Assignment)
            and fill.target in self.targets
            and any(
                fill.operator == operator and fill.left in lefts and fill.right in rights
                for operator, lefts, rights in self.forms
            )
        )

    def likely(self, generator: random.Random) -> Assignment:
        """Draw the operator first, the common ones often, then likely operands."""
        target = generator.choice(self.targets)
        forms = [form for form in self.forms if form[1] and form[2]]
        common = [form for form in forms if form[0] in COMMON]
        operator, lefts, rights = generator.choice(common if common and generator.random() < COMMON_SHARE else forms)
        left = self._operand(lefts, generator)
        return Assignment(target, operator, left, None if rights == [None] else self._operand(rights, generator))

    def _operand(self, choices: Sequence[Value | None], generator: random.Random) -> Value:
        """Draw a variable half of the time where there is a choice, else a likely literal."""
        variables = [choice for choice in choices if isinstance(choice, str)]
        if variables and (len(variables) == len(choices) or generator.random() < 0.5):
            return generator.choice(variables)
        literals = self.values.literals
        return Values((), literals).likely(generator)


@dataclass(frozen=True)
class Template:
    """An instruction with holes, and the slots of the variables that may be named there."""

    line: CoreLine | None
    holes: tuple[Hole, ...]
    slots: tuple[tuple[str, Slot], ...]

    def filled(self, filling: Filling) -> CoreLine:
        """Return the core line with its holes filled.

        `s1 = s0 + ?` filled with -53 -> `s1 = s0 + -53`; `?` filled with `b = a` -> `s1 = s0`
        """
        if self.line is None:
            fill = filling[self.holes[0].number]
            assert isinstance(fill, Assignment), "a hole in the place of a line is filled by a line"
            right = None if fill.right is None else self._operand(fill.right)
            return CoreLine(self._slot(fill.target), fill.operator, self._operand(fill.left), right)
        operator = self._part(self.line.operator, filling)
        return CoreLine(
            self.line.target,
            operator if isinstance(operator, str) else str(operator),
            self._value(self.line.left, filling),
            self._value(self.line.right, filling),
        )

    def _part(self, part: str | Hole, filling: Filling) -> Fill:
        return filling[part.number] if isinstance(part, Hole) else part

    def _value(self, part: Operand | None, filling: Filling) -> Operand | None:
        if not isinstance(part, Hole):
            return part
        fill = filling[part.number]
        assert not isinstance(fill, Assignment), "a hole in the place of a value is filled by a value"
        return self._operand(fill)

    def _operand(self, value: Value) -> Operand:
        return self._slot(value) if isinstance(value, str) else value

    def _slot(self, name: str) -> Slot:
        return dict(self.slots)[name]
