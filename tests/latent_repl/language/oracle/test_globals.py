"""Functions that assign global variables do so as in Python, whoever reads them meanwhile."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latent_repl.errors import LxSyntaxError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute
from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.oracle.alike import assert_alike

HEADER = """a, b, s = 1, 2, [0]
def f(k):
    global a
    a = a + k
    return a
def g():
    global a, b
    a, b = b + 1, f(1)
    return b
def h(k):
    global s, t, b
    for b in range(k):
        s += [b]
    s, (t, c) = s[-3:], (k, 1)
    [b for b in s]
    return len(s)
def quiet():
    global a
    a = 7
def fails():
    global b
    b = 9
    return [][b]
"""
ATOMS = ("a", "b", "a", "b", "3", "f(1)", "f(a)", "g()", "h(2)", "len(s)", "quiet()", "fails()")
Draw = st.SearchStrategy[str]


def of(pattern: str, *parts: Draw) -> Draw:
    return st.tuples(*parts).map(lambda texts: pattern.format(*texts))


def grown(inner: Draw) -> Draw:
    return st.one_of(
        of("({} + {})", inner, inner),
        of("({} < {} < {})", inner, inner, inner),
        of("({} and {})", inner, inner),
        of("({} if {} else {})", inner, inner, inner),
        of("max({}, {}, {})", inner, inner, inner),
        of("[{}, {}][{}]", inner, inner, st.sampled_from(["0", "1", "a", "b"])),
        of("f'{{{}}}{{{}}}'", st.sampled_from("ab"), st.sampled_from(["f(2)", "a", "g()"])),
        of("[a for _ in range({}) if {}]", st.sampled_from("ab"), inner),
        of("sum({} for _ in range(2))", inner),
        of("s[{}:{}]", inner, inner),
        of("f(k={})", inner),
    )


values = st.recursive(st.sampled_from(ATOMS), grown, max_leaves=4)
targets = st.sampled_from(["a", "b", "x", "s[0]", "a, b", "x, a", "b, x"])
simple = st.one_of(
    of("print({}, {}, a)", values, values),
    of("{} = {}, {}", st.sampled_from(["a, b", "b, a", "x, a", "s[0], a"]), values, values),
    of("{} = {}", st.sampled_from(["a", "b", "x", "s[0]", "x = a", "a = x"]), values),
    of("{} += {}", st.sampled_from(["a", "b", "s[0]", "s[b]"]), values),
    of("if {}:\n    print(a, {})", values, values),
    of("for i in range(a, {}):\n    print(i, a)\n    x = {}", values, values),
    of("for a in range({}):\n    print(a, {})", values, values),
    of("try:\n    a = {}\nexcept Exception as e:\n    print(e, a, b)", values),
    st.just("del a"),
)
programs = st.lists(simple, min_size=1, max_size=4).map(lambda lines: HEADER + "\n".join([*lines, "print(a, b, s)"]))


@given(programs)
@settings(max_examples=200, deadline=None)
def test_programs_with_globals_go_as_in_python(program: str) -> None:
    assert_alike(program)


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    global n\n    n = 3\nf()\nprint(n)",
        "def f():\n    global n\n    n = 3\nprint(n)",
        "n = 'a'\ndef f():\n    global n\n    n = [1]\nf()\nn.append(2)\nprint(n, n[0:1])",
        "def f(n):\n    global k\n    if n: f(n - 1)\n    k = n\n    return k\nprint(f(3), k)",
        "global n\nn = 1\nprint(n)",
        "d = {1: 2}\ndef f():\n    global d\n    d = {}\nfor k in d:\n    f()\nprint(d)",
        "n = 3\ndef f():\n    global n\n    for n in (1, 2): pass\n    n *= 2\n    n **= 2\nf()\nprint(n)",
        "n = 1\ndef f():\n    if n == 1:\n        global n2\n        n2 = n\n    return n2\nprint(f(), n2)",
    ],
)
def test_a_variable_that_a_function_assigns(text: str) -> None:
    assert_alike(text)


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "remedy"),
    [
        ("def f(n):\n    global n", 2, 5, "parameter and global", "another name"),
        ("def f():\n    n = 1\n    global n", 3, 5, "assigned to before global", "before all other lines"),
        ("n = 1\nglobal n", 2, 1, "assigned to before global", "before all other lines"),
        ("def f():\n    global n\n    n: int = 1", 3, 5, "can't be global", "another name"),
        ("def f():\n    global n\n    del n", 3, 9, "no variable of the function's own", "assign None"),
        ("def f():\n    global f", 2, 5, "f is a function", "another name"),
        ("def f():\n    global ?", 2, 12, "hole", "in the place of a number"),
        ("def f():\n    global g\n    g = 1\ndef g(): return 1", 4, 1, "g is a variable already", "another name"),
        ("def f():\n    global list\n    list = 1\nlist((1, 2))", 4, 1, "list is a variable", "another name"),
    ],
)
def test_what_is_refused(text: str, line: int, column: int, message: str, remedy: str) -> None:
    with pytest.raises(LxSyntaxError, match=message) as caught:
        parse(text, rows=True)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert remedy in str(caught.value)


def test_an_assignment_costs_a_core_line() -> None:
    program = lower(parse("def f(k):\n    global n\n    n = k\nx = f(1)", rows=True), slots=8, rows=True)
    assert [str(each) for each in program.instructions if type(each).__name__ == "Save"] == ["save s1 = s1"]
    assert execute(program, (None,) * 8, capacity=(64, 128)).steps == 3
