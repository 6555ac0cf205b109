"""Functions inside functions: what they become, and which are refused."""

from __future__ import annotations

import ast
from cProfile import Profile
from pstats import Stats

import pytest

from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.parsing.conftest import assert_refused, refusal


def written(text: str) -> str:
    """Return what a text becomes."""
    return ast.unparse(parse(text, rows=True).module)


def test_a_call_gives_what_the_inner_function_reads() -> None:
    text = "def f(a):\n    def g(b):\n        return a + b\n    return g(1)"
    assert written(text) == (
        "def f.<locals>.g(b, *, f.a):\n    return f.a + b\n\ndef f(a):\n    return f.<locals>.g(1, f.a=a)"
    )


def test_a_function_gives_on_what_those_need_that_it_calls() -> None:
    text = (
        "def f(a):\n    def g():\n        return a\n    def h(a):\n        def k():\n            return g() + a\n"
        "        return k()\n    return h(2)"
    )
    assert "def f.<locals>.h.<locals>.k(*, f.<locals>.h.a, f.a)" in written(text)
    assert "f.<locals>.h.<locals>.k(f.<locals>.h.a=a, f.a=f.a)" in written(text)


def test_a_variable_that_an_inner_function_assigns_lies_in_a_list() -> None:
    text = "def f(n):\n    def g():\n        nonlocal n\n        n += 1\n    g()\n    return n"
    assert "f.n = [n]\n" in written(text) and "return f.n[0]" in written(text)
    assert "def f.<locals>.g(*, f.n):\n    pass\n    f.n[0] += 1" in written(text)


def test_the_line_of_a_function_is_that_of_the_one_around_it() -> None:
    text = "def f(a):\n    b = a\n    def g():\n        return b\n    return g()"
    assert [statement.lineno for statement in parse(text, rows=True).module.body] == [1, 1]


G = "def f(n):\n    def g(a):\n        return a + n\n"
MANY = "".join(f"    v{place} = 1\n" for place in range(80))
READ = " + ".join(f"v{place}" for place in range(80))
REFUSED = [
    (f"def f():\n{MANY}    def g(): return {READ}", 82, 5, "reads too many variables", "in a list"),
    (f"{G}    return g", 4, 12, "g is a function, not a variable", "g(...)"),
    (f"{G}    return g(1, 2)", 4, 12, "g takes 1 value, not 2", "g with 1"),
    (f"{G}    g = 3", 2, 5, "uses already", "another name"),
    ("def f(g):\n    def g(): return 1", 2, 5, "uses already", "another name"),
    ("def f():\n    def g(): return 1\n    def g(): return 2", 3, 5, "uses already", "another name"),
    (f"{G}    return [g(1) for n in (1, 2)]", 4, 13, "n is the comprehension's here", "another name"),
    ("def f():\n    def __g(): return 1", 2, 5, "a function of Lx's own", "another name"),
    ("def f():\n    def g(a, a): return 1", 2, 14, "a stands twice", "a name of its own"),
    ("def f():\n    if 1:\n        def g(): return 1", 3, 9, "def stands in a block", "outside its if"),
    ("def f():\n    return g()\n    def g(): return 1", 2, 12, "g is defined after this call", "its def up"),
    (
        "def f():\n    def g(): return h()\n    a = g()\n    def h(): return 1\n    return a",
        *(3, 9, "h is defined after this call", "its def up"),
    ),
    ("def f():\n    def g(): return n\n    a = g()\n    n = 1", 3, 9, "n may have no value yet", "n = 0"),
    ("def f(c):\n    def g(): return n\n    if c: n = 1\n    return g()", 4, 12, "n may have no value yet", "n = 0"),
    ("def f(n):\n    def g(): return n\n    del n\n    return g()", 4, 12, "n may have no value yet", "n = 0"),
    (
        "def f():\n    def g():\n        nonlocal n\n        n = 1\n    print(n)\n    n = 2",
        *(5, 11, "n may have no value yet", "n = 0"),
    ),
    (
        "def f():\n    def g():\n        nonlocal n\n        n = 1\n    n += 2",
        *(5, 5, "n may have no value yet", "n = 0"),
    ),
    (
        "def f(n):\n    def g():\n        nonlocal n\n        n = 1\n    for n in (1, 2): g()",
        *(5, 9, "n is one that an inner function assigns", "n = ..."),
    ),
    ("def f():\n    def g():\n        nonlocal k\n        k = 1", 3, 9, "no binding for nonlocal 'k'", "write global"),
    ("nonlocal k", 1, 1, "not allowed at module level", "write global"),
    ("def f():\n    def g(): return 1\n    def h():\n        nonlocal g", 4, 9, "g is a function", "g(...)"),
    ("def f(n):\n    def g():\n        n = 1\n        nonlocal n", 4, 9, "before nonlocal", "before all other"),
    ("def f():\n    nonlocal k\n    k = 1", 2, 5, "no binding for nonlocal 'k'", "write global"),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "remedy"), REFUSED)
def test_what_cannot_be_moved_is_refused(text: str, line: int, column: int, message: str, remedy: str) -> None:
    assert_refused(text, line, column, message, remedy, rows=True)


def test_what_is_refused_inside_a_function_hides_nothing_outside() -> None:
    error = refusal(f"{G}    return g\nf(1)\nx = 1j", rows=True)
    assert (error.line, [other.line for other in error.others]) == (4, [6])


def test_the_work_grows_as_the_number_of_functions_that_call_one_another() -> None:
    def calls(count: int) -> int:
        chain = "".join(f"    def g{place}(): return g{place + 1}() if x else 1\n" for place in range(count))
        text = f"def f(x):\n{chain}    def g{count}(): return x\n" + "    g0()\n" * count
        with Profile() as profile:
            parse(text, rows=True)
        return Stats(profile).total_calls  # type: ignore[attr-defined]

    assert calls(400) < 2.4 * calls(200)
