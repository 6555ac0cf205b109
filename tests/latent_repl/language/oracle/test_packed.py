"""Functions with `*rest`, `**others` and parameters given by name alone, and stars in calls, go as in Python."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.latent_repl.language.oracle.alike import assert_alike

Texts = st.SearchStrategy[str]
NAMES = ("a", "b", "c", "k", "m")
LITERALS = ("1", "'xy'", "None", "-2", "'z'")


def of(pattern: str, *parts: Texts) -> Texts:
    return st.tuples(*parts).map(lambda texts: pattern.format(*texts))


@st.composite
def headers(draw: st.DrawFn) -> list[str]:
    """Draw the parameters of a function."""
    count, defaults = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    ends = ["" if place < count - defaults else f"={draw(st.sampled_from(LITERALS))}" for place in range(count)]
    parts = [name + end for name, end in zip(NAMES, ends, strict=False)]
    if star := draw(st.sampled_from(["", "*rest", "*"])):
        named = NAMES[3 : draw(st.integers(3 + (star == "*"), 5))]
        parts += [star, *(name + draw(st.sampled_from(["", "=1", "='w'"])) for name in named)]
    return [*parts, *draw(st.sampled_from([[], ["**others"]]))]


@st.composite
def calls(draw: st.DrawFn) -> str:
    """Draw the arguments of a call, most of them by place."""
    rows = ["xs", "t", "'pq'", "d", "[n, 3]", "()", "range(2)", "d.items()", "n", "None", "12345"]
    single = st.sampled_from(["n", "7", "'str'", "g(n)", "xs", "[1]", "n + 1", "[][n]"])
    named = draw(st.lists(st.sampled_from([*NAMES, "other", "x"]), max_size=2, unique=True))
    rows += [] if named else ["(g(x) for x in t)"]
    placed = draw(st.lists(st.one_of(single, single, single, of("*{}", st.sampled_from(rows))), max_size=4))
    return ", ".join([*placed, *(f"{name}={draw(single)}" for name in named)])


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Draw a program of calls in functions, where no call is refused before it runs."""
    lines = ["xs, t, d, n = [1, 'b'], (4, 5, 6), {'k': 1, 2: 'v'}, 3", "def g(x):\n    print('g', x)\n    return x"]
    for ending in ("try:\n    print(h())\nexcept Exception:\n    print('no')", "print(h())\nprint(xs, t, d)"):
        header = draw(headers())
        shown = ", ".join(part.partition("=")[0].strip("*") for part in header if part != "*")
        results = [f"return [{shown}]", "", "return f2(1)", f"return f2({draw(calls())})"]
        results += [f"for x in {name}: print(x, len({name}))" for name in ("rest", "others") if name in shown]
        result = draw(st.sampled_from(results))
        lines.append(f"def f({', '.join(header)}):\n    print('f', {shown})\n    {result}")
        lines += [f"def h():\n    return f({draw(calls())})\ndef f2(*a, **o): return a, o", ending]
    return "\n".join(lines)


@given(programs())
@settings(max_examples=150, deadline=None)
def test_programs_with_packed_arguments_go_as_in_python(program: str) -> None:
    assert_alike(program)
