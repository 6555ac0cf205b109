"""Programs that raise and catch errors go as they do in Python: exact core lines, and the oracle of source."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle import core_lines
from latent_repl.language.oracle.cpython import run_source
from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.oracle.alike import assert_alike, in_python

SLOTS = 14
HEADER = """def half(n):
    try:
        if n > 2:
            return n // (n - 3)
        raise ValueError(n)
    except ZeroDivisionError as e:
        print("half", e)
    return -1
def deep(n):
    return [5, 6][n] if n < 4 else deep(n - 1)
x = 0
"""
FAILING = (
    *("x = 1 // 0", "x = int('x1')", "x = [1][3]", "x = {'a': 1}['b']", "x = 'a' + 1", "x = half(2)", "x = half(3)"),
    *(
        "x = deep(6)",
        "raise KeyError('key')",
        "raise ValueError('said')",
        "raise RuntimeError",
        "raise Exception('plain')",
    ),
    *(
        "assert x == 77, 'not it'",
        "x = [1].index(2)",
        "x = deep(1)",
        "x = half(7)",
        "raise ZeroDivisionError('own words')",
    ),
)
PARTLY = (
    *("x = 1 < 2 < 1 // 0", "x = [1, 1 // 0]", "x = f'{x}{1 // 0}'", "x, y = 7, 1 // 0", "x = 3 and 1 // 0"),
    *("x = 1 // 0 if x == 3 else [2, 1 // 0]", "x = max(1, 2, 'a')", "x = 2 ** 3 ** (1 // 0)", "x = (x, [1][x])"),
    *("x = [6 // (n - 1) for n in (3, 2, 1)]", "x = sum(1 // n for n in (1, 0))", "x = {1: 2, 3: 1 // 0}"),
    *("x = any(1 // n > 1 for n in (1, 0))", "y, x = x, [][0]", "x += half('a')", "x = y = (4, 1 // 0)"),
)
"""What has found a part of its value when it fails: the variable keeps the old one."""
NAMES = (
    *("ValueError", "KeyError", "IndexError", "LookupError", "ZeroDivisionError", "ArithmeticError", "TypeError"),
    *("Exception", "RuntimeError", "(KeyError, ValueError)", "AssertionError"),
)
Lines = list[str]


def indented(lines: Lines) -> Lines:
    return [f"    {line}" for line in lines]


def handlers(parts: list[tuple[str, bool, Lines]]) -> Lines:
    lines: Lines = []
    for name, kept, body in parts:
        shown = ["print('caught', e, x)"] if kept else ["print('caught', x)"]
        lines += [f"except {name}{' as e' * kept}:", *indented([*shown, *body])]
    return lines


simple = st.sampled_from(FAILING + PARTLY).map(lambda line: [line]) | st.integers(0, 9).map(
    lambda n: [f"x = {n}", "print(x)"]
)


def nested(inner: st.SearchStrategy[Lines]) -> st.SearchStrategy[Lines]:
    block = st.lists(inner, min_size=1, max_size=3).map(lambda parts: [line for part in parts for line in part])
    caught = st.lists(st.tuples(st.sampled_from(NAMES), st.booleans(), inner), min_size=1, max_size=2).map(handlers)
    nothing: Lines = []
    otherwise = st.just(nothing) | block.map(lambda body: ["else:", *indented(body)])
    tried = st.tuples(block, caught, otherwise).map(lambda parts: ["try:", *indented(parts[0]), *parts[1], *parts[2]])
    left = st.sampled_from([[], ["break"], ["continue"]])
    looped = st.tuples(tried, left).map(lambda parts: ["for i in range(3):", *indented([*parts[0], *parts[1]])])
    return tried | looped


programs = nested(nested(simple) | simple).map("\n".join)


@given(programs)
@settings(max_examples=100, deadline=None)
def test_programs_that_catch_errors_go_as_in_python(program: str) -> None:
    assert_alike(HEADER + program, SLOTS)


@pytest.mark.parametrize("failing", FAILING + PARTLY)
def test_a_variable_keeps_its_value_where_its_expression_fails(failing: str) -> None:
    program = f"x = 5\ny = 6\ntry:\n    {failing}\nexcept Exception as e:\n    print(e)\nprint(x, y)"
    printed, _ = in_python(HEADER + program)
    tree = parse(HEADER + program, rows=True)
    exact = core_lines.execute(
        lower(tree, slots=SLOTS, rows=True), (None,) * SLOTS, step_budget=100_000, capacity=(64, 128)
    )
    assert "".join(f"{line}\n" for line in exact.output) == printed.replace("integer division or modulo", "division")


@pytest.mark.parametrize(
    "text",
    [
        "x = 3\nwhile True:\n    try:\n        x = x\n    except Exception:\n        x = 1",
        "try:\n    x = 'a' * 99\nexcept Exception:\n    x = 1",
    ],
)
def test_a_limit_is_not_caught(text: str) -> None:
    tree = parse(text, rows=True)
    program = lower(tree, slots=SLOTS, rows=True)
    exact = core_lines.execute(program, (None,) * SLOTS, step_budget=300, capacity=(64, 128))
    source = run_source(tree, step_limit=300, capacity=(64, 128))
    for run in (exact, source):
        assert run.error is not None
        assert run.error.kind in ("StepBudgetError", "MemoryError")


def test_what_a_handler_needs_lives_where_a_line_may_fail() -> None:
    text = "x = 1\ny = 2\ntry:\n    x = 1 // 0\nexcept ZeroDivisionError:\n    print(y)"
    output = core_lines.execute(
        lower(parse(text, rows=True), slots=SLOTS, rows=True), (None,) * SLOTS, capacity=(64, 128)
    ).output
    assert output == ("2",)
