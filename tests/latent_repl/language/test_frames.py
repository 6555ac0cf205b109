"""Where a program stands within calls: what each instruction leads to, which cells it copies, and what cannot be."""

from __future__ import annotations

import pytest

from latent_repl.errors import ProgramError, StepBudgetError
from latent_repl.language.frames import (
    MAXIMUM_DEPTH,
    Address,
    Copy,
    Cursor,
    OpenCall,
    addresses_read,
    failure,
    keep_frames,
    unassigned,
)
from latent_repl.language.lowering.lower import lower
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Call, Caught, Given, Jump, Load, Program, Return, Slot

A, B, C = Slot(0), Slot(1), Slot(2)


def program() -> Program:
    return lower(parse("k = 3\ndef f(a, b=2):\n    return a + b + k\nx = f(1)"), slots=9)


def test_a_call_and_its_return_copy_cells_between_frames() -> None:
    lowered = program()
    [routine] = lowered.routines
    place = next(index for index, line in enumerate(lowered.instructions) if isinstance(line, Call))
    inside, copies = Cursor(place).through(lowered, Call(C, "f", (B,)))
    assert (inside.place, inside.depth, inside.bottom) == (routine.entry, 1, place)
    assert copies == (Copy(Address(1, A), Address(0, B)),)
    outside, copies = inside.through(lowered, Return(B))
    assert (outside, copies) == (Cursor(place + 1), (Copy(Address(0, C), Address(1, B)),))


def test_within_a_frame_places_alone_change_and_globals_come_from_the_bottom() -> None:
    lowered = program()
    inside = Cursor(9, (OpenCall(lowered.routines[0], 3, 4, C, frozenset([A])),))
    assert inside.through(lowered, Jump(7))[0].place == 7
    assert inside.through(lowered, Given(A, 8))[0].place == 8
    assert inside.through(lowered, Given(B, 8))[0].place == 10
    assert inside.through(lowered, Load(B, C)) == (inside.moved(10), (Copy(Address(1, B), Address(0, C)),))
    assert addresses_read(inside, Load(B, C)) == [Address(0, C)]
    assert addresses_read(inside, Return(B)) == [Address(1, B)]


def test_a_function_without_a_value_goes_on_elsewhere_or_fails_in_its_caller() -> None:
    lowered = program()
    inside = Cursor(9, (OpenCall(lowered.routines[0], 3, 4, C, frozenset(), 6),))
    assert inside.through(lowered, Return(None)) == (Cursor(6), ())
    inside = Cursor(9, (OpenCall(lowered.routines[0], 3, 4, C),))
    with pytest.raises(ProgramError, match="returned None") as caught:
        inside.through(lowered, Return(None))
    assert caught.value.function is None


def test_a_routine_can_be_entered_at_any_instruction_but_not_without_end() -> None:
    lowered, cursor = program(), Cursor(1)
    for _ in range(MAXIMUM_DEPTH):
        cursor = cursor.entered(lowered, OpenCall(lowered.routines[0], cursor.place, cursor.place + 1, A))
    assert (cursor.depth, cursor.bottom) == (MAXIMUM_DEPTH, 1)
    with pytest.raises(ProgramError, match="RecursionError: maximum recursion depth exceeded"):
        cursor.entered(lowered, OpenCall(lowered.routines[0], cursor.place, cursor.place + 1, A))


def test_errors_name_the_line_of_the_text_and_that_of_the_function() -> None:
    lowered = program()
    inside = Cursor(lowered.routines[0].entry, (OpenCall(lowered.routines[0], lowered.end - 1, 0, A),))
    error = failure(lowered, inside, "ValueError", "no")
    assert (error.line, error.function) == (4, ("f", 2))
    assert str(error) == "ValueError: no (line 2 of f, called in line 4)"
    assert isinstance(failure(lowered, inside, "StepBudgetError", "no"), StepBudgetError)
    assert unassigned(lowered, inside, Address(1, A)).kind == "UnboundLocalError"
    assert "'k'" in unassigned(lowered, inside, Address(0, lowered.names["k"])).message


def test_frames_begin_empty_and_end_with_their_calls() -> None:
    frames = [[1]]
    keep_frames(frames, 2, list)
    assert frames == [[1], [], []]
    keep_frames(frames, 0, list)
    assert frames == [[1]]


def test_an_error_is_caught_by_the_innermost_handler_of_its_kind_out_of_calls_and_of_the_prelude() -> None:
    text = "def f(a):\n    try:\n        return int(a)\n    except KeyError:\n        return 0\n"
    text += "try:\n    f('x')\nexcept ValueError as e:\n    e"
    lowered = lower(parse(text, rows=True), slots=9, rows=True)
    own = [handler for handler in lowered.handlers if not handler.final]  # another one ends `e`
    inner, outer = sorted(own, key=lambda handler: handler.first, reverse=True)
    assert (inner.kinds, outer.kinds) == ({"KeyError"}, {"ValueError"})
    call = next(index for index, line in enumerate(lowered.instructions) if isinstance(line, Call))
    inside = Cursor(inner.first, (OpenCall(lowered.routines[0], call, call + 1, A),))
    within = inside.entered(lowered, OpenCall(lowered.library("integer"), inside.place, inside.place + 1, A))
    caught = within.caught(lowered, ProgramError("ValueError", "no", 1))
    assert caught == Cursor(outer.target, (), "no", call)
    assert within.caught(lowered, ProgramError("KeyError", "'k'", 1)) == Cursor(
        inner.target, inside.calls, "'k'", inner.first
    )
    assert within.caught(lowered, ProgramError("MemoryError", "full", 1)) is None
    written, copies = caught.through(lowered, Caught(B))
    assert (written.depth, copies, written.within_prelude) == (1, (), True)
