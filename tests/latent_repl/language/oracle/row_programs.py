"""Programs on values with parts, drawn at random; many of them fail, as Python does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

PREAMBLE = "s, t, n, m, e = 'cat', 'a,b', 2, -1, None\nxs = [3, 1, 2]\nys = xs\np = (1, 'b')\nd = {'a': 1, 2: xs}\n"
NAMES = ("s", "t", "n", "m", "e", "xs", "ys", "p", "d")
LITERALS = (
    "0",
    "1",
    "-2",
    "True",
    "None",
    "''",
    "'a'",
    "', '",
    "[]",
    "[1, 'a']",
    "(2,)",
    "{}",
    "{'a': [1]}",
    "'It\\'s\\n'",
)
METHODS_0 = ("upper", "title", "strip", "split", "isdigit", "copy", "pop", "sort", "reverse", "clear", "splitlines")
METHODS_1 = (
    "append",
    "extend",
    "join",
    "split",
    "count",
    "index",
    "find",
    "remove",
    "pop",
    "get",
    "startswith",
    "strip",
)
METHODS_2 = ("replace", "insert", "get", "setdefault", "find", "center", "count", "pop")

atoms = st.sampled_from((*NAMES, *NAMES, *LITERALS))


def of(pattern: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda texts: pattern.format(*texts))


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bounds = st.sampled_from(["", "1", "-1", "2", "n"])
    lazy = st.one_of(
        of("enumerate({})", inner), of("zip({}, {})", inner, inner), of("reversed({})", inner), of("range({})", atoms)
    )
    consumed = st.one_of(inner, lazy, of("({}).items()", atoms), of("x * 2 for x in {} if x != 1", inner))
    return st.one_of(
        of("({} {} {})", inner, st.sampled_from(["+", "*", "-", "|", "&"]), inner),
        of("({} {} {})", inner, st.sampled_from(["==", "!=", "<", ">=", "in", "not in"]), inner),
        of("({} {} None)", inner, st.sampled_from(["is", "is not"])),
        of("({} {} {})", inner, st.sampled_from(["and", "or"]), inner),
        of("({} if {} else {})", inner, inner, inner),
        of("(not {})", inner),
        of("({})[{}]", inner, inner),
        of("({})[{}:{}:{}]", inner, bounds, bounds, bounds),
        of("[{}, {}]", inner, inner),
        of("({}, {})", inner, inner),
        of("{{{}: {}}}", inner, inner),
        of("f'<{{{}!r:>4}}|{{{}}}>'", st.sampled_from(NAMES), st.sampled_from(NAMES)),
        of("[x for x in {}]", st.one_of(inner, lazy)),
        of("[(x, y) for x, y in {} if {}]", lazy, inner),
        of("{{x: {} for x in {}}}", inner, inner),
        of("{}({})", st.sampled_from(["list", "tuple", "sorted", "sum", "any", "all", "min", "max"]), consumed),
        of("{}({})", st.sampled_from(["len", "str", "repr", "int", "bool", "ord", "abs", "tuple"]), inner),
        of("({}).{}()", inner, st.sampled_from(METHODS_0)),
        of("({}).{}({})", inner, st.sampled_from(METHODS_1), inner),
        of("({}).{}({}, {})", inner, st.sampled_from(METHODS_2), inner, inner),
    )


_EXPRESSIONS = st.recursive(atoms, _grown, max_leaves=4)
_PLACES = st.one_of(
    st.sampled_from(NAMES),
    of("{}[{}]", st.sampled_from(NAMES), atoms),
    of("{}[{}:{}]", st.sampled_from(NAMES), atoms, atoms),
)


# Strategies that are drawn from inside have short texts of their own.
@st.composite
def expressions(draw: Draw) -> str:
    return str(draw(_EXPRESSIONS))


@st.composite
def places(draw: Draw) -> str:
    return str(draw(_PLACES))


@st.composite
def simple_statements(draw: Draw) -> str:
    place, other = draw(places()), draw(places())
    value, second = draw(expressions()), draw(expressions())
    forms = [
        f"{place} = {value}",
        f"{place} = {other} = {value}",
        f"{place}, {other} = {value}, {second}",
        f"{place}, {other} = {value}",
        f"[{place}, ({other}, xs)] = {value}",
        f"{place} {draw(st.sampled_from(['+', '*', '-']))}= {value}",
        f"del {draw(places())}",
        f"print({value}, {second}, sep='-', end={draw(st.sampled_from(['None', repr(' '), repr('')]))})",
        f"print({value})",
        f"assert {value}, {second}",
        value,
        value,
    ]
    return str(draw(st.sampled_from(forms)))


@st.composite
def blocks(draw: Draw, depth: int = 1, indent: str = "") -> str:
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["simple", "simple", "if", "for"])) if depth else "simple"
        if kind == "simple":
            lines.append(indent + draw(simple_statements()))
        elif kind == "if":
            lines.append(f"{indent}if {draw(expressions())}:\n{draw(blocks(depth=depth - 1, indent=indent + '    '))}")
        else:
            head = draw(st.sampled_from(["x", "i, x", "(x, n)"]))
            through = draw(st.sampled_from(["{}", "enumerate({})", "zip(s, {})", "reversed({})"])).format(draw(atoms))
            lines.append(f"{indent}for {head} in {through}:\n{draw(blocks(depth=depth - 1, indent=indent + '    '))}")
            if draw(st.booleans()):
                lines.append(f"{indent}else:\n{draw(blocks(depth=depth - 1, indent=indent + '    '))}")
    return "\n".join(lines)


@st.composite
def row_programs(draw: Draw) -> str:
    body = draw(blocks())
    if draw(st.booleans()):
        inner = draw(blocks(indent="    "))
        body = (
            f"def f(s, xs, d=None):\n{inner}\n    return xs\n{draw(places())} = f({draw(atoms)}, {draw(atoms)})\n{body}"
        )
    return PREAMBLE + body
