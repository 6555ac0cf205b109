"""The machine on rows: routines, traps, reclaiming, many programs at once, both modes; each step by the exact table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from latent_repl.language.lowering.routines import library
from latent_repl.language.program import PRELUDE, Branch, Call, CoreLine, Emit, Instruction, Jump, Program, Slot
from latent_repl.language.python_values import python_value
from latent_repl.language.values import NOTHING, Reference, Row, Value
from latent_repl.machine import Machine
from latent_repl.model.rows import decode_heap, encode_heap
from latent_repl.modes import Mode
from latent_repl.records import Run
from tests.latent_repl.exact_rows import ExactRows
from tests.latent_repl.language.prelude.conftest import stored

A, B, C = Slot(0), Slot(1), Slot(2)


@pytest.fixture(scope="module")
def model() -> ExactRows:
    return ExactRows()


def program_of(*instructions: Instruction) -> Program:
    lines = (1,) * len(instructions)
    return Program("", instructions, lines, len(lines), frozenset({0}), {}, {}, library=library)


def run(model: ExactRows, programs: Sequence[Program], states: Sequence[Sequence[Any]], mode: Mode) -> list[Run]:
    """Run programs on states of Python values; slots behind them hold None."""
    machine, heaps, frames = Machine(model, mode), list[Any](), list[list[Value | None]]()
    for values in states:
        rows: list[Row] = []
        cells = [stored(value, rows) for value in values]
        frames.append([*cells, *[NOTHING] * (model.config.slots - len(cells))])
        heaps.append(encode_heap(model, rows))
    every = frozenset(map(Slot, range(model.config.slots)))
    defined = [every] * len(programs)
    return machine.run(programs, machine.encode(frames), heaps=heaps, defined=defined, step_budget=20_000)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_routines_of_the_prelude_run_side_by_side(model: ExactRows, mode: Mode) -> None:
    names = ("upper", "split", "wide_product", "shown")
    arguments: list[tuple[Any, ...]] = [
        ("hello",),
        ("a b", None),
        (123456789, 987654321),
        ([1, "it's", (2,), {3: None}],),
    ]
    programs = [
        program_of(Call(A, PRELUDE + name, tuple(map(Slot, range(1, len(given) + 1))), (), 1), Emit((A,), "value"))
        for name, given in zip(names, arguments, strict=True)
    ]
    runs = run(model, programs, [(None, *given) for given in arguments], mode)
    assert [each.output for each in runs] == [
        ("'HELLO'",),
        ("['a', 'b']",),
        ("121932631112635269",),
        (repr('[1, "it\'s", (2,), {3: None}]'),),
    ]
    assert [each.error for each in runs] == [None] * 4


@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_a_step_that_is_not_enough_calls_the_routine_of_its_operator(model: ExactRows, mode: Mode) -> None:
    lines = [
        (CoreLine(C, "==", A, B), ([1, "ab"], [1, "ab"]), True),
        (CoreLine(C, "*", A, 3), ("ab", 0), "ababab"),
        (CoreLine(C, "+", A, B), (999, 2), 1001),
        (CoreLine(C, "[]", A, B), ({"a": 1}, "a"), 1),
        (CoreLine(C, "<", A, "b"), ("abc", 0), True),
    ]
    programs = [program_of(line, Emit((C,), "value")) for line, _, _ in lines]
    runs = run(model, programs, [state for _, state, _ in lines], mode)
    assert [each.output for each in runs] == [(repr(value),) for _, _, value in lines]
    assert all(each.path == (0,) for each in runs)
    assert all(each.steps > 1 for each in runs)


def test_an_error_within_a_routine_is_the_lines_and_leaves_the_state(model: ExactRows) -> None:
    change, fail = CoreLine(A, "append", 4), CoreLine(C, "[]", B, "x")
    [ended] = run(model, [program_of(change, fail)], [([1], {"a": 1})], "snap")
    assert ended.error is not None
    assert (ended.error.kind, ended.error.message, ended.error.line) == ("KeyError", "'x'", 1)
    assert ended.heap is not None
    assert python_value(Reference(0), decode_heap(model, ended.heap)) == [1]


@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_two_names_share_a_list(model: ExactRows, mode: Mode) -> None:
    lines = (CoreLine(B, "copy", A), CoreLine(B, "append", 3), Emit((A, B), "print"))
    [ended] = run(model, [program_of(*lines)], [([1],)], mode)
    assert ended.output == ("[1, 3] [1, 3]",)


def test_a_branch_on_rows_goes_by_their_length(model: ExactRows) -> None:
    lines = (Branch(A, 3), CoreLine(B, "copy", 1), Jump(4), CoreLine(B, "copy", 0), Emit((B,), "value"))
    values: list[Any] = [[], [0], "", "abc", (), {}, {1: 2}, None, "a", 12345]
    runs = run(model, [program_of(*lines)] * len(values), [(value, 0) for value in values], "latent")
    assert [each.output for each in runs] == [(str(int(bool(value))),) for value in values]


def test_a_full_heap_is_reclaimed_and_the_step_tried_again() -> None:
    model = ExactRows(rows=4, cells=4)
    loop = (
        CoreLine(B, "take", A, 2),
        CoreLine(C, "-", C, 1),
        Branch(C, 4),
        Jump(0),
        Emit((A, B), "print"),
    )
    [ended] = run(model, [program_of(*loop)], [([1, 2, 3], 0, 9)], "latent")
    assert ended.error is None and ended.output == ("[1, 2, 3] [1, 2]",)
    assert ended.reclaimed == 3
    assert ended.steps == 18 + ended.reclaimed


def test_a_line_that_is_tried_again_has_begun_once() -> None:
    instructions = (*[CoreLine(B, "take", A, 2)] * 4, CoreLine(C, "copy", 1))
    count = len(instructions)
    numbers, starts = tuple(range(1, count + 1)), frozenset(range(count))
    program = Program("", instructions, numbers, count, starts, {}, {}, library=library)
    [ended] = run(ExactRows(rows=4, cells=4), [program], [([1, 2, 3], 0, 9)], "latent")
    assert ended.error is None and ended.reclaimed == 1
    assert [event.line for event in ended.events] == [*numbers]


def test_a_heap_in_which_every_row_is_needed_is_a_memory_error() -> None:
    model = ExactRows(rows=4, cells=4)
    [ended] = run(model, [program_of(CoreLine(B, "take", A, 2), CoreLine(C, "take", A, 1))], [([[1], [2]],)], "snap")
    assert ended.error is not None and ended.error.kind == "MemoryError"
    assert "no free row" in ended.error.message


def test_events_hold_the_rows_of_their_moment(model: ExactRows) -> None:
    lines = (CoreLine(A, "append", 2), CoreLine(A, "append", 3))
    program = Program("", lines, (1, 2), 2, frozenset({0, 1}), {}, {}, library=library)
    [ended] = run(model, [program], [([1],)], "latent")
    shown = [python_value(event.values[0], event.rows) for event in ended.events]
    assert shown == [[1, 2], [1, 2, 3]]
