"""Operands and arguments of every kind in every place that takes one: what core lines say and what CPython says.

Spread().text(70)    a program, always the same one; numbers that follow one another are far apart
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from latent_repl.language.operators import ADD, COMPARISONS, INVERT, WRITTEN_NODES
from latent_repl.language.signatures import BUILTINS, LAZY_BUILTINS, LAZY_METHODS, METHODS

VALUES = (
    *("3", "0", "-1", "True", "None", "1111", "-1111", "2.5", "0.0"),
    *("'a'", "''", "'ab c'", "[1]", "[]", "['a', 'b']", "(1,)", "('a', '')", "{}", "{'a': 1}"),
)
ONE_EACH = ("2", "False", "None", "'b'", "[2]", "{}")
"""One of each kind, where three operands of all values would be too many."""
RECEIVERS = ("3", "None", "1111", "'a b'", "''", "[3, 1, 2]", "['a', 'b']", "[]", "(1, 2)", "{}", "{'a': 1}")

OPERANDS = ((), (VALUES,), (VALUES, VALUES), (VALUES, ONE_EACH, ONE_EACH))
"""What the operands can be, by how many there are."""

BY_DESIGN = (
    # `%` behind a str would format it, which Lx does not.
    (r"not all arguments converted during string formatting", r"formatting with % is not in Lx"),
    (r"chr\(\) makes printable ASCII.*", r"chr\(\) arg not in range.*|.* is no text of Lx"),
    # A loop looks at what it goes through before it looks at where it begins to count.
    (r"'\w+' object is not iterable", r"'\w+' object cannot be interpreted as an integer"),
    # What Python says from 3.12 or 3.13 on.
    (r"must be str, not \w+", r"\w+\(\) argument 1 must be str, not \w+"),
    (r"slice indices must be integers or None .*", r"\w+\(\) argument 1 must be str, not \w+"),
    (r"(min|max)\(\) arg is an empty sequence", r"(min|max)\(\) iterable argument is empty"),
    (r"can only assign an iterable", r"must assign iterable to extended slice"),
)
"""What core lines say, and what CPython or the oracle says of the same in other words."""

GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Place:
    """A program with places for operands, {0}, {1} and so on, and what can stand in each."""

    shape: str
    values: tuple[Sequence[str], ...]

    @property
    def size(self) -> int:
        """How many programs it makes."""
        return math.prod(map(len, self.values))

    def text(self, number: int) -> str:
        """Return one of its programs."""
        chosen = []
        for values in self.values:
            number, index = divmod(number, len(values))
            chosen.append(values[index])
        return self.shape.format(*chosen)


def _place(shape: str, *values: Sequence[str]) -> Place:
    return Place(shape, values or OPERANDS[sum(f"{{{index}}}" in shape for index in range(3))])


def _operators() -> Iterator[Place]:
    for symbol in (*WRITTEN_NODES.values(), *COMPARISONS, "in", "not in", "and", "or", "is"):
        yield _place(f"print({{0}} {symbol} {{1}})")
        yield _place(f"def f(a, b):\n    return a {symbol} b\nprint(f({{0}}, {{1}}))")
    for symbol in WRITTEN_NODES.values():
        yield _place(f"x = {{0}}\nx {symbol}= {{1}}\nprint(x)")
        yield _place(f"x = [{{0}}]\nx[0] {symbol}= {{1}}\nprint(x)")
        yield _place(f"def f(a, b):\n    a {symbol}= b\n    return a\nprint(f({{0}}, {{1}}))")
    for symbol in ("-", ADD, INVERT, "not "):
        yield _place(f"print({symbol}{{0}})")


SLICES = ("[a:]", "[:a]", "[a:b]", "[::a]", "[a::b]", "[:a:b]", "[a:b:-1]", "[1:a]", "[-2:a]")


def _subscripts() -> Iterator[Place]:
    yield _place("print({0}[{1}])")
    yield _place("x = {0}\nprint(x[{1}:], x[::-1])")
    yield _place("def f(x, i):\n    return x[i]\nprint(f({0}, {1}))")
    yield _place("def f(x):\n    return x[::-1]\nprint(f({0}))")
    for part in SLICES:
        yield _place(f"def f(x, a, b):\n    return x{part}\nprint(f({{0}}, {{1}}, {{2}}))", RECEIVERS, VALUES, ONE_EACH)
        yield _place(f"x = [1, 2, 3]\na = {{0}}\nb = {{1}}\nprint(x{part})")
        yield _place(f"x = {{0}}\na = {{1}}\nb = {{2}}\ndel x{part}\nprint(x)", RECEIVERS, VALUES, ONE_EACH)
        yield _place(f"x = [1, 2, 3]\na = {{1}}\nb = {{2}}\nx{part} = {{0}}\nprint(x)")
    yield _place("x = {0}\nx[{1}] = {2}\nprint(x)", RECEIVERS, VALUES, ONE_EACH)
    yield _place("x = {0}\nx[{1}:] = {2}\nprint(x)", RECEIVERS, VALUES, ONE_EACH)
    yield _place("x = {0}\ndel x[{1}]\nprint(x)", RECEIVERS, VALUES)


STATEMENTS = (
    *("for i in {0}:\n    print(i)", "for i, c in enumerate({0}, {1}):\n    print(i, c)", "a, b = {0}\nprint(a, b)"),
    *("for a, b in zip({0}, {1}):\n    print(a, b)", "for i in range({0}):\n    print(i)\n    break"),
    *("for i in range({0}, {1}):\n    print(i)\n    break", "for i in range({0}, {1}, {2}):\n    print(i)\n    break"),
    *("a, *b = {0}\nprint(a, b)", "print([*{0}])", "x = {0}\nprint({{'z': 1, **x}})", "x = {0}\nprint(*x)"),
    *("def f(*a):\n    return a\nprint(f(*{0}))", "def f(a, b=1):\n    return a, b\nprint(f(*{0}))"),
    *("def f(a, *b, c=1):\n    return a, b, c\nprint(f(*{0}, {1}))", "def f(**a):\n    return a\nprint(f(b={0}))"),
    *("print([v for v in {0}])", "print({{v: 1 for v in {0}}})", "print(any(v for v in {0}))", "print({{{0}: 1}})"),
    *("x = {0}\nfor k, v in x.items():\n    print(k, v)", "x = {0}\nprint([k for k in x.keys()], list(x.values()))"),
    *("x = {0}\nprint(f'{{x}}', f'{{x:>5}}', f'{{x!r}}')", "x = {0}\nprint(f'{{x:d}}')", "print('{{}}'.format({0}))"),
    *("print(sorted({0}, reverse={1}))", "print(sum({0}, start={1}))", "print(int({0}, base={1}))"),
    *("x = {0}\nx.sort(reverse={1})\nprint(x)", "x = {0}\nprint(x.split(maxsplit={1}), x.rsplit(sep={1}))"),
    *("x = {0}\nprint(x.splitlines(keepends={1}), x.expandtabs(tabsize={1}))", "print(str.upper({0}))"),
    *("x = {0}\nprint(x.sort(key=len, reverse={1}), x)", "x = {0}\nx.sort(key=str)\nprint(x)"),
    *("print(sorted({0}, key=len), min({0}, default={1}))", "print(dict.fromkeys({0}, {1}))"),
    *("print(str.maketrans({0}))", "print(sum(range({0})), sum(range({0}, {1})))", "print(sum(range({0}, {1}, {2})))"),
    *("for x in map(len, {0}): print(x)", "print([x for x in (y for y in {0} if y)])", "print(1 in (y for y in {0}))"),
    *("def f(g, x): return g(x)\nprint(f(len, {0}))", "def f(xs): return sum(xs)\nprint(f(range({0}, {1})))"),
    *("print(str.maketrans({0}, {1}))", "print(str.maketrans({0}, {1}, {2}))", "print(type({0}) == int)"),
    "match {0}:\n    case {1} | [2, {1}]:\n        print(1)\n    case [a, *b] if a:\n        print(a, b)",
    *("print(len(set({0})), {1} in {{1, 'a'}})", "print(sorted(set({0})))", "print(set({0}) == set({1}))"),
    *("x = set({0}) <= set({1})\nprint(x)", "print(len({{{0}, {1}, {2}}}))", "print(len(set({0}) & set({1})))"),
    *("print(len(set({0}) | set({1})), len(set({0}) - set({1})))", "print(set({0}).issubset({1}))"),
    *("print(list(map(int, {0})))", "x = {0}\nprint(isinstance(x, (int, str)))", "assert {0}\nprint(1)"),
)


def _calls() -> Iterator[Place]:
    for name, method in METHODS.items():
        if name in LAZY_METHODS:
            continue
        for count in range(method.least, 4 if method.most is None else method.most + 1):
            given = ", ".join(f"{{{index + 1}}}" for index in range(count))
            yield _place(f"x = {{0}}\nprint(x.{name}({given}))\nprint(x)", RECEIVERS, *OPERANDS[count])
    for name, builtin in BUILTINS.items():
        for count in range(builtin.least, 4 if builtin.most is None else builtin.most + 1):
            call = f"{name}({', '.join(f'{{{index}}}' for index in range(count))})"
            yield _place(f"print(list({call}))" if name in LAZY_BUILTINS else f"print({call})")


class Spread:
    """All programs of all places, in an order in which neighbours are of other places."""

    def __init__(self) -> None:
        self.places = [*_operators(), *_subscripts(), *map(_place, STATEMENTS), *_calls()]
        self._ends = [*accumulate(place.size for place in self.places)]
        self.size = self._ends[-1]
        # Steps of the golden section of a circle come everywhere soon; coprime to its size, they come everywhere once.
        self._stride = next(
            step for step in range(int(self.size * GOLDEN), self.size) if math.gcd(step, self.size) == 1
        )

    def text(self, number: int) -> str:
        """Return the program of a number, any from 0 on."""
        position = number * self._stride % self.size
        index = bisect_right(self._ends, position)
        return self.places[index].text(self._ends[index] - 1 - position)


def alike(ours: str, theirs: str) -> bool:
    """Return whether two messages are the same, or differ by design."""
    return ours == theirs or any(re.fullmatch(one, ours) and re.fullmatch(other, theirs) for one, other in BY_DESIGN)
