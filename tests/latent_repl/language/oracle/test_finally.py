"""`finally` blocks run as in Python, whatever leaves the statement: its end, an error, return, break, continue."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.latent_repl.language.oracle.alike import assert_alike

Lines = list[str]
Blocks = st.SearchStrategy[Lines]


def indented(lines: Lines) -> Lines:
    return [f"    {line}" for line in lines]


def blocks(inner: Blocks, most: int = 2) -> Blocks:
    return st.lists(inner, min_size=1, max_size=most).map(lambda parts: [line for part in parts for line in part])


def simple(leaving: list[str]) -> Blocks:
    plain = [
        *("x += 1", "print('a', x)", "x = 1 // 0", "x = [1][x]", "x = 5 // (x - 2)", "x = h(x)", "x = x and 7 // 0")
    ]
    failing = ["raise ValueError('no')", "raise KeyError(x)"]
    return st.sampled_from([*plain, *failing, *(f"if x % 2: {left}" for left in leaving), *leaving]).map(
        lambda line: [line]
    )


def tried(inner: Blocks) -> Blocks:
    names = ["ZeroDivisionError", "Exception as e", "ValueError as e", "(KeyError, IndexError)"]
    caught = st.tuples(st.sampled_from(names), blocks(inner)).map(
        lambda parts: [f"except {parts[0]}:", *indented(["print('caught', x)", *parts[1]])]
    )
    nothing: Lines = []
    other = blocks(inner).map(lambda body: ["else:", *indented(body)]) | st.just(nothing)
    final = blocks(inner).map(lambda body: ["finally:", *indented(["print('final', x)", *body])])
    both = st.tuples(blocks(inner), caught, other, final | st.just(nothing)).map(
        lambda parts: ["try:", *indented(parts[0]), *parts[1], *parts[2], *parts[3]]
    )
    alone = st.tuples(blocks(inner), final).map(lambda parts: ["try:", *indented(parts[0]), *parts[1]])
    return both | alone


def looped(inner: Blocks, number: int) -> Blocks:
    heads = st.sampled_from([f"for i{number} in range(3):", f"for i{number} in [1, 2]:"])
    return st.tuples(heads, blocks(inner)).map(lambda parts: [parts[0], *indented(parts[1])])


def statements(leaving: list[str], depth: int = 3) -> Blocks:
    if not depth:
        return simple(leaving)
    within = [*(left for left in leaving if left not in ("break", "continue")), "break", "continue"]
    return st.one_of(
        simple(leaving),
        tried(statements(leaving, depth - 1)),
        tried(statements(leaving, depth - 1)),
        looped(statements(within, depth - 1), depth),
    )


HEADER = """x = 1
def h(n):
    try:
        return [2, 0][n]
    finally:
        print('h', n)
"""
functions = blocks(statements(["return x", "return x + 1", "return"]), 3).map(
    lambda body: "\n".join(["def f(x):", *indented(body), *indented(["print('end', x)", "return x"])])
)


@given(functions, st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_functions_with_finally_go_as_in_python(function: str, given_value: int) -> None:
    assert_alike(f"{HEADER}{function}\ny = f({given_value})\nprint(y)")


@given(blocks(statements([]), 3).map("\n".join))
@settings(max_examples=40, deadline=None)
def test_texts_with_finally_go_as_in_python(text: str) -> None:
    assert_alike(f"{HEADER}{text}\nprint(x)")


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    while True:\n        try: return 1\n        finally:\n            while True:\n"
        "                try: return 2\n                finally: break\nprint(f())",
        "def f():\n    try:\n        return 1\n    finally:\n        return 2\nprint(f())",
        "def f(x):\n    try:\n        return x\n    finally:\n        x = 9\n        print(x)\nprint(f(3))",
        "def f():\n    for i in range(3):\n        try:\n            return i\n        finally:\n            continue\n"
        "    return 'over'\nprint(f())",
        "def f(n):\n    try:\n        return f(n - 1) if n else 1 // n\n    finally:\n        print(n)\nf(3)",
        "def f():\n    try:\n        raise ValueError('one')\n    finally:\n        raise KeyError('two')\n"
        "try:\n    f()\nexcept KeyError as e:\n    print(e)",
        "try: print(1)\nfinally: print(2)\nprint(3)",
        "x = 0\ntry:\n    x = 1\n    x = 1 // 0\nfinally:\n    x = x + 5\n    print(x)\nprint('never')",
        "def f():\n    try:\n        1 // 0\n    except ZeroDivisionError as e:\n        return 1\n"
        "    finally:\n        e\nf()",
        "try:\n    try:\n        1 // 0\n    except ZeroDivisionError as e:\n        raise ValueError('x')\n"
        "except ValueError:\n    print('here')\n    print(e)",
        "def f():\n    try:\n        try:\n            1 // 0\n        except ZeroDivisionError as e:\n"
        "            [][1]\n    except IndexError as e:\n        print(e)\n    print(e)\nf()",
        "for i in range(3):\n    try:\n        1 // 0\n    except ZeroDivisionError as e:\n        if i: break\n"
        "print(i)\nprint(e)",
        "def f():\n    try:\n        try:\n            return 1\n        finally:\n            print('in')\n"
        "            return 2\n"
        "    finally:\n        for j in 'ab':\n            try:\n                return j\n            finally:\n"
        "                continue\n        print('out')\nprint(f())",
    ],
)
def test_what_leaves_through_finally(text: str) -> None:
    assert_alike(text)
