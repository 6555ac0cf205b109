"""Programs drawn at random, for tests of what runs them exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

# Small, so that results leave the range and ranges come to its ends.
LIMIT = 20
NAMES = ("a", "b", "c", "d")
# Makes every name known and none assigned.
PREAMBLE = "if 0 == 1: a = b = c = d = 0\n"

Draw = Callable[[st.SearchStrategy[Any]], Any]

literals = st.one_of(st.integers(-LIMIT, LIMIT).map(str), st.sampled_from(["0", "1", "2", "True", "False"]))
atoms = st.one_of(st.sampled_from(NAMES), literals)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def of(pattern: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*parts).map(lambda texts: pattern.format(*texts))

    comparison = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    return st.one_of(
        of("({} {} {})", inner, st.sampled_from(["+", "-", "*", "//", "%"]), inner),
        of("({} ** {})", inner, st.integers(0, 3).map(str) | inner),
        of("({} {})", st.sampled_from(["-", "+", "not"]), inner),
        of("({} {} {})", inner, comparison, inner),
        of("({} {} {} {} {})", inner, comparison, inner, comparison, inner),
        of("({} {} {})", inner, st.sampled_from(["and", "or"]), inner),
        of("({} if {} else {})", inner, inner, inner),
        of("abs({})", inner),
        of("{}({}, {})", st.sampled_from(["min", "max"]), inner, inner),
        of("{}({}, {}, {})", st.sampled_from(["min", "max"]), inner, inner, inner),
    )


expressions = st.recursive(atoms, _grown, max_leaves=5)


@st.composite
def simple_statements(draw: Draw, in_loop: bool) -> str:
    name, other = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
    value, second = draw(expressions), draw(expressions)
    forms = [
        f"{name} = {value}",
        f"{name} = {draw(literals)}",
        f"{name} = {other} = {value}",
        f"{name}, {other} = {value}, {second}",
        f"{name}, {other} = {other}, {name}",
        f"a, b, c = {', '.join(draw(st.permutations(('a', 'b', 'c'))))}",
        f"{name}, {other} = {draw(atoms)}, {draw(atoms)}",
        f"a, b = c, d = {value}, {second}",
        f"{name} {draw(st.sampled_from(['+', '-', '*', '//', '%', '**']))}= {value}",
        f"print({value}, {second})",
        f"print({value}, {second}, sep=', ', end=' ')",
        f"{value}",
        f"assert {value}",
        f"assert {value}, 'so it is'",
        f"{name} = {value}; {other} = {second}",
        f"del {name}",
        "pass",
    ]
    return draw(st.sampled_from([*forms, "break", "continue"] if in_loop else forms))


@st.composite
def blocks(draw: Draw, depth: int = 2, in_loop: bool = False, indent: str = "") -> str:
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["simple", "simple", "if", "for", "while"])) if depth else "simple"
        within: dict[str, Any] = {"depth": depth - 1, "indent": indent + "    "}
        if kind == "simple":
            lines.append(indent + draw(simple_statements(in_loop)))
        elif kind == "if":
            lines.append(f"{indent}if {draw(expressions)}:\n{draw(blocks(in_loop=in_loop, **within))}")
            if draw(st.booleans()):
                lines.append(f"{indent}elif {draw(expressions)}:\n{draw(blocks(in_loop=in_loop, **within))}")
            if draw(st.booleans()):
                lines.append(f"{indent}else:\n{draw(blocks(in_loop=in_loop, **within))}")
        elif kind == "for":
            arguments = ", ".join(draw(st.lists(atoms, min_size=1, max_size=3)))
            name = draw(st.sampled_from(NAMES))
            lines.append(f"{indent}for {name} in range({arguments}):\n{draw(blocks(in_loop=True, **within))}")
            if draw(st.booleans()):
                lines.append(f"{indent}else:\n{draw(blocks(in_loop=in_loop, **within))}")
        else:
            # A counter that no other statement touches bounds the loop.
            count = f"n{depth}"
            lines.append(f"{indent}{count} = {draw(st.integers(0, 4))}")
            lines.append(f"{indent}while {count} > 0 and {draw(expressions)}:\n{indent}    {count} -= 1")
            lines.append(draw(blocks(in_loop=True, **within)))
            if draw(st.booleans()):
                lines.append(f"{indent}else:\n{draw(blocks(in_loop=in_loop, **within))}")
    return "\n".join(lines)


@st.composite
def programs(draw: Draw) -> str:
    values = ", ".join(draw(st.lists(literals, min_size=4, max_size=4)))
    known = draw(st.sampled_from([f"a, b, c, d = {values}\n", f"a, b, c, d = {values}\n", ""]))
    return PREAMBLE + known + draw(blocks())
