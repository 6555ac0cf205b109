"""`match` goes as in Python: which case is taken, what its pattern captures, and which patterns are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.oracle.alike import assert_alike

Texts = st.SearchStrategy[str]
HEADER = "a = b = r = None\ndef f(k):\n    global a\n    a = k\n    return k\n"
LITERALS = ("0", "1", "-1", "2000", "True", "False", "None", "'a'", "''", "'bc'")


def of(pattern: str, *parts: Texts) -> Texts:
    return st.tuples(*parts).map(lambda texts: pattern.format(*texts))


def grown(inner: Texts) -> Texts:
    name, key = st.sampled_from(["a", "b", "r"]), st.sampled_from(["'k'", "1", "-1", "None"])
    return st.one_of(
        of("[{}, {}]", inner, inner),
        of("({}, {})", inner, inner),
        of("({},)", inner),
        of("[{}, *{}]", inner, st.sampled_from(["r", "_"])),
        of("[*{}, {}]", st.sampled_from(["r", "_"]), inner),
        of("({}, *b, {})", inner, inner),
        of("({} | {})", inner, inner),
        of("({} as {})", inner, name),
        of("{}({})", st.sampled_from(["int", "bool", "str", "list", "dict", "tuple", "float"]), inner),
        of("{{{}: {}}}", key, inner),
        of("{{{}: {}, {}: {}, **r}}", key, inner, key, inner),
    )


def held(inner: Texts) -> Texts:
    return st.one_of(
        of("[{}, {}]", inner, inner),
        of("({}, {})", inner, inner),
        of("({},)", inner),
        of("[{}, {}, {}]", inner, inner, inner),
        of("{{'k': {}, 1: {}}}", inner, inner),
        of("{{None: {}}}", inner),
    )


LEAVES = (*LITERALS, "a", "b", "_", "[]", "{}", "[*_]", "int()", "str()")
patterns = st.recursive(st.sampled_from(LEAVES), grown, max_leaves=5)
values = st.recursive(st.sampled_from([*LITERALS, "[]", "{}"]), held, max_leaves=5)
guards = st.sampled_from(["", "", " if a", " if a == b", " if f(b)", " if (b := a) is None", " if len(r) > 1"])
bodies = st.sampled_from(["pass", "continue", "break", "x = a", "print(a, b, r)"])
cases = of("        case {}{}:\n            {}\n", patterns, guards, bodies)
matches = st.tuples(values, values, st.lists(cases, min_size=1, max_size=4)).map(
    lambda parts: f"for x in [{parts[0]}, {parts[1]}]:\n    match x:\n{''.join(parts[2])}    print(x)\n"
)


def assert_same(text: str) -> None:
    """Assert that a text goes as in Python, or is refused where Python refuses it."""
    try:
        compile(text, "<text>", "exec")
    except SyntaxError:
        with pytest.raises(LxSyntaxError):
            parse(text, rows=True)
        return
    assert_alike(text)


@given(matches)
@settings(max_examples=80, deadline=None)
def test_texts_go_as_in_python(body: str) -> None:
    assert_same(f"{HEADER}{body}print(a, b, r)")


@given(matches)
@settings(max_examples=80, deadline=None)
def test_functions_go_as_in_python(body: str) -> None:
    body = "".join(f"    {line}\n" for line in body.splitlines())
    assert_same(f"{HEADER}def g(b, r):\n    global a\n{body}    return a, b, r\nprint(g(1, [3]), a, b, r)")


@given(values, st.lists(patterns, min_size=1, max_size=3))
@settings(max_examples=80, deadline=None)
def test_patterns_beside_one_another_capture_by_the_first_that_fits(value: str, several: list[str]) -> None:
    assert_same(f"{HEADER}match [{value}, {value}]:\n    case {' | '.join(several)}:\n        print(1)\nprint(a, b, r)")


@pytest.mark.parametrize(
    "text",
    [
        "match = 3\ncase = match + 1\nmatch match:\n    case case: print(case, match)\nprint(match, case)",
        "n = []\ndef f():\n    n.append(1)\n    return len(n)\nmatch f():\n    case 5: print(5)\n    case 1: print(n)",
        "x = [1, 2]\nmatch x:\n    case [x, 3]: print(x)\n    case [y, x]: print(y, x)\nprint(x)",
        "match [1, 2]:\n    case [a, b] if a > b: print(1)\n    case [c, d]: print(a, b, c, d)",
        "match 1, 2:\n    case (\n      1 |\n      3,\n      x\n    ) if (\n      x // 0\n    ):\n        print(x)",
        "match [1, [2, 3]]:\n    case [x, [y, 4]] | [y, [x, 3]]: print(x, y)",
        "match 5 // 0:\n    case 1: pass",
        "def f(x):\n    match x:\n        case [a, b] if a // b: return a\n        case [a, _]: return a\nf([1, 0])",
        "try:\n    match 1:\n        case x if x // 0: pass\nexcept ZeroDivisionError as e:\n    match e:\n"
        "        case '': print(1)\n        case s: print(s)\nprint(x)",
        "for i in (1, 2):\n    try:\n        raise ValueError('a')\n    except ValueError as e:\n        match i:\n"
        "            case 1: continue\n            case _: break\ne",
        "match [[1, 2], 3]:\n    case [[a, b] as c, d] as e: c.append(4); print(a, b, c, d, e)",
        "match [3, 4]:\n    case [len, list]: print(len, list)\nprint(max(len, list))",
        "match *[1, 2], 3:\n    case a, *b: print(a, b)",
        "match 'ab':\n    case [a, b]: print(1)\n    case 'a' 'b': print(2)",
        "match True:\n    case 1: print(1)\nmatch 1:\n    case True: print(2)\n    case _: print(3)",
        "d = {1: {'x': [1, 2]}, 2: 3}\nmatch d:\n    case {1: {'x': [_, q]}, **d}: print(q, d)",
        "def f(v):\n    match v:\n        case [a, b]:\n            match a:\n                case 1:\n"
        "                    match b:\n                        case 2 if a: return v\n        case _: return 0\n"
        "print(f([1, 2]), f(3))",
        "match 1:\n    case 1 if a: pass\na = 1",
        "match [True, 'a', {}, (1,), []]:\n"
        "    case [int(a), str(b), dict(c) as d, tuple([e]), list() | 3]: print(a, b, c, d, e)",
    ],
)
def test_what_is_easily_done_otherwise(text: str) -> None:
    assert_alike(text)
