"""What one program is while it runs: its lines, what they show, and what stays after a failure."""

from __future__ import annotations

import numpy as np

from latent_repl.errors import ProgramError, StepBudgetError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.operators import DELETE
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import CoreLine, Slot
from latent_repl.records import Running


def running_of(text: str) -> Running:
    program = lower(parse(text, minimum=-99, maximum=99), slots=12, minimum=-99, maximum=99)
    return Running(program, np.zeros((13, 2)), 0, frozenset())


def test_a_failure_leaves_the_state_before_its_line() -> None:
    row = running_of("a = 1")
    before = row.latents
    row.begin_line()
    row.latents, row.defined = before + 1, frozenset({Slot(0)})
    row.fail("ZeroDivisionError", "division by zero")
    assert type(row.error) is ProgramError and row.error.line == 1
    assert row.latents is before and row.defined == frozenset() and row.failed_at == 0
    assert row.instruction is None


def test_a_budget_that_is_spent_is_an_error_of_its_own() -> None:
    row = running_of("a = 1")
    row.fail("StepBudgetError", "loop without an end")
    assert isinstance(row.error, StepBudgetError)


def test_a_line_ends_where_the_next_begins() -> None:
    row = running_of("a = 1\nb = 2")
    row.begin_line()
    row.begin_line()
    assert row.begun == 2 and len(row.ended) == 1
    row.end_line()
    row.end_line()
    assert len(row.ended) == 2


def test_output_is_shown_at_once_and_kept_with_its_line() -> None:
    row, shown = running_of("a = 1"), list[str]()
    row.show = shown.append
    row.begin_line()
    row.emit("7")
    assert row.line is not None and shown == row.output == row.line.output == ["7"]


def test_what_is_read_must_have_been_written_and_what_is_deleted_too() -> None:
    row, adds, deletes = running_of("a = 1"), CoreLine(Slot(1), "+", Slot(0), 5), CoreLine(Slot(0), DELETE, None, None)
    assert row.undefined(adds) == row.undefined(deletes) == Slot(0)
    row.define(CoreLine(Slot(0), "+", 1, 2))
    assert row.undefined(adds) is None
    row.define(deletes)
    assert row.defined == frozenset()
