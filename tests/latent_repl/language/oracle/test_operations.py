"""Operators within bounds: on what fits they are Python's own."""

from __future__ import annotations

import copy
import operator
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.floats import BROKEN_EXPONENT, COMPLEX_ROOT, NO_FLOAT, TOO_SMALL
from latent_repl.language.operators import (
    ADD,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    DIVIDE,
    FLOOR_DIVIDE,
    LEFT_SHIFT,
    MODULO,
    MULTIPLY,
    POWER,
    RIGHT_SHIFT,
    SUBTRACT,
)
from latent_repl.language.oracle.bounds import Bounds, TooMuchError
from latent_repl.language.oracle.operations import Operations
from latent_repl.language.oracle.steps import Limits

SYMBOLS = {ADD: operator.add, SUBTRACT: operator.sub, MULTIPLY: operator.mul, FLOOR_DIVIDE: operator.floordiv}
SYMBOLS |= {MODULO: operator.mod, BIT_AND: operator.and_, BIT_OR: operator.or_, BIT_XOR: operator.xor}
SYMBOLS |= {DIVIDE: operator.truediv, LEFT_SHIFT: operator.lshift, RIGHT_SHIFT: operator.rshift}
values: st.SearchStrategy[Any] = st.one_of(
    st.integers(-4, 4),
    st.sampled_from([0.0, 0.1, -2.5, 2.0]),
    st.booleans(),
    st.none(),
    st.text("ab", max_size=3),
    st.lists(st.integers(0, 2), max_size=3),
    st.tuples(st.integers(0, 2)),
    st.dictionaries(st.integers(0, 2), st.integers(0, 2), max_size=2),
)


def operations() -> Operations:
    return Operations(Bounds(Limits(-999, 999, 64, 128)))


def outcome(call: Any, *arguments: Any) -> Any:
    """Return what a call gives, or how it fails."""
    try:
        return call(*arguments)
    except Exception as error:
        return type(error), str(error)


@given(st.sampled_from(sorted(SYMBOLS)), values, values)
def test_an_operator_is_pythons(symbol: str, left: Any, right: Any) -> None:
    if not (symbol == MODULO and isinstance(left, str)):
        assert outcome(operations().table[symbol], left, right) == outcome(SYMBOLS[symbol], left, right)


@given(values, values)
def test_an_augmented_assignment_is_pythons(left: Any, right: Any) -> None:
    for symbol, exact in (
        *((ADD, operator.iadd), (MULTIPLY, operator.imul), (BIT_OR, operator.ior)),
        (DIVIDE, operator.itruediv),
    ):
        one, other = copy.deepcopy(left), copy.deepcopy(left)
        result = outcome(operations().in_place, symbol, one, copy.deepcopy(right))
        expected = outcome(exact, other, copy.deepcopy(right))
        assert (result, one) == (expected, other)
        assert not isinstance(left, list) or (result is one) == (expected is other)


@pytest.mark.parametrize("symbol", [*SYMBOLS, POWER])
def test_an_augmented_assignment_says_what_python_says(symbol: str) -> None:
    with pytest.raises(TypeError) as theirs:
        exec(f"a = 3\na {symbol}= None", {})
    with pytest.raises(TypeError) as ours:
        operations().in_place(symbol, 3, None)
    assert str(ours.value) == str(theirs.value)


@pytest.mark.parametrize("act", ["sliced", "cut", "put"])
def test_no_slice_is_a_key(act: str) -> None:
    given = ({1: 2}, slice(1, None), *([3] if act == "put" else []))
    with pytest.raises(TypeError, match="unhashable type: 'slice'"):
        getattr(operations(), act)(*given)


@given(values, st.one_of(values, st.just(range(5))))
def test_membership_is_pythons(item: Any, row: Any) -> None:
    searched = outcome(operations().searched, row)
    assert outcome(lambda: item in searched) == outcome(lambda: item in row)


@given(st.lists(st.integers(0, 9), max_size=5), st.integers(-6, 6) | st.slices(6), values)
def test_what_is_put_into_a_list_is_as_python_puts_it(row: list[int], key: Any, value: Any) -> None:
    one, other = list(row), list(row)
    assert outcome(operations().put, one, key, value) == outcome(operator.setitem, other, key, value)
    assert one == other


@pytest.mark.parametrize(
    ("symbol", "left", "right"),
    [(MULTIPLY, "a", 10**9), (MULTIPLY, 10**9, [1]), (ADD, [1] * 40, [2] * 40), (MULTIPLY, (1, 2), 10**12)],
)
def test_no_row_grows_beyond_its_room(symbol: str, left: Any, right: Any) -> None:
    begun = time.monotonic()
    for call in (operations().table[symbol], lambda *both: operations().in_place(symbol, *both)):
        with pytest.raises(MemoryError, match="at most 64"):
            call(left, right)
    assert time.monotonic() - begun < 20


def test_what_is_put_does_not_grow_a_row_beyond_its_room() -> None:
    row, pairs = list(range(60)), dict.fromkeys(range(32), 0)
    with pytest.raises(MemoryError):
        operations().put(row, slice(0, 0), row)
    with pytest.raises(MemoryError):
        operations().put(pairs, 99, 0)
    operations().put(pairs, 0, 5)
    operations().put(row, slice(0, 60), row)
    assert (pairs[0], row) == (5, list(range(60)))


def test_text_is_not_looked_for_through_a_range() -> None:
    begun = time.monotonic()
    searched = operations().searched(range(10**15))
    assert outcome(lambda: "a" in searched)[0] is TooMuchError
    assert 10**14 in searched and -1 not in searched
    assert time.monotonic() - begun < 60


def test_a_remainder_formats_nothing_and_a_power_stays_small() -> None:
    with pytest.raises(TypeError, match="not in Lx"):
        operations().table[MODULO]("%999999999d", 1)
    with pytest.raises(MemoryError):
        operations().table[POWER](7, 10**8)
    with pytest.raises(TypeError, match="unsupported operand"):
        operations().table[POWER]("a", 2)


@pytest.mark.parametrize(
    ("symbol", "left", "right", "error"),
    [
        (POWER, 2, 0.25, (ValueError, BROKEN_EXPONENT)),
        (POWER, 2.5, -1.5, (ValueError, BROKEN_EXPONENT)),
        (POWER, -2.0, 0.5, (ValueError, COMPLEX_ROOT)),
        (POWER, 2, -999, (OverflowError, TOO_SMALL)),
        (MULTIPLY, 1e-160, 1e-155, (OverflowError, TOO_SMALL)),
        (DIVIDE, 1e-160, 1e155, (OverflowError, TOO_SMALL)),
        (SUBTRACT, float("inf"), float("inf"), (ValueError, NO_FLOAT)),
    ],
)
def test_a_float_that_lx_has_not_is_refused_in_its_words(symbol: str, left: Any, right: Any, error: Any) -> None:
    assert outcome(operations().table[symbol], left, right) == error


def test_powers_are_floats_where_python_s_are() -> None:
    power = operations().table[POWER]
    for base, exponent in ((2, -1), (2.5, 2), (4, 0.5), (2, 3.0), (True, -2), (0.0, 0)):
        assert outcome(power, base, exponent) == base**exponent
        assert type(power(base, exponent)) is type(base**exponent)
    assert repr(operations().table[MULTIPLY](0.0, -1)) == "0.0"


def test_without_rows_no_power_is_a_float() -> None:
    assert outcome(Operations(Bounds(Limits(-999, 999))).table[POWER], 2, -1) == (ValueError, "negative exponent")
