"""Statements, and calls in frames of their own: they do what CPython's do."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from latent_repl.language.frames import MAXIMUM_DEPTH
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import Execution, SourceRun, execute, run_source
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import CoreLine, Program
from tests.latent_repl.language.lowering.conftest import assert_lowered

CORE_LINES = [
    ("del a", ["del s0"]),
    ("del a, b", ["del s0", "del s1"]),
    ("pass", ["jump 1"]),
    ("print(a, 5, b + 1)", ["s3 = 5", "s4 = s1 + 1", "print s0 s3 s4"]),
    ("print()", ["print"]),
    ("a + 1", ["s3 = s0 + 1", "value s3"]),
    ("a", ["s3 = s0", "value s3"]),
    ("assert a < 2", ["s3 = s0 < 2", "branch s3 -> 3", "jump 4", "fail AssertionError: a < 2"]),
    ("assert a", ["branch s0 -> 2", "jump 3", "fail AssertionError: a"]),
    ("if a: b = 1", ["branch s0 -> 2", "s1 = 1"]),
    ("if not a: b = 1\nelse: b = 2", ["s3 = not s0", "branch s3 -> 4", "s1 = 1", "jump 5", "s1 = 2"]),
    ("while a: a -= 1", ["branch s0 -> 3", "s0 = s0 - 1", "jump 0"]),
    ("while True: break", ["s3 = True", "branch s3 -> 4", "jump 4", "jump 0"]),
]

SLOTS, LIMIT = 60, 99

Draw = Callable[[st.SearchStrategy[Any]], Any]


def run_both(source: str, limit: int = LIMIT) -> tuple[Program, Execution, SourceRun]:
    tree = parse(source, minimum=-limit, maximum=limit)
    program = lower(tree, slots=SLOTS, minimum=-limit, maximum=limit)
    core = execute(program, (None,) * SLOTS, minimum=-limit, maximum=limit, step_budget=2_000)
    return program, core, run_source(tree, minimum=-limit, maximum=limit, step_limit=2_000)


def run_plainly(source: str) -> tuple[list[str], str | None]:
    output: list[str] = []
    namespace: dict[str, Any] = {"print": lambda *values: output.append(" ".join(map(str, values)))}
    try:
        exec(compile(ast.parse(source), "<plain>", "exec"), namespace)
    except Exception as caught:
        return output, type(caught).__name__
    return output, None


atoms = st.sampled_from(["a", "b", "c", "k", "0", "1", "2", "-3", "7", "True"])
expressions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%", "<", "==", "and", "or"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        st.tuples(inner, inner, inner).map(lambda parts: "({} if {} else {})".format(*parts)),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda parts: "{}({}, {})".format(*parts)),
    ),
    max_leaves=4,
)


@st.composite
def bodies(draw: Draw, indent: str, depth: int = 2) -> str:
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        form = draw(st.sampled_from(["assign", "assign", "add", "print", "return", "if", "for", "while", "bare"]))
        name, value = draw(st.sampled_from("abc")), draw(expressions)
        if depth and form in ("if", "for", "while"):
            inner = draw(bodies(indent=indent + "    ", depth=depth - 1))
            if form == "while":
                counter = f"n{depth}"
                lines.append(f"{indent}{counter} = 3\n{indent}while {counter}:\n{indent}    {counter} -= 1\n{inner}")
            else:
                lines.append(f"{indent}{f'if {value}:' if form == 'if' else f'for {name} in range(4):'}\n{inner}")
        else:
            forms = {
                "add": f"{name} += {value}",
                "print": f"print({value})",
                "return": f"return {value}",
                "bare": value,
            }
            lines.append(indent + forms.get(form, f"{name} = {value}"))
    return "\n".join(lines)


@st.composite
def programs(draw: Draw) -> str:
    """Two functions with parameters a and b and a variable c of their own; k is global; g calls f.

    Both may call themselves and each other, with an argument that falls, and may end without return.
    """
    deeper = draw(st.sampled_from(["c = 1", "c = f(b, a - 1)", "c = g(k, a - 1)", "g(b=b, a=a - 2)", "c = f(a=a - 1)"]))
    end = draw(st.sampled_from(["return {}", "return {}", "a = {}"])).format(draw(expressions))
    guard = f"    c = 0\n    if a > 0:\n        {deeper}\n"
    f = f"def f(a, b=2):\n{guard if draw(st.booleans()) else '    c = 0'}\n{draw(bodies(indent='    '))}\n    {end}"
    g = f"def g(a, b):\n    c = f(b, {draw(atoms)})\n{draw(bodies(indent='    '))}\n    return f(c, a) - {draw(atoms)}"
    calls = [
        f"a = f(a={draw(expressions)})",
        f"{draw(st.sampled_from('abck'))} = {draw(st.sampled_from('fg'))}({draw(expressions)}, {draw(expressions)})",
        f"print(f({draw(atoms)}, g(b, {draw(expressions)})))",
        f"for c in range(f(2, {draw(atoms)}) % 4): a = {draw(expressions)} and f(a, c)",
        f"if f(a, b) < c: b = b - g({draw(atoms)}, k)",
        f"a, b = f(b, {draw(atoms)}), a",
        f"a = f(a, b) if {draw(expressions)} else min(a, f(k, 1), b)",
    ]
    return "\n".join(["a = b = c = 1", "k = 5", f, g, *draw(st.permutations(calls)), "print(a, b, c, k)"])


@pytest.mark.parametrize(("source", "expected"), CORE_LINES)
def test_the_core_lines_of_a_statement(source: str, expected: list[str]) -> None:
    assert_lowered(source, expected)


@pytest.mark.slow
@settings(max_examples=120, suppress_health_check=list(HealthCheck), deadline=None)
@given(programs())
def test_calls_do_what_cpython_does(source: str) -> None:
    program, core, checked = run_both(source)
    kinds = [
        None if run.error is None else (run.error.kind, run.error.line, run.error.function) for run in (core, checked)
    ]
    assume(not any(kind and kind[0] == "StepBudgetError" for kind in kinds))
    assert kinds[0] == kinds[1]
    assert core.output == checked.output
    assert [(event.line, event.output) for event in core.events] == [
        (event.line, event.output) for event in checked.events
    ]
    values = {name: core.values[slot.index] for name, slot in program.names.items()}
    assert {name: repr(value) for name, value in values.items() if value is not None} == {
        name: repr(value) for name, value in checked.variables.items()
    }
    if kinds[0] is None or kinds[0][0] not in ("OverflowError", "RecursionError", "TypeError"):
        output, error = run_plainly(source)
        assert (output, error) == (list(checked.output), kinds[0] and kinds[0][0])


def test_literal_arguments_and_operators_cost_a_step_and_copies_none() -> None:
    program, core, _ = run_both("def f(a):\n    b = a * 2\n    return b\nx = f(3)\nx = f(x)")
    assert [str(line) for line in program.instructions if isinstance(line, CoreLine)] == ["s1 = 3", "s1 = s0 * 2"]
    assert (core.values[0], core.steps) == (12, 3)


def test_what_a_function_held_before_is_never_read_again() -> None:
    source = "def f(a):\n    if a: b = 1\n    else: b = 2\n    return b\nprint(f(0), f(1), f(0))"
    assert run_both(source)[1].output == ("2 1 2",)


def test_an_error_in_a_function_names_its_line_and_the_calling_one() -> None:
    _, core, checked = run_both("def f(a):\n    assert a > 3\n    return a\nb = 1\nb = f(2)")
    for run in (core, checked):
        assert run.error is not None
        assert (run.error.kind, run.error.message, run.error.line) == ("AssertionError", "a > 3", 5)
        assert run.error.function == ("f", 2)


@pytest.mark.parametrize("loop", ["while a: b = b", "while a: pass", "while a:\n        continue"])
def test_a_loop_without_end_in_a_function_ends_at_the_step_budget(loop: str) -> None:
    _, core, checked = run_both(f"def f(a):\n    b = 1\n    {loop}\n    return b\nf(1)")
    assert core.error is not None and core.error.kind == "StepBudgetError"
    assert checked.error is not None and checked.error.kind == "StepBudgetError"


FACTORIAL = "def factorial(n):\n    if n < 2: return 1\n    return n * factorial(n - 1)\n"
FIBONACCI = "def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\n"
ACKERMANN = """def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))
"""
PARITY = """def is_even(n):
    return True if n == 0 else is_odd(n - 1)
def is_odd(n):
    return False if n == 0 else is_even(n - 1)
"""
RECURSIVE = [
    (f"{FACTORIAL}factorial(4)", "24"),
    (f"{FIBONACCI}print(fib(7), fib(9))", "13 34"),
    (f"{ACKERMANN}ackermann(2, 2)", "7"),
    (f"{PARITY}print(is_even(10), is_odd(10), is_even(7))", "True False False"),
    ("def gcd(a, b): return a if b == 0 else gcd(b, a % b)\ngcd(84, 36)", "12"),
    ("def f(n):\n    while True:\n        if n > 9: return n\n        n += f(9 + n)\nf(3)", "15"),
]


@pytest.mark.parametrize(("source", "shown"), RECURSIVE)
def test_functions_call_themselves_and_each_other(source: str, shown: str) -> None:
    _, core, checked = run_both(source)
    assert core.output == checked.output == (shown,)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("def f(a, b=3, c=-1): return a * b + c\nprint(f(1), f(1, 2), f(1, c=5), f(c=1, a=2))", ["2 1 8 7"]),
        ("def f(a=True): return a\nprint(f(), f(2), f(a=3))", ["True 2 3"]),
        ("def f(a):\n    if a: return\n    print(a)\nf(1)\nf(0)\nx = 4", ["0"]),
        ("def f(a): a = 2\nf(1)\ndef g(): return None\ng()", []),
        ("def f(a): return a + 1\n5\nf(1)\nprint(_)\ndef g(): pass\ng()\n_", ["5", "2", "2", "2"]),
        ("def f(a): return k + a\nk = 5\nf(1)\nk = 7\nf(1)\ndel k\nx = 1\nk = 9\nf(1)", ["6", "8", "10"]),
        ("def f(a): return a\ndef g(a): return f(a)\ng(1)\ndef f(a, b=4): return a * b\ng(1)", ["1", "4"]),
        ("def f(a):\n    b = a\n    del b\n    b = a + 1\n    return b\nf(1)", ["2"]),
        ("a = 1\ndef f(b): return a\na = max(a + 1, f(2), 0)\na", ["2"]),
    ],
)
def test_defaults_returns_and_globals_are_pythons(source: str, shown: list[str]) -> None:
    _, core, checked = run_both(source)
    assert [*core.output] == [*checked.output] == shown
    assert core.error is None and checked.error is None


FAILS = [
    ("def f(a): return f(a + 0)\nf(1)", "RecursionError", "maximum recursion depth exceeded", ("f", 1)),
    ("def f(a):\n    if a: b = 1\n    return b\nf(1)\nf(0)", "UnboundLocalError", "local variable 'b'", ("f", 3)),
    ("def f(a):\n    b += a\n    return b\nf(0)", "UnboundLocalError", "local variable 'b'", ("f", 2)),
    ("def f(a):\n    del a\n    return a\nf(0)", "UnboundLocalError", "local variable 'a'", ("f", 3)),
    ("def f(a): return k\nf(1)\nk = 1", "NameError", "name 'k' is not defined", ("f", 1)),
    ("def f(a): return g(a)\nf(1)\ndef g(a): return a", "NameError", "name 'g' is not defined", ("f", 1)),
    ("def f(a): print(a)\nx = 3\nx = f(1)", "TypeError", "f() returned None", None),
    ("def f(a): a = 2\ndef g(a):\n    return f(a) + 1\ng(1)", "TypeError", "f() returned None", ("g", 3)),
    ("def f(a): return a // 0\ndef g(a):\n    return f(a)\ng(1)", "ZeroDivisionError", "by zero", ("f", 1)),
]


@pytest.mark.parametrize(("source", "kind", "message", "function"), FAILS)
def test_errors_in_functions_are_pythons(source: str, kind: str, message: str, function: tuple[str, int]) -> None:
    _, core, checked = run_both(source)
    assert core.error is not None and checked.error is not None
    assert (core.error.kind, core.error.function) == (kind, function)
    assert message in core.error.message
    assert str(core.error) == str(checked.error)


def test_as_many_calls_may_be_open_as_in_the_check_of_cpython() -> None:
    body = "def f(a):\n    if a == 0: return 7\n    b = f(a - 1)\n    return b\n"
    for deepest, error in ((MAXIMUM_DEPTH - 1, None), (MAXIMUM_DEPTH, "RecursionError")):
        for run in run_both(f"{body}f({deepest // 2} + {deepest - deepest // 2})", limit=999)[1:]:
            assert (run.error and run.error.kind) == error


def test_calls_that_multiply_stand_once_each() -> None:
    doubling = "".join(f"def f{n}(a):\n    return f{n - 1}(a) + f{n - 1}(a)\n" for n in range(1, 25))
    program = lower(parse(f"def f0(a):\n    return a\n{doubling}f24(1)"), slots=12)
    assert len(program.routines) == 25 and len(program.instructions) < 200
