"""The oracle against CPython: core lines and checked source do what Python does, within the range of values."""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from latent_repl.errors import ProgramError, StepBudgetError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.operators import BINARY_OPERATORS
from latent_repl.language.oracle.core_lines import Execution, SourceRun, execute, run_source, step
from latent_repl.language.parsing.parse import Tree, parse
from latent_repl.language.program import CoreLine, Hole, Program, Slot
from latent_repl.language.values import Value
from tests.latent_repl.language.oracle.conftest import LIMIT, NAMES, programs

SLOTS = 40


def lowered(tree: Tree, slots: int = SLOTS) -> Program:
    return lower(tree, slots=slots, minimum=-LIMIT, maximum=LIMIT)


def run_core_lines(tree: Tree) -> tuple[Program, Execution]:
    program = lowered(tree)
    return program, execute(program, (None,) * SLOTS, minimum=-LIMIT, maximum=LIMIT)


def named(program: Program, values: tuple[Value | None, ...], line: int = 10**6) -> dict[str, Value]:
    """Return the variables after a source line, the last if none is given."""
    found = {name: values[slot.index] for name, slot in program.names_at(line).items()}
    return {name: value for name, value in found.items() if value is not None}


def typed(variables: Mapping[str, Value]) -> dict[str, tuple[str, Value]]:
    """Tell True from 1."""
    return {name: (type(value).__name__, value) for name, value in variables.items()}


def run_plainly(source: str) -> tuple[dict[str, Value], list[str], str | None]:
    """Run the source in this very Python: the variables, what was printed and shown, the kind of the error."""
    namespace: dict[str, Any] = {}
    screen = io.StringIO()

    def show(value: object) -> None:
        if value is not None:
            print(value, file=screen)
            namespace["_"] = value

    namespace["print"] = partial(print, file=screen)
    error, hook = None, sys.displayhook
    sys.displayhook = show
    try:
        exec(compile(ast.Interactive(ast.parse(source).body), "<plain>", "single"), namespace)
    except Exception as caught:
        error = type(caught).__name__
    finally:
        sys.displayhook = hook
    variables = {name: value for name, value in namespace.items() if name not in ("print", "__builtins__")}
    return variables, screen.getvalue().splitlines(), error


def kind(run: Execution | SourceRun) -> str | None:
    return None if run.error is None else run.error.kind


def endings(core: Execution, checked: SourceRun) -> tuple[object, object]:
    """Return how both failed, to be compared.

    Of several errors on one line, an unassigned name among them, either may report any: a core line reads a variable
    where it uses it, CPython where it stands.
    """
    one, other = core.error, checked.error
    if one is None or other is None or "NameError" in (one.kind, other.kind):
        return getattr(one, "line", None), getattr(other, "line", None)
    return (one.kind, one.line, one.message), (other.kind, other.line, other.message)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@settings(
    max_examples=100, phases=list(set(Phase) - {Phase.shrink, Phase.explain}), suppress_health_check=list(HealthCheck)
)
@given(programs())
def test_core_lines_and_source_and_cpython_agree(source: str) -> None:
    tree = parse(source, minimum=-LIMIT, maximum=LIMIT)
    program, core = run_core_lines(tree)
    checked = run_source(tree, minimum=-LIMIT, maximum=LIMIT)
    assume("StepBudgetError" not in (kind(core), kind(checked)))
    ended, expected_end = endings(core, checked)
    assert ended == expected_end
    assert core.output == checked.output
    if core.error is None:
        assert typed(named(program, core.values)) == typed(checked.variables)
    assert [(event.line, event.output) for event in core.events] == [
        (event.line, event.output) for event in checked.events
    ]
    for exact, expected in zip(core.events, checked.events, strict=True):
        assert typed(named(program, exact.values, exact.line)) == typed(expected.variables)
    if kind(core) != "OverflowError" and "negative exponent" not in str(core.error):
        variables, output, error = run_plainly(source)
        assert (output, error) == (list(core.output), kind(checked))
        assert error or typed(variables) == typed(checked.variables)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(programs())
def test_a_program_run_statement_by_statement_ends_as_the_whole(source: str) -> None:
    tree = parse(source, minimum=-LIMIT, maximum=LIMIT)
    program, whole = run_core_lines(tree)
    assume(whole.error is None)
    names: Mapping[str, Slot] = {name: Slot(index) for index, name in enumerate(NAMES)}
    values: tuple[Value | None, ...] = (None,) * SLOTS
    for statement in tree.module.body:
        part = parse(ast.unparse(statement), minimum=-LIMIT, maximum=LIMIT)
        lines = lower(part, slots=SLOTS, names={**names, "_": Slot(5)}, minimum=-LIMIT, maximum=LIMIT)
        values = execute(lines, values, minimum=-LIMIT, maximum=LIMIT).values
        names = lines.names
        # What temporaries left behind is no variable's.
        values = tuple(value if Slot(index) in names.values() else None for index, value in enumerate(values))
    ended = {name: value for name, slot in names.items() if (value := values[slot.index]) is not None}
    assert typed(ended) == typed(named(program, whole.values))


@pytest.mark.parametrize("operator", BINARY_OPERATORS)
@given(left=st.integers(-LIMIT, LIMIT) | st.booleans(), right=st.integers(-LIMIT, LIMIT) | st.booleans())
def test_one_core_line_is_one_operation_of_python(operator: str, left: Value, right: Value) -> None:
    call = operator in ("min", "max")
    text = f"{operator}({left}, {right})" if call else f"({left}) {operator} ({right})"
    values, status = step(CoreLine(Slot(1), operator, Slot(0), right), (left, None, 7), -LIMIT, LIMIT)
    if operator in ("//", "%") and not right:
        assert (values, status) == ((left, None, 7), "ZeroDivisionError")
    elif not -LIMIT <= eval(text) <= LIMIT:
        assert (values, status) == ((left, None, 7), "OverflowError")
    else:
        assert (values, status) == ((left, eval(text), 7), "ok")
        assert type(values[1]) is type(eval(text))


@pytest.mark.parametrize(
    ("core_line", "expected"),
    [
        (CoreLine(Slot(1), "copy", Slot(0)), True),
        (CoreLine(Slot(1), "copy", -3), -3),
        (CoreLine(Slot(1), "neg", Slot(0)), -1),
        (CoreLine(Slot(1), "abs", -3), 3),
        (CoreLine(Slot(1), "not", Slot(0)), False),
        (CoreLine(Slot(1), "del"), None),
    ],
)
def test_core_lines_of_one_operand(core_line: CoreLine, expected: Value | None) -> None:
    values, status = step(core_line, (True, 5), -LIMIT, LIMIT)
    assert (values[1], type(values[1]), status) == (expected, type(expected), "ok")


@pytest.mark.parametrize("operand", [Slot(1), Hole(0)])
def test_a_step_needs_values(operand: Slot | Hole) -> None:
    with pytest.raises(ValueError, match="holds no value"):
        step(CoreLine(Slot(0), "copy", operand), (1, None), -LIMIT, LIMIT)


ENDINGS = [
    ("a = 3\nb = a // 0", "ZeroDivisionError", 2, "division by zero"),
    ("a = 3\nb = 4; a = a % 0", "ZeroDivisionError", 2, "division by zero"),
    ("a = 3\nb = a * 7", "OverflowError", 2, "outside -20..20"),
    ("a = 3\na = 5 ** 999", "OverflowError", 2, "outside -20..20"),
    ("a = 3\na = 2 ** -1", "ValueError", 2, "negative exponent"),
    ("a = 3\nfor i in range(1, 2, a - 3): pass", "ValueError", 2, "must not be zero"),
    ("a = 3\nfor i in range(1, 2, 0): pass", "ValueError", 2, "must not be zero"),
    ("a = 3\nassert a  <  2", "AssertionError", 2, "a  <  2"),
    ("a = 3\nif a == 2: b = 1\nb", "NameError", 3, "name 'b' is not defined"),
    ("a = 3\nb = 1\ndel b\ndel b", "NameError", 4, "name 'b' is not defined"),
    ("a = 3\nwhile a: pass", "StepBudgetError", 2, "loop without an end"),
    ("a = 3\nwhile True: a = a", "StepBudgetError", 2, "loop without an end"),
]


@pytest.mark.parametrize(("source", "error", "line", "message"), ENDINGS)
def test_errors_have_kind_line_and_message_and_undo_their_line(
    source: str, error: str, line: int, message: str
) -> None:
    tree = parse(source)
    program, core = run_core_lines(tree)
    checked = run_source(tree, minimum=-LIMIT, maximum=LIMIT)
    for caught in (core.error, checked.error):
        assert isinstance(caught, StepBudgetError if error == "StepBudgetError" else ProgramError)
        assert (caught.kind, caught.line) == (error, line)
        assert message in caught.message
    assert named(program, core.values)["a"] == checked.variables["a"] == 3


def test_events_tell_the_lines_in_the_order_of_execution() -> None:
    _, core = run_core_lines(parse("a = 2\nwhile a:\n    a -= 1; print(a)\n(a + 1) * 2"))
    assert [(event.line, event.steps, event.output) for event in core.events] == [
        (1, 1, ()),
        *[(2, 0, ()), (3, 1, ("1",)), (2, 0, ()), (3, 1, ("0",)), (2, 0, ())],
        (4, 2, ("2",)),
    ]
    assert core.steps == 5


def test_defined_slots_hold_values() -> None:
    program, core = run_core_lines(parse("a = 1\nb = 2\ndel a"))
    assert core.defined == {program.names["b"]}


@pytest.mark.parametrize("name", ["collatz", "fibonacci", "gcd", "is_prime", "sum"])
def test_sample_scripts_run_exactly_as_in_plain_python(repository: Path, name: str) -> None:
    source = (repository / "tests" / "examples" / f"{name}.lx").read_text()
    tree = parse(source.replace("?", "-53"))
    program = lower(tree, slots=12, minimum=-99, maximum=99)
    core = execute(program, (None,) * 12, minimum=-99, maximum=99)
    assert core.error is None
    assert list(core.output) == run_plainly(source.replace("?", "-53"))[1]
