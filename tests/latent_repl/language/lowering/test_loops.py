"""`for` goes through rows as Python does, whatever its body does to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.language.oracle.core_lines import Execution

Same = Callable[[str], Execution]

TEXTS = (
    "for c in 'abc':\n    print(c)",
    "d = {'a': 1, 'b': 2}\nfor k in d:\n    del d[k]",
    "d = {1: 2}\nfor k in d: d[k + 10] = 1",
    "d = {1: 2, 3: 4}\nfor k in d: d[k] = k * 2\nprint(d)",
    "d = {'a': 1, 'b': 2, 'c': 3}\nfor k, v in d.items():\n    if v == 2: del d[k]",
    "d = {'a': 1, 'b': 2}\nfor v in d.values():\n    x = d.pop('b', None)\n    print(v)",
    "d = {'a': 1, 'b': 2}\nfor i, k in enumerate(d):\n    d.update({'c': 3})\n    print(i, k)",
    "d = {'a': 1, 'b': 2}\nfor k in d:\n    del d[k]\n    break\nprint(d)",
    "d = {1: 2, 3: 4}\nfor k in d:\n    d = {}\n    d[k] = 1\n    d[9] = 2\nprint(d)",
    "d = {1: 2, 3: 4}\nfor k in d:\n    d[k + 9] = 1\n    d = {}\nprint(d)",
    "d = {1: 2}\nfor k in d:\n    e = d\n    d.clear()\n    del d\nprint(e)",
    "d = {1: {2: 3}}\nfor d in d.values(): d.update({4: 5})\nprint(d)",
    "d = {'a': 1, 'b': 2}\nfor k in list(d):\n    del d[k]\nprint(d)",
    "def f(d):\n    for k in d:\n        if d[k] == 1: del d[k]\n    return d\nprint(f({1: 2}))\nf({1: 1})",
    "def f(d):\n    for k in d: d.setdefault(k + 'x', 1)\nf({'a': 1})",
    "def f(d):\n    for k in d: d[k + 9] = 1\nf({1: 2})",
    "def f(d):\n    for k in d: d[k] = k * 2\n    return d\nprint(f({1: 2, 3: 4}))",
    "def f(d):\n    for k in d: d.pop(k)\nf({1: 2})",
    "def f(x):\n    for a in x: x[0] = a\n    return x\nprint(f([1, 2, 3]))",
    "def f(x):\n    for i, a in enumerate(x): x[i] = a * 2\n    return x\nprint(f([1, 2, 3]))",
    "def f(x):\n    for a in x:\n        if a < 3: x.pop()\n    return x\nprint(f([1, 2, 3, 4]))",
    "def f(x):\n    for a in x:\n        del x[0]\n        print(a)\n    return x\nprint(f([1, 2, 3, 4]))",
    "t = 0\nfor x in [1, 2, 3]:\n    if x == 2:\n        continue\n    t += x\nelse:\n    t += 100",
    "x = [1, 2]\nfor a in x:\n    if a < 5:\n        x.append(a + 2)",
    "x = [1, 2, 3, 4]\nfor a in x:\n    x.remove(a)",
    "d = {'a': 1, 'b': 2}\nfor k in d:\n    print(k, d[k])\n"
    "for k, v in d.items():\n    print(v, k)\nfor v in d.values():\n    print(v)",
    "for i, c in enumerate('ab'):\n    print(i, c)\nfor i, c in enumerate([7, 8], 3):\n    print(i, c)",
    "for p in enumerate('ab'):\n    print(p)\n"
    "for a, b in zip('abc', [1, 2]):\n    print(a, b)\nfor p in zip('ab', 'cd'):\n    print(p)",
    "for a, (b, c) in [(1, (2, 3)), (4, [5, 6])]:\n    print(a + b + c)",
    "for x in reversed([1, 2]):\n    print(x)\nfor i in range(3):\n    x = i\nfor i in range(4, 0, -2):\n    print(i)",
    "x = [1, 2]\nfor a in x:\n    x = [9]\n    print(a)",
    "for i in range(998, 1003):\n    print(i)",
    "for a in 5:\n    pass",
    "for a, b in [1]:\n    pass",
    "for a, b in ['abc']:\n    pass",
    "n = 0\nfor a in [1, 2]:\n    for b in 'xy':\n        if b == 'y':\n            break\n        n += a",
    "s = 'ab'\nfor c in s:\n    s += c",
)


@pytest.mark.parametrize("text", TEXTS)
def test_loops_do_what_python_does(text: str, same: Same) -> None:
    same(text)


def test_a_row_that_nothing_changes_is_gone_through_without_its_length(run: Callable[[str], Execution]) -> None:
    still = run("x = [1, 2, 3, 4]\nfor a in x:\n    b = a == 9").steps
    growing = run("x = [1, 2, 3, 4]\nfor a in x:\n    if a == 9:\n        x.pop()").steps
    assert growing - still == 5 * 2 - 1


def test_lines_of_a_loop_begin_anew_in_each_round(run: Callable[[str], Execution]) -> None:
    lines = [event.line for event in run("for c in 'ab':\n    print(c)").events]
    assert lines == [1, 2, 1, 2, 1]
