"""Runs the prelude's routines by the exact execution of their core lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from latent_repl.language.floats import cells_of_float
from latent_repl.language.lowering.routines import library
from latent_repl.language.oracle.core_lines import Execution, execute
from latent_repl.language.program import PRELUDE, Call, Program, Slot
from latent_repl.language.python_values import python_value
from latent_repl.language.values import NOTHING, Reference, Row, Value

SLOTS, CELLS, ROWS, LARGEST = 16, 64, 128, 999


def stored(value: Any, rows: list[Row]) -> Value:
    """Return the cell of a Python value; its rows are added to those of a heap."""
    if value is None:
        return NOTHING
    if (isinstance(value, int) and abs(value) <= LARGEST) or (isinstance(value, str) and len(value) == 1):
        return value
    if isinstance(value, int):
        rows.append(Row("int", (1 if value > 0 else -1, *map(int, reversed(str(abs(value)))))))
        return Reference(len(rows) - 1)
    if isinstance(value, float):
        rows.append(Row("int", cells_of_float(value)))
        return Reference(len(rows) - 1)
    parts = [part for pair in value.items() for part in pair] if isinstance(value, dict) else value
    cells = tuple(stored(part, rows) for part in parts)
    rows.append(Row(type(value).__name__, cells))
    return Reference(len(rows) - 1)


def run(name: str, *arguments: Any) -> tuple[Execution, list[Value]]:
    """Call a routine with Python values; the result is in slot 0, the arguments in those behind it."""
    rows: list[Row] = []
    cells = [stored(argument, rows) for argument in arguments]
    slots = tuple(Slot(index + 1) for index in range(len(cells)))
    call = Call(Slot(0), PRELUDE + name, slots, (), 1)
    program = Program("", (call,), (1,), 1, frozenset({0}), {}, {}, library=library)
    values = (NOTHING, *cells, *[None] * (SLOTS - 1 - len(cells)))
    return execute(program, values, rows=tuple(rows), capacity=(CELLS, ROWS), step_budget=100_000), cells


CallOf = Callable[..., Any]


@pytest.fixture(scope="session")
def call() -> CallOf:
    """Call a routine with Python values; return its value and the arguments after it, or the error and its message."""

    def called(name: str, *arguments: Any) -> Any:
        execution, _ = run(name, *arguments)
        if execution.error is not None:
            return execution.error.kind, execution.error.message
        values = [python_value(cell, execution.rows) for cell in execution.values[: len(arguments) + 1]]
        return values[0], values[1:]

    return called


def python_call(function: CallOf, *arguments: Any) -> Any:
    """Call a function of Python's; return its value and the arguments after it, or the error and its message."""
    try:
        result = function(*arguments)
    except ZeroDivisionError:
        # Python has other words where a float is divided; Lx has the same for both.
        return "ZeroDivisionError", "division by zero"
    except (TypeError, ValueError, LookupError, OverflowError, AttributeError) as error:
        return type(error).__name__, str(error)
    return result, [*arguments]


@pytest.fixture(scope="session")
def python() -> CallOf:
    """Call a function of Python's in the same way."""
    return python_call
