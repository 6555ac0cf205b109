"""What one program is while it runs: its lines, what they show, and what stays after a failure."""

from __future__ import annotations

import numpy as np

from latent_repl.errors import ProgramError, StepBudgetError
from latent_repl.language.frames import Copy, OpenCall
from latent_repl.language.lowering.lower import lower
from latent_repl.language.operators import DELETE
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Call, CoreLine, Return, Slot
from latent_repl.running import Frame, Running


def running_of(text: str) -> Running:
    program = lower(parse(text, minimum=-99, maximum=99), slots=12, minimum=-99, maximum=99)
    return Running(program, [Frame(np.zeros((13, 2)))])


def test_a_failure_leaves_the_state_before_its_line() -> None:
    row = running_of("a = 1")
    before = row.frame.latents
    row.begin_line()
    row.frames = [Frame(before + 1, frozenset({Slot(0)})), Frame(before)]
    row.fail("ZeroDivisionError", "division by zero")
    assert type(row.error) is ProgramError and row.error.line == 1
    [frame] = row.frames
    assert frame.latents is before and frame.defined == frozenset() and row.failed_at == 0
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
    adds, deletes = CoreLine(Slot(1), "+", Slot(0), 5), CoreLine(Slot(0), DELETE, None, None)
    for line in (adds, deletes):
        row = running_of("a = 1")
        assert row.misses(line) and row.error is not None and row.error.kind == "NameError"
    row = running_of("a = 1")
    row.frame.define(CoreLine(Slot(0), "+", 1, 2))
    assert not row.misses(adds) and row.error is None
    row.frame.define(deletes)
    assert row.misses(adds)


def test_a_call_copies_cells_into_an_empty_frame_and_its_return_copies_one_back() -> None:
    row = running_of("def f(a):\n    return a\nx = f(f(1))")
    empty, held = np.zeros((13, 2)), np.arange(26.0).reshape(13, 2)
    [routine] = row.program.routines
    row.frames = [Frame(held, frozenset({Slot(1)}))]
    row.go(routine.begins)
    row.go_through(Call(Slot(0), "f", (Slot(1),)), empty)
    assert row.routine is routine and row.place == routine.entry and len(row.frames) == 2
    assert np.array_equal(row.frame.latents[0], held[1]) and not row.frame.latents[1:].any()
    assert row.frame.defined == frozenset({Slot(0)})
    row.go_through(Return(Slot(0)), empty)
    [bottom] = row.frames
    assert row.routine is None and np.array_equal(bottom.latents[0], held[1])
    assert bottom.defined == frozenset({Slot(0), Slot(1)}) and not np.array_equal(held[0], held[1])


def test_a_routine_can_be_called_at_a_core_line_whose_target_takes_its_result() -> None:
    row = running_of("def f(a):\n    return a\nx = 2\ny = f(x)")
    row.frames = [Frame(np.arange(26.0).reshape(13, 2), frozenset({Slot(1)}))]
    call = OpenCall(row.program.routines[0], row.place, row.place + 1, Slot(2), frozenset({Slot(0)}))
    inside = row.cursor.entered(row.program, call)
    row.move(inside, [Copy(inside.at(Slot(0)), row.cursor.at(Slot(1)))], np.zeros((13, 2)))
    row.go_through(Return(Slot(0)), np.zeros((13, 2)))
    assert row.place == 1 and np.array_equal(row.frame.latents[2], row.frame.latents[1])
    assert row.error is None and Slot(2) in row.frame.defined


def test_a_call_that_cannot_be_ends_the_program() -> None:
    row = running_of("x = 2")
    row.go_through(Call(Slot(0), "f"), np.zeros((13, 2)))
    assert row.error is not None and row.error.kind == "NameError" and row.instruction is None
