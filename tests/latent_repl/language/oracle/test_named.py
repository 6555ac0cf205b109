"""`:=` assigns where Python assigns: what is read before it keeps its value."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.oracle.alike import assert_alike

Texts = st.SearchStrategy[str]
HEADER = "n, m, s = 1, 2, [3]\ndef f(k):\n    global m\n    if (m := k + 1) > 2 and (j := k): return j\n    return m\n"


def of(pattern: str, *parts: Texts) -> Texts:
    return st.tuples(*parts).map(lambda texts: pattern.format(*texts))


def grown(inner: Texts) -> Texts:
    name = st.sampled_from(["n", "m", "s"])
    return st.one_of(
        of("({} := {})", name, inner),
        of("({} := {})", name, inner),
        of("({} + {})", inner, inner),
        of("({} == {} != {})", inner, inner, inner),
        of("({} and {} or {})", inner, inner, inner),
        of("({} if {} else {})", inner, inner, inner),
        of("[{}, {}]", inner, inner),
        of("{{{}: {}}}", inner, inner),
        of("max({}, {}, {})", inner, inner, inner),
        of("f'{{{}}}-{{({} := {})}}'", name, name, st.sampled_from(["1", "n", "f(m)"])),
        of("f({})", inner),
        of("[x for x in ({}, 1)]", name),
        of("s[{}:]", inner),
        of("({} // {})", inner, inner),
    )


values = st.recursive(st.sampled_from(["n", "m", "s", "2", "0", "n", "f(n)", "'a'", "[1, n]"]), grown, max_leaves=6)
simple = st.one_of(
    of("print({}, n, {})", values, values),
    of("{} = {}", st.sampled_from(["n", "m", "x = n", "n = m"]), values),
    of("{} = {}, {}", st.sampled_from(["n, m", "m, x", "s, n"]), values, values),
    of("{} += {}", st.sampled_from(["n", "m", "s"]), values),
    of("if {}: print(n)\nelif {}: print(m, n)", values, values),
    of("for i in range((n := 2)):\n    n = 9\n    print(i, {})", values),
    of("for x in (s := [1, 2]):\n    if len(s) < 5: s.append({})\n    print(x)", values),
    of("c = 3\nwhile (c := c - 1) and ({}, 1):\n    print(c, n, m)", values),
    of("try:\n    n = {}\nexcept Exception as e:\n    print(e, n, m, s)", values),
    of("assert {}, f'{{(n := 7)}}{{m}}'", values),
)
bodies = st.lists(simple, min_size=1, max_size=3).map("\n".join)


@given(bodies)
@settings(max_examples=80, deadline=None)
def test_texts_go_as_in_python(body: str) -> None:
    assert_alike(f"{HEADER}{body}\nprint(n, m, s)")


@given(bodies)
@settings(max_examples=80, deadline=None)
def test_functions_go_as_in_python(body: str) -> None:
    body = "\n".join(f"    {line}" for line in body.split("\n"))
    assert_alike(f"{HEADER}def g(n, s):\n    global m\n{body}\n    return n, m, s\nprint(g(1, [3]), n, m, s)")


@pytest.mark.parametrize(
    "text",
    [
        "def f(n): return n * 3 + 1 if n % 2 else n // 2\nn = 6\nwhile (n := f(n)) > 1:\n    print(n)",
        "if (s := 'abc'.upper()).startswith('A'): print(s)",
        "print(k := 3, k)",
        "xs = []\nfor i in range(3):\n    xs.append(last := i)\nprint(xs, last)",
        "def f():\n    print(n := 1)\n    return n\nprint(f())",
        "f = lambda x: (y := x) + y\nprint(f(2))",
        "s = ''\nx = [s := 3]\nprint(s + 1)",
        "x = 1 if (y := 0) else y\nprint(x, y)",
    ],
)
def test_what_beginners_write(text: str) -> None:
    assert_alike(text)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("xs = [y := 1 for x in 'ab']", 7, "no := stands in a comprehension"),
        ("xs = [x for x in (y := 'ab')]", 19, "no := stands in a comprehension"),
        ("print(sum((y := x) for x in (1, 2)))", 12, "no := stands in a comprehension"),
        ("print((? := 1))", 8, "a hole stands for a value"),
        ("print((abs := 1))", 8, "abs is a function"),
    ],
)
def test_what_is_refused(text: str, column: int, message: str) -> None:
    with pytest.raises(LxSyntaxError, match=message) as caught:
        parse(text, rows=True)
    assert caught.value.column == column
