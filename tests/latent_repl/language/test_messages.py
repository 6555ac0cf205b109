"""A step that fails says what Python says."""

from __future__ import annotations

from typing import Any

import pytest

from latent_repl.language.messages import failed
from latent_repl.language.movement import decide, describe, named
from latent_repl.language.moves import NO_OPERAND
from latent_repl.language.operators import STATUS_OK, TABLE
from latent_repl.language.values import NOTHING, Reference, Row, Value

FLOAT = Reference(4)
ROWS = (Row("list", (1, 2)), Row("str", ("a", "b")), Row("tuple", (1,)), Row("dict", (1, 2)), Row("int", (2, -1, 5)))
CELLS: tuple[Value, ...] = (3, True, "a", NOTHING, *map(Reference, range(5)))
IN_PYTHON = {"neg": "-a", "abs": "abs(a)", "len": "len(a)", "[]": "a[b]", "min": "min(a, b)", "max": "max(a, b)"}
IN_PYTHON |= {symbol: f"a {symbol} b" for symbol in ("+", "-", "*", "//", "%", "<", "<=", ">", ">=")}
IN_PYTHON |= {"ord": "ord(a)", "chr": "chr(a)"}


def python_value(cell: Value) -> Any:
    if isinstance(cell, Reference):
        return [[1, 2], "ab", (1,), {1: 2}, 2.5][cell.index]
    return None if cell is NOTHING else cell


@pytest.mark.parametrize("operator", IN_PYTHON)
@pytest.mark.parametrize("left", CELLS, ids=str)
def test_errors_of_operators_have_the_message_of_python(operator: str, left: Value) -> None:
    for right in CELLS if TABLE[operator].arity == 2 else (None,):
        one, other = describe(left, ROWS), NO_OPERAND if right is None else describe(right, ROWS)
        move = decide(operator, NO_OPERAND, one, other, 64)
        if operator == "%" and one.kind == "str" and other.kind in ("list", "dict"):
            continue  # formatting, which Lx has not
        if move is None or move.status in (STATUS_OK, "trap", "ValueError"):
            continue
        one, other = named(left, ROWS), NO_OPERAND if right is None else named(right, ROWS)
        error = failed(move.status, operator, NO_OPERAND, one, other, 64)
        with pytest.raises((TypeError, IndexError)) as raised:
            eval(IN_PYTHON[operator], {"a": python_value(left), "b": None if right is None else python_value(right)})
        assert error == (raised.type.__name__, str(raised.value)), (operator, left, right)


def test_limits_of_its_own_are_told_as_such() -> None:
    assert (
        failed("MemoryError", "append", NO_OPERAND, NO_OPERAND, NO_OPERAND, 64)[1]
        == "a row holds at most 64 values, a string as many characters: use several"
    )
    assert failed("full", "row", NO_OPERAND, NO_OPERAND, NO_OPERAND, 64)[0] == "MemoryError"


def test_what_is_no_list_has_no_append() -> None:
    error = failed("TypeError", "append", describe(3, ROWS), NO_OPERAND, NO_OPERAND, 64)
    assert error == ("AttributeError", "'int' object has no attribute 'append'")


def test_assigned_cells_have_messages_of_their_own() -> None:
    errors = [
        failed(status, "put", describe(cell, ROWS), describe("a", ROWS), NO_OPERAND, 64)[1]
        for status, cell in (("TypeError", Reference(0)), ("TypeError", Reference(1)), ("IndexError", Reference(0)))
    ]
    assert errors == [
        "list indices must be integers or slices, not str",
        "'str' object does not support item assignment",
        "list assignment index out of range",
    ]


@pytest.mark.parametrize("operator", ["+", "-", "*", "//"])
@pytest.mark.parametrize("left", CELLS, ids=str)
def test_augmented_assignments_have_messages_of_their_own(operator: str, left: Value) -> None:
    for right in CELLS:
        one, other = describe(left, ROWS), describe(right, ROWS)
        move = decide(operator, NO_OPERAND, one, other, 64)
        grows = one.kind == "list" and other.kind in ("str", "tuple", "dict") and operator == "+"
        if move is None or move.status != "TypeError" or grows:
            continue
        with pytest.raises(TypeError) as raised:
            exec(f"a {operator}= b", {"a": python_value(left), "b": python_value(right)})
        one, other = named(left, ROWS), named(right, ROWS)
        error = failed(move.status, operator, NO_OPERAND, one, other, 64, f"{operator}=")
        assert error == ("TypeError", str(raised.value)), (operator, left, right)


def test_what_is_no_place_and_no_character_to_the_model_is_no_integer_where_it_is_a_float() -> None:
    # A float's row is an integer's: the move says that no row is so long, and that no character has such a number.
    def ended(operator: str, *cells: Value | None) -> tuple[str, tuple[str, str]]:
        own, left, right = (NO_OPERAND if cell is None else describe(cell, ROWS) for cell in cells)
        move = decide(operator, own, left, right, 64)
        assert move is not None
        own, left, right = (NO_OPERAND if cell is None else named(cell, ROWS) for cell in cells)
        return move.status, failed(move.status, operator, own, left, right, 64)

    for operator, cells, text in (
        ("[]", (None, Reference(0), FLOAT), "[1, 2].__getitem__(2.5)"),
        ("put", (Reference(0), FLOAT, 3), "[1, 2].__setitem__(2.5, 3)"),
        ("chr", (None, FLOAT, None), "chr(2.5)"),
    ):
        with pytest.raises(TypeError) as raised:
            eval(text)
        assert ended(operator, *cells) == (
            "ValueError" if operator == "chr" else "IndexError",
            ("TypeError", str(raised.value)),
        ), text


def test_a_line_can_say_what_its_operands_should_have_been() -> None:
    text, number = describe("a", ROWS), describe(3, ROWS)
    assert failed("TypeError", "-", NO_OPERAND, text, number, 64, "{left} and {right}") == ("TypeError", "str and int")
