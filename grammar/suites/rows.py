"""Programs on strings, lists, dicts, shared rows, calls of calls, and wide integers; nothing is trained on them.

Every function draws one program from a seeded generator. What it does is followed along in Python itself, so that no
index is out of reach; the largest magnitude of a cell is not kept: what is wider is a row.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from grammar.suites.problems import ARITHMETIC
from latent_repl.language.operators import EQUAL, GREATER_EQUAL, LESS, TABLE

BEGINNERS = Path(__file__).parent / "beginners"
"""Forty programs as people write them in their first weeks, one a file."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = ("apple", "pear", "plum", "fig", "lemon", "olive", "cherry", "kiwi", "date", "mango")
LONGEST = 12
"""The longest list that a program lets grow. Chosen."""


def _word(generator: random.Random, most: int = 9) -> str:
    return "".join(generator.choice(LETTERS) for _ in range(generator.randint(1, most)))


def _numbers(generator: random.Random, most: int = 7) -> list[int]:
    return [generator.randint(-99, 99) for _ in range(generator.randint(1, most))]


def strings(generator: random.Random, maximum: int) -> str:
    """Draw a text, what its methods make of it, and slices of it."""
    text = " ".join(_word(generator, 5) for _ in range(generator.randint(1, 4)))
    letter, other = generator.choice(text), generator.choice(LETTERS)
    start, end = sorted(generator.sample(range(-3, len(text) + 3), 2))
    steps = (
        "s.upper()",
        "s.title()",
        "s[::-1]",
        f"s[{start}:{end}]",
        f"s.replace({letter!r}, {other!r})",
        f"s.count({letter!r})",
        f"s.find({other!r})",
        "s.split()",
        "'-'.join(s.split())",
        f"{letter!r} in s",
        f"s.startswith({text[:2]!r})",
        "len(s)",
        "s + '!' * 3",
        f"s[{generator.randrange(len(text))}]",
        "[c for c in s if c in 'aeiou']",
        "f'<{s}>'",
        "sorted(s)",
    )
    return "\n".join([f"s = {text!r}", *(f"print({step})" for step in generator.sample(steps, 4))])


def lists(generator: random.Random, maximum: int) -> str:
    """Draw a list and what is computed of it."""
    numbers = _numbers(generator)
    value = generator.choice((generator.choice(numbers), generator.randint(-99, 99)))
    start, end, step = (generator.choice((None, *range(-5, 6))) for _ in range(3))
    part = ":".join("" if bound is None else str(bound) for bound in (start, end, step or None))
    steps = (
        "sorted(xs)",
        "max(xs) - min(xs)",
        "sum(xs)",
        f"xs[{part}]",
        f"{value} in xs",
        f"xs.count({value})",
        "[x * 2 for x in xs if x > 0]",
        "xs[::-1]",
        "len(xs)",
        "xs == sorted(xs)",
        "[[i, x] for i, x in enumerate(xs)]",
        "list(zip(xs, xs[1:]))",
        "xs + [0]",
        "any([x > 50 for x in xs])",
        "xs.index(xs[-1])",
    )
    return "\n".join([f"xs = {numbers}", *(f"print({step})" for step in generator.sample(steps, 4)), "xs"])


def dicts(generator: random.Random, maximum: int) -> str:
    """Draw a dict that is filled, read and counted with."""
    names = generator.sample(WORDS, 4)
    counts = {name: generator.randint(0, 99) for name in names[:3]}
    lines = [f"d = {counts}", f"d[{names[0]!r}] += {generator.randint(1, 9)}", f"d[{names[3]!r}] = 7"]
    steps = (
        f"d.get({generator.choice(WORDS)!r}, 0)",
        "sorted(d)",
        "list(d.values())",
        "sum(d.values())",
        f"{generator.choice(WORDS)!r} in d",
        "len(d)",
        "[k for k, v in d.items() if v > 20]",
        "{k: v + 1 for k, v in d.items()}",
        f"d.pop({names[1]!r})",
    )
    return "\n".join([*lines, *(f"print({step})" for step in generator.sample(steps, 3)), "d"])


def aliases(generator: random.Random, maximum: int) -> str:
    """Draw assignments, appends, pops and writes through two to four names, some of which share a list."""
    names = "abcd"[: generator.randint(2, 4)]
    held: dict[str, list[int]] = {}
    lines = []
    for name in names:
        held[name] = _numbers(generator, 4)
        lines.append(f"{name} = {held[name]}")
    for _ in range(generator.randint(4, 10)):
        one, other, value = generator.choice(names), generator.choice(names), generator.randint(-99, 99)
        moves: list[tuple[str, Callable[[], object]]] = [
            (f"{one} = {other}", lambda: held.update({one: held[other]})),  # noqa: B023, called at once
            (f"{one} = {other}[:]", lambda: held.update({one: held[other][:]})),  # noqa: B023
        ]
        if len(held[one]) < LONGEST:
            moves.append((f"{one}.append({value})", lambda: held[one].append(value)))  # noqa: B023
        if held[one]:
            place = generator.randrange(-len(held[one]), len(held[one]))
            moves.append((f"{one}[{place}] = {value}", lambda: held[one].__setitem__(place, value)))  # noqa: B023
            moves.append((f"{one}.pop()", lambda: held[one].pop()))  # noqa: B023
        line, move = generator.choice(moves)
        move()
        lines.append(line)
    return "\n".join([*lines, f"print({', '.join(names)})"])


CALLS = (
    "def factorial(n):\n    if n < 2:\n        return 1\n    return n * factorial(n - 1)\n\nprint(factorial({small}))",
    "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n\nprint(fib({small}))",
    "def gcd(a, b):\n    if b == 0:\n        return a\n    return gcd(b, a % b)\n\nprint(gcd({number}, {other}))",
    "def power(b, n):\n    if n == 0:\n        return 1\n    h = power(b, n // 2)\n"
    "    return h * h * b if n % 2 else h * h\n\nprint(power({digit}, {small}))",
    "def digits(n):\n    return 0 if n == 0 else n % 10 + digits(n // 10)\n\nprint(digits({number}))",
    "def back(s):\n    return s if len(s) < 2 else back(s[1:]) + s[0]\n\nprint(back({word!r}))",
    "def even(n):\n    return True if n == 0 else odd(n - 1)\n\n"
    "def odd(n):\n    return False if n == 0 else even(n - 1)\n\n"
    "print(even({small}), odd({small}))",
    "def moves(n):\n    return 0 if n == 0 else 2 * moves(n - 1) + 1\n\nprint(moves({small}))",
    "def ackermann(m, n):\n    if m == 0:\n        return n + 1\n    if n == 0:\n        return ackermann(m - 1, 1)\n"
    "    return ackermann(m - 1, ackermann(m, n - 1))\n\nprint(ackermann({tiny}, {tiny}))",
    "def total(xs):\n    return 0 if not xs else xs[0] + total(xs[1:])\n\nprint(total({numbers}))",
    "def collatz(n, steps=0):\n    if n == 1:\n        return steps\n"
    "    return collatz(n // 2 if n % 2 == 0 else 3 * n + 1, steps + 1)\n\nprint(collatz({digit}))",
)


def calls(generator: random.Random, maximum: int) -> str:
    """Draw a function that calls itself, or two that call each other."""
    return generator.choice(CALLS).format(
        small=generator.randint(0, 8),
        tiny=generator.randint(0, 2),
        digit=generator.randint(1, 9),
        number=generator.randint(1, 999),
        other=generator.randint(1, 999),
        word=_word(generator),
        numbers=_numbers(generator),
    )


def wide(generator: random.Random, maximum: int) -> str:
    """Draw two integers of up to 15 digits, and an operator between them."""
    a, b = (generator.choice((-1, 1)) * generator.randint(0, 10 ** generator.randint(1, 15)) for _ in range(2))
    operator = generator.choice((*ARITHMETIC, LESS, EQUAL, GREATER_EQUAL))
    if TABLE[operator].divides and b == 0:
        b = 7
    return f"a = {a}\nb = {b}\nprint(a {operator} b)"


ROWS: dict[str, tuple[Callable[[random.Random, int], str], ...]] = {
    "strings": (strings,),
    "lists": (lists,),
    "dicts": (dicts,),
    "aliases": (aliases,),
    "recursion": (calls,),
    "wide-integers": (wide,),
}
"""The families of each suite."""


def beginners(maximum: int) -> Iterator[str]:
    """Yield the beginners' programs, in the order of their names."""
    return (path.read_text(encoding="utf-8") for path in sorted(BEGINNERS.glob("*.lx")))
