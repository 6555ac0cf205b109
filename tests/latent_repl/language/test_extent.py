"""How much values hold: deep ones, shared ones, and such as lie in themselves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.extent import copied, rows_in, written_out

values = st.recursive(
    st.integers() | st.text(max_size=2) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=1), inner),
    max_leaves=12,
)


def counted(value: Any) -> int:
    """Count as `written_out` does, by recursion."""
    if isinstance(value, dict):
        return 1 + sum(counted(part) for pair in value.items() for part in pair)
    return 1 + sum(map(counted, value)) if isinstance(value, list | tuple) else 1


@given(values)
def test_what_is_not_shared_counts_once(value: Any) -> None:
    assert written_out(value) == counted(value)


@given(values)
def test_what_is_shared_counts_each_time(value: Any) -> None:
    assert written_out([value, value]) == 1 + 2 * counted(value)


def test_a_value_that_doubles_is_counted_at_once() -> None:
    value: list[Any] = [1]
    for _ in range(200):
        value = [value, value]
    assert written_out(value) > 10**60


def test_a_deep_value_needs_no_recursion() -> None:
    value: list[Any] = []
    for _ in range(10_000):
        value = [value]
    assert written_out(value) == 10_001


def test_what_lies_in_itself_comes_to_an_end() -> None:
    value: list[Any] = [1]
    value.append(value)
    assert written_out(value) == 3
    assert list(rows_in([value])) == [value]


@given(st.dictionaries(st.sampled_from("abc"), values))
def test_copies_are_equal_and_share_nothing_that_changes(variables: dict[str, Any]) -> None:
    copies = copied(variables, 1000)
    assert copies == variables
    changing = {id(row) for row in rows_in(variables.values()) if not isinstance(row, tuple)}
    assert changing.isdisjoint(id(row) for row in rows_in(copies.values()))


def test_copies_share_what_the_originals_share() -> None:
    row: list[Any] = [1]
    row.append(row)
    copies = copied({"a": row, "b": row, "c": (row,)}, 10)
    assert copies["a"] is copies["b"] is copies["c"][0] is copies["a"][1]


def test_more_rows_than_there_is_room_for_are_refused() -> None:
    assert copied({"a": [[], []]}, 3)
    with pytest.raises(MemoryError, match="room for 2 rows"):
        copied({"a": [[], []]}, 2)
