"""Loops go through generators as Python does: a value is worked out when the loop comes to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.language.oracle.core_lines import Execution

Same = Callable[[str], Execution]

LOUD = "def f(v):\n    print('worked out', v)\n    return v * 2\n"
TEXTS = (
    "for x in map(int, '1 2'.split()):\n    print(x)",
    f"{LOUD}for x in map(f, [1, 2, 3]):\n    print(x)\n    if x == 4: break\nelse: print('end')",
    f"{LOUD}for x in (f(v) for v in range(5) if f(v) > 3 if v != 3):\n    if x > 4: break\nelse: x = 0",
    f"{LOUD}for i, x in enumerate(map(f, 'ab'), 3):\n    print(i, x)",
    f"{LOUD}for [i, x] in enumerate(f(v) for v in 'ab'):\n    print(i, x)",
    f"{LOUD}a = [x for x in map(f, map(f, [1, 2])) if x > 4]\nb = {{x: y for x, y in ((v, f(v)) for v in [1])}}",
    f"{LOUD}a = [(x, y) for x in map(f, [1, 2]) for y in (z + x for z in map(f, [3]))]",
    f"{LOUD}a = any(x > 2 for x in map(f, [1, 2, 3])), sum(x for x in filter(None, [0, 1, 2]))",
    f"{LOUD}a = 4 in map(f, [1, 2, 3]), 'x' not in (v for v in 'xyz'), None in (v for v in (0, 1))",
    "k = 2\nfor x in (k * a for a in [1, 2, 3] if a != k):\n    k = x",
    "x = 5\nfor x in (x + y for y in range(3)):\n    print(x)",
    "xs = [1, 2]\nfor x in (y for y in xs):\n    if x < 4: xs.append(x + 2)",
    "d = {'a': 1}\nfor k in (k.upper() for k in d):\n    d[k] = 2",
    "for x in map(int, '1x2'):\n    print(x)",
    "for a, b in ((y, x) for x, y in [(1, 2), (3, 4)]):\n    print(a, b)",
    "def g(xs):\n    s = 0\n    for i, x in enumerate(y for y in xs if y): s += i * x\n    return s\na = g([3, 0, 5])",
)


@pytest.mark.parametrize("text", TEXTS)
def test_loops_over_generators_do_what_python_does(text: str, same: Same) -> None:
    same(text)
