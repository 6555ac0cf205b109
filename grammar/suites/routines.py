"""What beginners' programs are made of, as Lx with room for inputs: loops in loops, ranges, halving, digits.

The inputs reach as far as every number on the way stays in [-maximum, maximum]; a draw that leaves it is drawn again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from math import isqrt

from grammar.suites.classics import CLASSICS


@dataclass(frozen=True, slots=True)
class RoutineTemplate:
    """The ends of each input, a function of the largest value of all, and a program text with `{name}` in its place."""

    inputs: Callable[[int], dict[str, tuple[int, int]]]
    text: str

    def draw(self, generator: random.Random, maximum: int) -> str:
        """Return the text with inputs drawn uniformly."""
        inputs = {name: generator.randint(*ends) for name, ends in self.inputs(maximum).items()}
        return self.text.strip().format(**inputs)


def any_number(maximum: int) -> dict[str, tuple[int, int]]:
    """Return the ends of an input that may be as large as any value."""
    return {"n": (1, maximum)}


def nearly_the_largest(maximum: int) -> dict[str, tuple[int, int]]:
    """Return the ends of an input above which its square root still finds room."""
    return {"n": (1, maximum - isqrt(maximum))}


def two_numbers(maximum: int) -> dict[str, tuple[int, int]]:
    """Return the ends of two inputs that may be as large as any value."""
    return {"a": (1, maximum), "b": (1, maximum)}


def _rounds(maximum: int) -> dict[str, tuple[int, int]]:
    return {"a": (1, isqrt(maximum)), "b": (1, isqrt(maximum))}


def _range(maximum: int) -> dict[str, tuple[int, int]]:
    return {"a": (-maximum // 2, maximum // 2), "b": (-maximum // 2, maximum // 2), "c": (3, maximum // 8)}


LOOPS: dict[str, dict[str, RoutineTemplate]] = {
    "nested-loops": {
        "rectangle": RoutineTemplate(
            _rounds,
            """
n = 0
for i in range({a}):
    for j in range({b}):
        n += 1
n
""",
        ),
        "triangle": RoutineTemplate(
            _rounds,
            """
n = 0
for i in range({a}):
    for j in range(i):
        n += 1
n
""",
        ),
        "while in while": RoutineTemplate(
            _rounds,
            """
n = 0
i = 0
while i < {a}:
    j = {b}
    while j > i:
        j -= 1
        n += 1
    i += 1
n
""",
        ),
        "pairs with a sum": RoutineTemplate(
            _rounds,
            """
n = 0
for i in range(1, {a} + 1):
    for j in range(1, {b} + 1):
        if i + j == {a}:
            n += 1
            break
n
""",
        ),
    },
    "ranges": {
        "upwards": RoutineTemplate(
            _range,
            """
n = 0
j = 0
for j in range({a}, {b}, {c}):
    n += 1
print(n, j)
""",
        ),
        "downwards": RoutineTemplate(
            _range,
            """
n = 0
j = 0
for j in range({a}, {b}, -{c}):
    n += 1
print(n, j)
""",
        ),
        "bounds in variables": RoutineTemplate(
            _range,
            """
a = {a}
b = {b}
c = {c}
n = 0
for j in range(a, b, c):
    n += 1
for j in range(b, a, -c):
    n -= 1
n
""",
        ),
    },
    "binary-search": {
        "square root by halving": RoutineTemplate(
            nearly_the_largest,
            """
n = {n}
low = 0
high = n + 1
while high - low > 1:
    middle = low + (high - low) // 2
    if middle <= n // middle:
        low = middle
    else:
        high = middle
low
""",
        ),
        "guess by halving": RoutineTemplate(
            lambda maximum: {"n": (1, maximum), "high": (maximum, maximum)},
            """
n = {n}
low = 1
high = {high}
tries = 1
guess = low + (high - low) // 2
while guess != n:
    if guess < n:
        low = guess + 1
    else:
        high = guess - 1
    guess = low + (high - low) // 2
    tries += 1
print(guess, tries)
""",
        ),
        "quotient by halving": RoutineTemplate(
            two_numbers,
            """
a = {a}
b = {b}
low = 0
high = a
while low < high:
    middle = high - (high - low) // 2
    if middle <= a // b:
        low = middle
    else:
        high = middle - 1
low
""",
        ),
    },
    "digits": {
        "sum of digits": RoutineTemplate(any_number, CLASSICS["sum of digits"].text),
        "reversed digits": RoutineTemplate(any_number, CLASSICS["reversed digits"].text),
        "palindrome": RoutineTemplate(
            any_number,
            """
n = {n}
rest = n
r = 0
while rest:
    r = r * 10 + rest % 10
    rest //= 10
r == n
""",
        ),
        "digital root": RoutineTemplate(
            any_number,
            """
n = {n}
while n > 9:
    s = 0
    while n:
        s += n % 10
        n //= 10
    n = s
n
""",
        ),
        "largest digit": RoutineTemplate(
            any_number,
            """
n = {n}
d = 0
while n > 0:
    d = max(d, n % 10)
    n //= 10
d
""",
        ),
    },
}
"""The routines of each suite, drawn in turn."""
