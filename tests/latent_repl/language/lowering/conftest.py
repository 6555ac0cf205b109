"""What the tests of lowering share: a program on three variables, and its instructions as text."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import pytest

from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import Execution, execute
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Branch, Emit, Fail, Instruction, Jump, Program, Slot
from latent_repl.language.python_values import python_value

A, B, C = Slot(0), Slot(1), Slot(2)
NAMES = {"a": A, "b": B, "c": C}


def lowered(source: str, slots: int = 12, names: dict[str, Slot] | None = None) -> Program:
    return lower(parse(source), slots=slots, names=NAMES if names is None else names, minimum=-99, maximum=99)


def shown(instruction: Instruction) -> str:
    match instruction:
        case Branch(condition, target):
            return f"branch {condition} -> {target}"
        case Jump(target):
            return f"jump {target}"
        case Emit(slots, kind):
            return " ".join([kind, *map(str, slots)])
        case Fail(error, message):
            return f"fail {error}: {message}"
        case _:
            return str(instruction)


def assert_lowered(source: str, expected: list[str]) -> None:
    """Assert that a text is lowered to these instructions.

    With a, b, c in s0, s1, s2: the first new variable, if any, is in s3, then come temporaries.
    """
    assert [shown(instruction) for instruction in lowered(source).instructions] == expected


SLOTS, CAPACITY = 16, (64, 128)

Lowered = Callable[[str], Program]
Run = Callable[[str], Execution]
Same = Callable[[str], Execution]


@pytest.fixture(scope="session")
def lowered_rows() -> Lowered:
    """Lower a text for a checkpoint with rows."""
    return lambda text: lower(parse(text, rows=True), slots=SLOTS, rows=True)


@pytest.fixture(scope="session")
def run(lowered_rows: Lowered) -> Run:
    """Run a text by the exact execution of its core lines."""
    return lambda text: execute(lowered_rows(text), (None,) * SLOTS, capacity=CAPACITY, step_budget=100_000)


def in_python(text: str) -> tuple[str, dict[str, Any], tuple[str, str] | None]:
    """Return what CPython prints, the variables, and the error."""
    variables: dict[str, Any] = {}
    error = None
    with contextlib.redirect_stdout(io.StringIO()) as output:
        try:
            exec(compile(text, "text", "exec"), variables)
        except Exception as raised:
            error = type(raised).__name__, str(raised)
    mine = {name: value for name, value in variables.items() if name != "__builtins__" and not callable(value)}
    return output.getvalue(), mine, error


@pytest.fixture(scope="session")
def same(lowered_rows: Lowered) -> Same:
    """Run a text both ways, and hold what it prints, its variables and its error to CPython's."""

    def check(text: str) -> Execution:
        program = lowered_rows(text)
        done = execute(program, (None,) * SLOTS, capacity=CAPACITY, step_budget=100_000)
        output, variables, error = in_python(text)
        assert "".join(f"{line}\n" for line in done.output) == output, text
        assert (done.error and (done.error.kind, done.error.message)) == error, text
        if error is None:
            held = {name: python_value(done.values[slot.index], done.rows) for name, slot in program.names.items()}
            wrong = {name: (held[name], value) for name, value in variables.items() if repr(held[name]) != repr(value)}
            assert wrong == {}, text
        return done

    return check
