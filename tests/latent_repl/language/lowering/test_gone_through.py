"""Ranges that functions are given: a list stands for one where nobody can tell."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.errors import LxSyntaxError
from latent_repl.language.lowering.gone_through import is_gone_through
from latent_repl.language.oracle.core_lines import Execution
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Program

Lowered = Callable[[str], Program]
Same = Callable[[str], Execution]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("for x in xs: print(x)", True),
        ("return [x for x in xs if x], {x: 1 for x in xs}, (*xs, 1)", True),
        ("return len(xs), sum(xs), sorted(xs), list(xs), max(xs), min(xs, default=0), any(xs)", True),
        ("for i, x in enumerate(xs, 1): print(i)", True),
        ("return list(zip(xs, xs)), list(reversed(xs)), 3 in xs, 4 not in xs", True),
        ("a, b = xs", True),
        ("if xs: return 1\n    while not xs: pass\n    return 2 if xs else 3", True),
        ("return g(xs, 1) + g(1, ys=xs)", True),
        ("return f(xs)", True),
        ("pass", True),
        ("return xs", False),
        ("print(xs)", False),
        ("return f'{xs}'", False),
        ("return [xs]", False),
        ("return max(xs, [1])", False),
        ("return sum([], xs)", False),
        ("return xs[0]", False),
        ("return xs == [1]", False),
        ("return xs and 1", False),
        ("return xs.index(1)", False),
        ("xs = xs", False),
        ("return g(1, 2, xs)", False),
        ("return h(xs)", False),
        ("return unknown(xs)", False),
        ("def k(): return sum(xs)\n    return k()", True),
        ("def k(): return str(xs)\n    return k()", False),
    ],
)
def test_a_list_stands_for_a_range_where_nobody_can_tell(body: str, expected: bool) -> None:
    text = f"def g(ys, n=0, *rest, **named): return f(ys) + len(ys)\ndef h(zs): return str(zs)\ndef f(xs):\n    {body}"
    tree = parse(text, rows=True)
    functions = tree.functions_at(len(tree.module.body))
    assert is_gone_through(functions["f"], "xs", functions.get) == expected


@pytest.mark.parametrize(
    "text",
    [
        "def f(xs, *rest, k=1): return sum(xs) + k\na = f(range(4)), f(range(1, 9, 3), 2, k=5), f(xs=range(0))",
        "def f(xs): return sum(xs)\ndef g(): return f(range(4))\na = g()\ndef f(xs): return len(xs) * 100\nb = g()",
        "def f(k, xs): return [k(x) for x in xs]\na = f(abs, range(-2, 2))",
    ],
)
def test_functions_do_with_ranges_what_they_do_in_python(text: str, same: Same) -> None:
    same(text)


@pytest.mark.parametrize("call", ["f(range(3))", "g(range(3))", "g(k=range(3))", "h()"])
def test_a_range_that_could_be_told_from_a_list_is_refused(call: str, lowered_rows: Lowered) -> None:
    text = f"def f(xs): return xs\ndef g(*xs, **named): return 1\ndef h(): return f(range(3))\n{call}"
    with pytest.raises(LxSyntaxError, match="may do more than go through it") as caught:
        lowered_rows(text)
    assert (caught.value.line, caught.value.remedy) == (3 if call == "h()" else 4, "write list(range(...))")
