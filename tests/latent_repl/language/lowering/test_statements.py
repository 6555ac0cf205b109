"""Statements, and calls written out where they stand: they do what CPython's do."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from latent_repl.errors import CapacityError, LxSyntaxError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.lowering.statements import MAXIMUM_DEPTH
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


def run_both(source: str) -> tuple[Program, Execution, SourceRun]:
    tree = parse(source, minimum=-LIMIT, maximum=LIMIT)
    program = lower(tree, slots=SLOTS, minimum=-LIMIT, maximum=LIMIT)
    core = execute(program, (None,) * SLOTS, minimum=-LIMIT, maximum=LIMIT, step_budget=2_000)
    return program, core, run_source(tree, minimum=-LIMIT, maximum=LIMIT, step_limit=2_000)


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
    """Two functions with parameters a and b and a variable c of their own; k is global; g calls f."""
    f = f"def f(a, b):\n    c = 0\n{draw(bodies(indent='    '))}\n    return {draw(expressions)}"
    g = f"def g(a, b):\n    c = f(b, {draw(atoms)})\n{draw(bodies(indent='    '))}\n    return f(c, a) - {draw(atoms)}"
    calls = [
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
def test_calls_written_out_do_what_cpython_does(source: str) -> None:
    try:
        program, core, checked = run_both(source)
    except LxSyntaxError:
        return  # a variable of the function's own is read where it may have no value
    kinds = [None if run.error is None else (run.error.kind, run.error.line) for run in (core, checked)]
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
    if kinds[0] is None or kinds[0][0] != "OverflowError":
        output, error = run_plainly(source)
        assert (output, error) == (list(checked.output), kinds[0] and kinds[0][0])


def test_every_argument_and_every_operator_costs_a_step() -> None:
    program, core, _ = run_both("def f(a):\n    b = a * 2\n    return b + 1\nx = f(3)")
    assert [str(line) for line in program.instructions if isinstance(line, CoreLine)] == [
        "s1 = 3",
        "s2 = s1 * 2",
        "s0 = s2 + 1",
    ]
    assert core.values[0] == 7


def test_what_a_function_held_before_is_never_read_again() -> None:
    source = "def f(a):\n    if a: b = 1\n    else: b = 2\n    return b\nprint(f(0), f(1), f(0))"
    assert run_both(source)[1].output == ("2 1 2",)


def test_a_failed_assertion_in_a_function_names_its_condition_and_the_calling_line() -> None:
    _, core, checked = run_both("def f(a):\n    assert a > 3\n    return a\nb = 1\nb = f(2)")
    for run in (core, checked):
        assert run.error is not None
        assert (run.error.kind, run.error.message, run.error.line) == ("AssertionError", "a > 3", 5)


@pytest.mark.parametrize("loop", ["while a: b = b", "while a: pass", "while a:\n        continue"])
def test_a_loop_without_end_in_a_function_ends_at_the_step_budget(loop: str) -> None:
    _, core, checked = run_both(f"def f(a):\n    b = 1\n    {loop}\n    return b\nf(1)")
    assert core.error is not None and core.error.kind == "StepBudgetError"
    assert checked.error is not None and checked.error.kind == "StepBudgetError"


def test_calls_nested_too_deep_are_refused() -> None:
    functions = "".join(f"def f{n}(a):\n    return f{n - 1}(a)\n" for n in range(1, MAXIMUM_DEPTH + 1))
    source = f"def f0(a):\n    return a\n{functions}"
    deepest = lower(parse(f"{source}f{MAXIMUM_DEPTH - 1}(7)"), slots=99)
    assert execute(deepest, (None,) * 99).output == ("7",)
    with pytest.raises(CapacityError, match=f"more than {MAXIMUM_DEPTH} deep"):
        lower(parse(f"{source}f{MAXIMUM_DEPTH}(7)"), slots=99)
