"""Calls of the user's functions: what is left over is packed where the call stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.errors import LxSyntaxError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import Execution
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Call, Program

Lowered = Callable[[str], Program]
Same = Callable[[str], Execution]


def calls(program: Program) -> list[str]:
    return [str(each) for each in program.instructions if isinstance(each, Call)]


def test_what_is_left_over_is_packed_by_core_lines(lowered_rows: Lowered) -> None:
    program = lowered_rows("def f(a, *rest, k=1, **others): return a\nx = f(1, 2, 3, k=4, n=5)")
    lines = [*map(str, program.instructions[: program.end])]
    call = next(place for place, line in enumerate(lines) if "call" in line)
    assert lines[call] == "s0 = call f(s1, *s2, k=s4, **s3)"
    assert lines[1:call] == [
        *("s1 = 1", "s2 = row tuple", "append s2 2", "append s2 3", "s3 = row dict", "s4 = 4"),
        *("append s3 'n'", "append s3 5"),
    ]


def test_where_nothing_is_left_over_rows_are_empty(lowered_rows: Lowered) -> None:
    program = lowered_rows("def f(*rest, **others): return rest\nx = f()")
    assert calls(program) == ["s0 = call f(*s1, **s2)"]
    assert [*map(str, program.instructions[1:3])] == ["s1 = row tuple", "s2 = row dict"]


def test_plain_calls_are_lowered_as_ever(lowered_rows: Lowered) -> None:
    assert calls(lowered_rows("def f(a, *, k): return a\nx = f(1, k=2)")) == ["s0 = call f(s1, k=s2)"]


def test_a_function_is_lowered_anew_where_what_it_packs_for_is(run: Callable[[str], Execution]) -> None:
    text = "def f(*a): return a\ndef g(): return f(1, 2)\nprint(g())\ndef f(a, b): return a + b\nprint(g())\n"
    text += "def f(a, *b): return b\nprint(g())"
    assert run(text).output == ("(1, 2)", "3", "(2,)")
    program = lower(parse(text, rows=True), slots=12, rows=True)
    assert [routine.name for routine in program.routines] == ["g", "f", "g", "f", "g", "f"]


def test_a_name_of_other_characters_cannot_be_packed() -> None:
    with pytest.raises(LxSyntaxError, match="no character of Lx") as caught:
        lower(parse("def f(**k): return k\nf(\u00e9=1)", rows=True), slots=12, rows=True)
    assert (caught.value.line, caught.value.column) == (2, 5)


def test_what_is_packed_is_known_to_be_a_tuple_unless_it_is_assigned(lowered_rows: Lowered) -> None:
    assert calls(lowered_rows("def f(*xs): return xs[1:]\nf()")) == ["s0 = call f(*s1)"]
    again = calls(lowered_rows("def f(*xs):\n    xs = xs or 5\n    return xs[1:]\nf()"))
    assert [each.split("call ")[1].partition("(")[0] for each in again] == ["f", ".sliceable"]


NESTED = {
    "recursion, one another": """
def f(n):
    def even(k):
        return k == 0 or odd(k - 1)
    def odd(k):
        return k != 0 and even(k - 1)
    return [even(n), odd(n)]
print(f(4), f(3))
""",
    "two levels": """
def f(x):
    y = x * 2
    def middle(a):
        z = a + y
        def inner(b):
            return b + z + x
        return inner(1) * 10
    y += 1
    return middle(3), middle(4)
print(f(5))
""",
    "rows are shared": """
def moves(n):
    found = []
    def move(k, a, b, c):
        if k:
            move(k - 1, a, c, b)
            found.append(a + b)
            move(k - 1, c, b, a)
    move(n, "A", "C", "B")
    return found
print(moves(2))
""",
    "nonlocal": """
def f(n):
    count = n
    def g():
        nonlocal count, n
        count, n = count + 1, n - 1
        return [count + k for k in range(2)]
    a, b = g(), g()
    if count > 3:
        count = 100
        g()
    return a, b, count, n
print(f(1), f(5))
""",
    "recursion with nonlocal": """
def depth(tree):
    best = 0
    def go(node, d):
        nonlocal best
        best = max(best, d)
        for child in node:
            go(child, d + 1)
    go(tree, 0)
    return best
print(depth([[], [[], [[]]]]))
""",
    "lambda, key=, map, a star, names": """
def f(xs):
    key = lambda p: (-p[1], p[0])
    def g(v, by=2, *rest, **named):
        return v * by + len(rest) + len(named) + len(xs)
    return sorted(xs, key=key), list(map(g, [1, 2])), g(1, 2, 3, k=5), g(*[1, 2, 3])
print(f([(1, 2), (3, 4), (0, 4)]))
""",
    "global": """
k = 10
def f(a):
    def g():
        global k
        k += a
        return k
    return g() + g()
print(f(1), k)
""",
    "global between": """
n = 1
def f(n):
    def g():
        global n
        n += 10
        def h():
            return n
        return h()
    return g() * 100 + n
print(f(5), n)
""",
    "an error": """
def f(x):
    def g(y):
        return [7][y + x]
    try:
        return g(0)
    except IndexError as e:
        return str(e)
print(f(3), f(0))
""",
    "match, a loop's variable, an own variable of the same name": """
def f(xs):
    out, n = [], 0
    for x in xs:
        def_ = 1
        n = x
        out.append(n + def_)
    def g(v):
        match v:
            case [a, *rest]:
                return a + len(xs)
            case _:
                xs_ = [n for n in range(v)]
                return len(xs_) + n
    return out, [g(v) for v in ([1, 2], 5)]
print(f([1, 2]))
""",
    "assigned in all ways that go on": """
def f(x):
    if x:
        y = 1
    else:
        y = 2
    try:
        z = [5][x]
    except IndexError:
        return y
    def g():
        return y + z
    return g()
print(f(0), f(1))
""",
}


@pytest.mark.parametrize("name", NESTED)
def test_functions_inside_functions_do_what_they_do_in_python(name: str, same: Same) -> None:
    same(NESTED[name])


TAKING = {
    "a function, one of Python's, a lambda, a method": """
def each(f, xs):
    return [f(x) for x in xs]
def double(x):
    return 2 * x
print(each(double, [1, 2]), each(len, ["a", "bc"]), each(lambda x: x - 1, (5,)), each(str.upper, "ab"))
""",
    "two, and what goes along": """
def fold(f, xs, start):
    for x in xs:
        start = f(start, x)
    return start
def power(f, n, x):
    return x if n == 0 else f(power(f, n - 1, x))
print(fold(max, [3, 9, 2], 0), fold(lambda a, b: a * b, [2, 3], 1), power(lambda s: s + "!", 3, "hi"))
""",
    "functions inside others, nonlocal": """
def each(f, xs):
    for x in xs:
        f(x)
def total(xs):
    n = 0
    def add(x):
        nonlocal n
        n += x
    each(add, xs)
    each(lambda x: xs.append(n) if x == 1 else None, [*xs])
    return n, xs
print(total([1, 2, 3]))
each(print, "ab")
""",
    "a function that captures one": """
def compose(f, g, x):
    return apply(lambda y: f(g(y)), x)
def apply(h, x):
    return h(x)
def outer(n):
    def inner(m):
        return compose(lambda v: v + n, lambda v: v * m, 1)
    return [inner(k) for k in range(3)]
print(compose(abs, lambda z: z - 5, 3), outer(7))
""",
    "activations of its own": """
def walk(f, n):
    def g(x):
        return f(x) + n
    return g(1) if n == 0 else walk(abs, n - 1) + g(f(n))
print(walk(lambda x: x * 10, 2))
""",
    "stars, defaults, names, key=, map": """
def call(f, *rest, **named):
    return f(*rest)
def best(xs, key, by=2):
    return sorted(xs, key=key), list(map(key, xs)), list(filter(key, xs)), by
print(call(lambda a, b: a - b, 3, 4, k=1), best(["bb", "", "c"], len), best(key=lambda x: -x, xs=[1, 0], by=3))
""",
    "errors": """
def apply(f, x):
    return f(x)
try:
    print(apply(lambda x: [5][x], 1))
except IndexError as e:
    print(e)
print(apply(lambda a, b: a, 1))
""",
}


@pytest.mark.parametrize("name", TAKING)
def test_functions_that_take_functions_do_what_they_do_in_python(name: str, same: Same) -> None:
    same(TAKING[name])
