"""Comprehensions: their values, their variables, and where any and all stop."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.language.oracle.core_lines import Execution

Same = Callable[[str], Execution]

TEXTS = (
    "x = [a * 2 for a in [1, 2, 3] if a != 2]\ny = [c for c in 'abc']\nz = [i for i in range(3)]",
    "x = 5\ny = [x for x in [1, 2]]\nz = [x + a for a in y]",
    "x = [[a, b] for a in [1, 2] for b in 'xy' if a != 1 or b != 'x']",
    "m = [[1, 2], [3, 4]]\nt = [[r[i] for r in m] for i in range(2)]\nf = [x for r in m for x in r]",
    "d = {c: i for i, c in enumerate('abca')}\ne = {v: k for k, v in d.items()}",
    "a = sum(x * x for x in [1, 2, 3])\nb = ''.join(c.upper() for c in 'ab')\n"
    "c = sorted(-x for x in [1, 2])\nd = max(len(w) for w in ['a', 'bcd'])",
    "def f(x):\n    print(x)\n    return x\na = any(f(x) for x in [0, 1, 2])\nb = all(f(x) for x in [1, 0, 2])",
    "x = [1, 2]\nx = [x for x in x]",
    "x = [int(c) for c in '123']\ny = list(map(str, x))\nz = list(filter(None, [0, 1]))",
    "def f(s):\n    return [c for c in s if c not in 'aeiou']\nprint(f('queue'), f('xyz'))",
    "x = [a for a in 5]",
    "x = [y for y in [1, 'a'] if y < 2]",
    # What is added up stands in no row, so that no row is too short for it.
    "a = sum(range(101))\nb = sum(range(100, 0, -3))\nc = sum(x * x for x in range(70) if x % 2)",
    "x = 5\nx = sum(x * i for i in range(3))\ny = sum(len(w) for w in ['a', 'bc'])\nz = sum(range(5), 10)",
    "a = sum(c for c in 'abc')",
    "a = sum(x for x in 5)",
    "def f(n):\n    return sum(f(k) for k in range(n)) + 1\nprint(f(4), [sum(range(i)) for i in range(4)])",
)


@pytest.mark.parametrize("text", TEXTS)
def test_comprehensions_do_what_python_does(text: str, same: Same) -> None:
    same(text)
