"""A core line with a heap: numbers by Python's operators, rows by the table of movement."""

from __future__ import annotations

from latent_repl.language.oracle.steps import Limits, cell_of, operands, step_on_rows
from latent_repl.language.program import CoreLine, Slot
from latent_repl.language.values import Reference, Row

LIMITS = Limits(-999, 999, 4, 2)
ROWS = (Row("list", (1, 2)),)


def test_rows_are_made_and_changed_in_place() -> None:
    values, rows, status = step_on_rows(CoreLine(Slot(1), "take", Slot(0), 1), (Reference(0), None), ROWS, LIMITS)
    assert (values, rows, status) == ((Reference(0), Reference(1)), (*ROWS, Row("list", (1,))), "ok")
    values, rows, status = step_on_rows(CoreLine(Slot(0), "append", 7), (Reference(0), None), ROWS, LIMITS)
    assert (values, rows, status) == ((Reference(0), None), (Row("list", (1, 2, 7)),), "ok")


def test_numbers_go_by_their_own_operators() -> None:
    assert step_on_rows(CoreLine(Slot(1), "+", Slot(0), 5), (7, None), (), LIMITS) == ((7, 12), (), "ok")
    assert step_on_rows(CoreLine(Slot(1), "*", Slot(0), 99), (99, None), (), LIMITS)[2] == "OverflowError"


def test_a_step_that_fails_changes_nothing() -> None:
    full = (*ROWS, Row("str"))
    for line, rows, status in (
        (CoreLine(Slot(1), "[]", Slot(0), 2), ROWS, "IndexError"),
        (CoreLine(Slot(1), "row", list), full, "full"),
        (CoreLine(Slot(1), "+", Slot(0), 1), ROWS, "TypeError"),
        (CoreLine(Slot(1), "*", Slot(0), 3), ROWS, "trap"),
    ):
        assert step_on_rows(line, (Reference(0), None), rows, LIMITS) == ((Reference(0), None), rows, status)


def test_operands_are_what_the_target_holds_and_both_sides() -> None:
    assert operands(CoreLine(Slot(1), "store", 0, Slot(0)), (5, Reference(0))) == (Reference(0), 0, 5)
    assert cell_of(None, (1,)) is None
