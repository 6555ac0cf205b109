"""All cases of the movement of rows, as token ids."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grammar.core_lines.movement import OPERATORS, any_cells, every_case, goes_by, join, unpacked
from latent_repl.language.movement import decide
from latent_repl.language.moves import Cell
from latent_repl.language.operators import TABLE
from latent_repl.language.values import Reference, kind_of
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.fields import UNASKED, Fields
from latent_repl.model.heap import shown_rows

VOCABULARY = Vocabulary.fresh(slots=2, limit=130, rows=3)
FIELDS = Fields(VOCABULARY, 3)


def cell_of(identifier: int, kind: int, length: int) -> Cell:
    value: Any = VOCABULARY.value(identifier)
    if VOCABULARY.tokens[kind] == "none":
        found = kind_of(value)
        assert found is not None
        return Cell(found.name, value)
    return Cell(VOCABULARY.tokens[kind], value, int(VOCABULARY.tokens[length]))


@pytest.mark.slow
@pytest.mark.parametrize("operator", OPERATORS)
def test_a_case_asks_for_what_the_table_decides_of_what_is_seen(operator: str) -> None:
    cases = every_case(operator, VOCABULARY, 3, np.random.default_rng(0), numbers=range(-4, 5))
    for row in np.random.default_rng(1).integers(0, len(cases), 200).tolist():
        own, left, right, *headers = cases.seen[row].tolist()
        cells = [cell_of(each, *headers[2 * at : 2 * at + 2]) for at, each in enumerate((own, left, right))]
        move = decide(operator, cells[0], cells[1], cells[2], 3)
        assert cases.asked[row].tolist() == [*FIELDS.classes(move).values()]


def test_every_row_meets_every_number() -> None:
    cases = every_case("take", VOCABULARY, 3, np.random.default_rng(0))
    met = {(kind, length, number) for number, kind, length in cases.seen[:, [2, 5, 6]].tolist()}
    numbers = [VOCABULARY.value_id(number) for number in range(-130, 131)]
    kinds = [VOCABULARY.ids[kind] for kind in ("str", "list", "tuple", "dict", "int")]
    lengths = [VOCABULARY.value_id(length) for length in range(4)]
    assert met >= {(kind, length, number) for kind in kinds for length in lengths for number in numbers}


@pytest.mark.parametrize("operator", ["+", "==", "take", "put", "become"])
def test_rows_are_seen_as_a_step_sees_them(operator: str) -> None:
    cases = every_case(operator, VOCABULARY, 3, np.random.default_rng(0), numbers=range(-1, 2))
    assert len(cases)
    for told in np.unique(cases.seen[:, :3], axis=0).tolist():
        values = [VOCABULARY.value(each) for each in told]
        rows = tuple(value.index if isinstance(value, Reference) else None for value in values)
        assert rows == shown_rows(*rows)


HEADERS = {
    (VOCABULARY.ids[kind], VOCABULARY.value_id(length))
    for kind in ("str", "list", "tuple", "dict", "int")
    for length in range(4)
}


@pytest.mark.parametrize("operator", [symbol for symbol, row in TABLE.items() if row.arity == 2 and not row.in_place])
def test_every_two_rows_meet_and_each_with_itself(operator: str) -> None:
    cases = every_case(operator, VOCABULARY, 3, np.random.default_rng(0), numbers=range(-1, 2))
    first, second = (VOCABULARY.value_id(Reference(index)) for index in range(2))
    told = {tuple(row) for row in cases.seen[:, [1, 5, 6, 2, 7, 8]].tolist()}
    assert told >= {(first, *left, second, *right) for left in HEADERS for right in HEADERS}
    assert told >= {(first, *each, first, *each) for each in HEADERS}


@pytest.mark.parametrize("operator", ["put", "store", "become"])
def test_every_row_that_changes_in_place_meets_every_row(operator: str) -> None:
    cases = every_case(operator, VOCABULARY, 3, np.random.default_rng(0), numbers=range(-1, 2))
    told = {tuple(row) for row in cases.seen[:, [3, 4, 5, 6]].tolist()}
    assert told >= {(*own, *left) for own in HEADERS for left in HEADERS}


@pytest.mark.slow
@pytest.mark.parametrize("operator", OPERATORS)
def test_a_move_is_the_same_whatever_it_does_not_go_by(operator: str) -> None:
    generator, counts = np.random.default_rng(0), goes_by(operator)
    given = (True, TABLE[operator].arity > 0, TABLE[operator].arity > 1)
    cases = every_case(operator, VOCABULARY, 3, generator, numbers=range(-1, 2))
    for row in generator.integers(0, len(cases), 100).tolist():
        own, left, right, *headers = cases.seen[row].tolist()
        cells = [cell_of(each, *headers[2 * at : 2 * at + 2]) for at, each in enumerate((own, left, right))]
        drawn = [cell_of(*told) for told in any_cells(VOCABULARY, 3, generator, 3).tolist()]
        varied = [drawn[at] if given[at] and not counts[at] else cells[at] for at in range(3)]
        assert decide(operator, *varied, 3) == decide(operator, *cells, 3)  # type: ignore[call-arg, arg-type]


def test_drawn_cells_are_of_every_kind_and_rows_of_every_length() -> None:
    drawn = any_cells(VOCABULARY, 3, np.random.default_rng(0), 2000).tolist()
    seen = {(kind_of(VOCABULARY.value(value)), kind, length) for value, kind, length in drawn}
    headers = {(VOCABULARY.tokens[kind], VOCABULARY.tokens[length]) for _, kind, length in seen}
    kinds = ("str", "list", "tuple", "dict", "int")
    assert headers == {("none", "none"), *((kind, str(length)) for kind in kinds for length in range(4))}
    assert {kind for kind, _, _ in seen} == {*VOCABULARY.kinds}


def test_cases_of_several_operators_are_joined_and_picked() -> None:
    parts = [
        every_case(operator, VOCABULARY, 3, np.random.default_rng(0), numbers=range(-1, 2))
        for operator in ("len", "ord")
    ]
    both = join(parts)
    assert len(both) == len(parts[0]) + len(parts[1])
    assert (both[np.array([len(parts[0])])].asked == parts[1].asked[:1]).all()
    assert (both.asked[:, 0] != UNASKED).all()
    again = unpacked(both.packed())
    for mine, theirs in zip(
        (again.operators, again.seen, again.asked), (both.operators, both.seen, both.asked), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)
