"""The table of movement against Python's own str, list and tuple."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.movement import decide, describe, named, perform
from latent_repl.language.moves import NO_OPERAND, Cell
from latent_repl.language.operators import OPERATORS, ROW_OPERATORS, ROW_STATUSES, STATUS_OK, TABLE
from latent_repl.language.values import NOTHING, Reference, Row, Rows, Value, kind_of

CAPACITY, MOST = 8, 5
BUILDERS: dict[str, Callable[[Any], Any]] = {"str": "".join, "list": list, "tuple": tuple}

numbers = st.integers(-12, 12) | st.booleans()
characters = st.sampled_from("ab Z\n")
cells = numbers | characters | st.just(NOTHING)
rows = st.builds(Row, st.just("str"), st.lists(characters, max_size=CAPACITY).map(tuple)) | st.builds(
    Row, st.sampled_from(["list", "tuple"]), st.lists(cells, max_size=CAPACITY).map(tuple)
)
any_rows = rows | st.builds(Row, st.sampled_from(["dict", "int"]), st.lists(numbers, max_size=CAPACITY).map(tuple))
# An operand: a cell, or a row.
values = cells | rows | st.sampled_from([int, list, type(None)])


def run(operator: str, *operands: Any, own: Any = 0) -> tuple[str, Any, Any] | None:
    """Return status, what the target holds, and what the own row holds then; rows stand for references to them."""
    heap: list[Row] = []
    given_cells: list[Value | None] = []
    for operand in (own, *operands, None, None)[:3]:
        heap += [operand] if isinstance(operand, Row) else []
        given_cells.append(Reference(len(heap) - 1) if isinstance(operand, Row) else operand)
    done = perform(operator, given_cells, tuple(heap), capacity=CAPACITY, most=MOST)
    if done is None:
        return None
    status, value, after = done
    assert (status == STATUS_OK) or (value, after) == (given_cells[0], tuple(heap))
    return status, _row_of(value, after), _row_of(given_cells[0], after)


def _row_of(value: Value | None, heap: Rows) -> Value | Row | None:
    return heap[value.index] if isinstance(value, Reference) else value


def python(value: Any) -> Any:
    """Return the Python value of a cell or a row."""
    if isinstance(value, Row):
        return BUILDERS[value.kind](map(python, value.cells))
    return None if value is NOTHING else value


def outcome(function: Callable[..., Any], *operands: Any) -> tuple[str, Any]:
    """Return how Python's own function ends, and what it returns."""
    try:
        return STATUS_OK, function(*map(python, operands))
    except (TypeError, IndexError, ValueError, ZeroDivisionError) as error:
        return type(error).__name__, None


def agrees(function: Callable[..., Any], operator: str, *operands: Any) -> None:
    """Check a line against Python's function, wherever one step decides it."""
    status, result = outcome(function, *operands)
    done = run(operator, *operands)
    if done is None:
        assert all(type(operand) in (int, bool) for operand in operands)
    elif done[0] == "MemoryError":
        assert status == STATUS_OK and len(result) > CAPACITY
    elif done[0] != "trap":
        assert done[0] == status
        if status == STATUS_OK:
            assert python(done[1]) == result and type(python(done[1])) is type(result)


@given(st.sampled_from([*"+-*%", "//", "==", "!=", "<", "<=", ">", ">=", "min", "max"]), values, values)
def test_what_pythons_operators_do_at_once_is_what_python_does(operator: str, left: Any, right: Any) -> None:
    if operator != "%" or not isinstance(python(left), str):  # Python's formatting
        agrees(TABLE[operator].exact, operator, left, right)


@given(st.sampled_from(["neg", "abs", "not", "len", "ord"]), values)
def test_what_functions_of_one_operand_do_at_once_is_what_python_does(operator: str, value: Any) -> None:
    functions = {"len": len, "ord": ord}
    agrees(functions.get(operator, TABLE[operator].exact), operator, value)


@given(rows | characters, numbers)
def test_items_and_slices_are_pythons(row: Any, index: int) -> None:
    agrees(lambda x, i: x[i], "[]", row, index)
    agrees(lambda x, i: x[:i], "take", row, index)
    agrees(lambda x, i: x[i:], "drop", row, index)
    agrees(lambda x: x[::-1], "reverse", row)


@given(values, values)
def test_an_item_of_what_has_none_or_at_no_number_is_pythons_error(left: Any, right: Any) -> None:
    if not isinstance(left, type):
        agrees(lambda x, i: x[i], "[]", left, right)


@given(st.integers(0, 200))
def test_a_character_of_a_number_is_pythons_or_none(number: int) -> None:
    done = run("chr", number)
    assert done is not None
    printable = chr(number) in "\n\t" or 32 <= number < 127
    assert done[:2] == (("ok", chr(number)) if printable else ("ValueError", 0))


@given(any_rows, values)
def test_what_is_appended_is_the_last_cell_of_the_same_row(own: Row, value: Any) -> None:
    if isinstance(value, Row):
        return
    done = run("append", value, own=own)
    whole = len(own.cells) == CAPACITY
    expected = own if whole else Row(own.kind, (*own.cells, value))
    assert done == ("MemoryError" if whole else "ok", expected, expected)


@given(rows | cells, numbers, cells)
def test_an_item_is_put_where_python_puts_it(own: Any, index: int, value: Any) -> None:
    done = run("put", index, value, own=own)
    target = python(own)
    try:
        target[index] = python(value)
        status = STATUS_OK
    except (TypeError, IndexError) as error:
        status = type(error).__name__
    assert done is not None and done[0] == status
    assert python(done[2]) == target


@given(any_rows, numbers, cells)
def test_raw_cells_are_read_and_stored_whatever_the_kind(row: Row, index: int, value: Any) -> None:
    read, stored = run("cell", row, index), run("store", index, value, own=row)
    assert read is not None and stored is not None
    if not 0 <= index < len(row.cells):
        assert read[0] == stored[0] == "IndexError"
        return
    assert read[:2] == ("ok", row.cells[index])
    assert stored[2] == Row(row.kind, (*row.cells[:index], value, *row.cells[index + 1 :]))


@given(any_rows | characters, any_rows, st.sampled_from(["str", "list", "tuple", "dict", "int"]))
def test_cells_are_taken_over_by_rows_of_other_kinds(given_row: Any, own: Row, kind: str) -> None:
    taken = given_row.cells if isinstance(given_row, Row) else (given_row,)
    types = {"str": str, "list": list, "tuple": tuple, "dict": dict, "int": int}
    assert run("as", given_row, types[kind]) == ("ok", Row(kind, taken), 0)
    assert run("become", given_row, own=own) == ("ok", Row(own.kind, taken), Row(own.kind, taken))
    assert run("row", types[kind]) == ("ok", Row(kind), 0)


@pytest.mark.parametrize(
    ("value", "kind"),
    [(5, int), (False, bool), (NOTHING, type(None)), ("a", str), (Row("dict"), dict), (Row("int", (1, 2)), int)],
)
def test_the_kind_of_a_value_is_its_type(value: Any, kind: type) -> None:
    assert run("kind", value) == ("ok", kind, 0)


@given(any_rows | numbers, any_rows | numbers, st.sampled_from([*"+-*%", "//", "==", "<", "min"]))
def test_what_one_step_cannot_make_of_wide_numbers_is_the_preludes(left: Any, right: Any, operator: str) -> None:
    done, sides = run(operator, left, right), (left, right)
    wide = [isinstance(side, Row) and side.kind == "int" for side in sides]
    if all(large or kind_of(side) is not None for large, side in zip(wide, sides, strict=True)) and any(wide):
        assert done is not None and done[0] == "trap"


def test_the_same_row_is_itself() -> None:
    row, other = (Reference(index) for index in range(2))
    heap = (Row("list", (1,)), Row("list", (1,)))
    truths = {"==": True, "!=": False}
    for operator, truth in truths.items():
        assert perform(operator, (None, row, row), heap, capacity=8, most=5) == ("ok", truth, heap)
        assert perform(operator, (None, row, other), heap, capacity=8, most=5) == ("trap", None, heap)
    assert perform("==", (None, "a", row), (Row("str", ("a",)),), capacity=8, most=5) == (
        *("trap", None),
        (Row("str", ("a",)),),
    )


def test_a_row_that_finds_no_place_leaves_everything_as_it_was() -> None:
    heap = (Row("str", ("a",)),) * MOST
    assert perform("copy", (5, "a", None), heap, capacity=CAPACITY, most=MOST) == ("ok", "a", heap)
    assert perform("reverse", (5, "a", None), heap, capacity=CAPACITY, most=MOST) == ("full", 5, heap)


def test_every_operator_is_decided_for_every_kind_of_operand() -> None:
    samples: list[Any] = [3, True, NOTHING, "a", list, *(Row(kind, (1,)) for kind in ("str", "dict", "int"))]
    statuses = set()
    for operator in (*OPERATORS, *ROW_OPERATORS):
        for own in samples:
            for left in samples:
                for right in samples if TABLE[operator].arity == 2 else [None]:
                    done = run(operator, left, right, own=own)
                    statuses.add(done[0] if done else None)
    # KeyError is the prelude's, a full heap has a test of its own.
    assert statuses == {None, STATUS_OK, *ROW_STATUSES} - {"KeyError", "full", "MemoryError"}


def test_a_message_names_a_float_where_a_decision_sees_an_int() -> None:
    heap = (Row("int", (2, -1, 5)), Row("int"), Row("int", (-1, 3, 2, 1)), Row("list", (2, 0, 3)))
    assert [describe(Reference(index), heap).kind for index in range(4)] == ["int", "int", "int", "list"]
    assert [named(Reference(index), heap).kind for index in range(4)] == ["float", "float", "int", "list"]
    assert named(Reference(0), heap) == Cell("float", Reference(0), 3)
    for cell in (5, True, "a", NOTHING, int, None, Reference(2), Reference(3)):
        assert named(cell, heap) == describe(cell, heap)


def test_a_decision_sees_no_cells_of_a_row() -> None:
    row = Reference(0)
    heaps: list[Rows] = [(Row("list", (1, 2)),), (Row("list", ("a", NOTHING)),)]
    [told] = {describe(row, heap) for heap in heaps}
    assert told == Cell("list", row, 2)
    move = decide("take", NO_OPERAND, told, Cell("int", -1), 64)
    assert move is not None and (move.value, move.writes, move.split, move.length) == ("next", "new", 1, 1)
