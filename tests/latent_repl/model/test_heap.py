"""A move carried out on latents does what it does on exact cells, whatever the fields say that have no say."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.movement import decide, describe, perform
from latent_repl.language.moves import Move
from latent_repl.language.operators import OPERATORS, TABLE
from latent_repl.language.values import CHARACTERS, NOTHING, Reference, Row, Rows, Value
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.fields import UNASKED
from latent_repl.model.heap import HEADER, Heap, LatentOperands, Places, carry_out, follow_references, seen, shown_rows

CELLS, MOST = 6, 4
VOCABULARY = Vocabulary.fresh(slots=2, limit=130, rows=MOST)
TABLE_OF_LATENTS = np.random.default_rng(0).uniform(-1, 1, (len(VOCABULARY), 48)).astype(np.float32)
PLACES = Places(TABLE_OF_LATENTS, VOCABULARY, MOST, CELLS)

numbers = st.integers(-8, 8) | st.booleans()
cells = numbers | st.sampled_from(CHARACTERS) | st.just(NOTHING)
rows = st.builds(
    Row, st.sampled_from(["str", "list", "tuple", "dict", "int"]), st.lists(cells, max_size=CELLS).map(tuple)
)
operands = cells | st.integers(0, 2).map(Reference) | st.sampled_from([list, str])


def latent(value: Value | None) -> np.ndarray:
    return TABLE_OF_LATENTS[VOCABULARY.value_id(value)]


def followed(own: Any, left: Any, right: Any, *, on_numbers: bool = False) -> LatentOperands:
    cells = np.stack([*map(latent, (own, left, right))])
    [step] = follow_references(PLACES, cells[None], [on_numbers])
    return step


def encoded(exact: Rows) -> Heap:
    heap = PLACES.empty_heap()
    arrays = []
    for row in exact:
        array = PLACES.empty_row.copy()
        array[0], array[1] = TABLE_OF_LATENTS[VOCABULARY.ids[row.kind]], latent(len(row.cells))
        for place, cell in enumerate(row.cells):
            array[HEADER + place] = latent(cell)
        arrays.append(array)
    following = Reference(len(exact)) if len(exact) < MOST else None
    return Heap(latent(following), (*arrays, *heap.rows[len(exact) :]))


@given(
    st.sampled_from(sorted(TABLE)), st.lists(rows, min_size=3, max_size=MOST), operands, operands, operands, st.data()
)
def test_latents_are_moved_as_exact_cells_are(
    operator: str, heap: list[Row], own: Any, left: Any, right: Any, data: st.DataObject
) -> None:
    exact, given_cells = tuple(heap), (own, left, right)
    done = perform(operator, given_cells, exact, capacity=CELLS, most=MOST)
    own_cell, left_cell, right_cell = (describe(cell, exact) for cell in given_cells)
    move = decide(operator, own_cell, left_cell, right_cell, CELLS)
    if done is None or move is None:
        return
    classes = {
        name: data.draw(st.integers(0, PLACES.fields.sizes[name] - 1)) if number == UNASKED else number
        for name, number in PLACES.fields.classes(move).items()
    }
    step = followed(own, left, right)
    before = encoded(exact)
    following = latent(Reference(len(exact) + 1) if len(exact) + 1 < MOST else None)
    value, status, after = carry_out(PLACES, step, classes, before, lambda _: following)
    expected = encoded(done[2])
    assert (status == TABLE_OF_LATENTS[VOCABULARY.status_id(done[0])]).all()
    assert (value == latent(done[1])).all()
    assert (after.next == expected.next).all()
    assert all((mine == theirs).all() for mine, theirs in zip(after.rows, expected.rows, strict=True))


def test_rows_that_are_empty_are_one_array_and_the_others_are_shared() -> None:
    heap = encoded((Row("list", (1, 2)),))
    assert len({id(row) for row in heap.rows}) == 2
    step = followed(5, Reference(0), None)
    classes = dict.fromkeys(PLACES.fields.sizes, 0) | {"moves": 1, "value": 3, "writes": 2, "place": CELLS}
    _, _, after = carry_out(PLACES, step, classes, heap, lambda _: latent(Reference(2)))
    assert after.rows[0] is heap.rows[0] and after.rows[1] is not heap.rows[1]
    assert after.rows[2] is heap.rows[2]


def test_a_latent_near_no_reference_refers_to_no_row() -> None:
    assert PLACES.row_of(latent(Reference(2)) + 0.01) == 2
    assert PLACES.row_of(latent(5)) is None and PLACES.row_of(latent(None)) is None


@given(st.tuples(operands, operands, operands), st.permutations(range(3)))
def test_which_rows_they_are_is_not_seen_but_whether_left_and_right_are_the_same(
    cells: tuple[Any, Any, Any], places: list[int]
) -> None:
    row = Row("list", (1, 2))
    heap = encoded((row, row, row))
    moved = [Reference(places[cell.index]) if isinstance(cell, Reference) else cell for cell in cells]
    steps = [followed(*each) for each in (cells, moved)]
    first, second = seen(PLACES, steps, [heap, heap])
    assert (first == second).all()
    left, right = cells[1:]
    if isinstance(left, Reference) and isinstance(right, Reference):
        assert (first[1] == first[2]).all() == (left == right)
    assert all(
        (first[place] == latent(cell)).all() for place, cell in enumerate(cells) if not isinstance(cell, Reference)
    )


def test_rows_are_seen_as_the_first_and_a_right_one_as_the_second() -> None:
    assert shown_rows(7, 5, 5) == (0, 0, 0)
    assert shown_rows(5, 5, 7) == (0, 0, 1)
    assert shown_rows(None, None, 3) == (None, None, 1)
    assert shown_rows(2, None, None) == (0, None, None)


@given(st.sampled_from(sorted(OPERATORS)), st.lists(rows, min_size=3, max_size=3), operands, operands, st.data())
def test_which_number_it_is_moves_nothing_where_the_operator_is_one_on_numbers(
    operator: str, heap: list[Row], left: Any, right: Any, data: st.DataObject
) -> None:
    sides = (left, right)[: TABLE[operator].arity]
    others = [data.draw(numbers) if isinstance(side, int) else side for side in sides]

    def moved(left: Any = None, right: Any = None) -> Move | None:
        return decide(operator, describe(None, heap), describe(left, heap), describe(right, heap), CELLS)

    assert moved(*sides) == moved(*others)


@given(st.tuples(operands, operands, operands), st.tuples(numbers, numbers, numbers))
def test_numbers_look_alike_to_an_operator_on_numbers_alone(
    cells: tuple[Any, Any, Any], others: tuple[Any, Any, Any]
) -> None:
    heap, asked = encoded((Row("list", (1, 2)),) * 3), [True] * 3
    moved = [other if isinstance(cell, int) else cell for cell, other in zip(cells, others, strict=True)]
    first, second = (followed(*each, on_numbers=True) for each in (cells, moved))
    assert first.key(PLACES, heap, asked) == second.key(PLACES, heap, asked)
    views = seen(PLACES, [first, second], [heap, heap])
    assert (views[0] == views[1]).all()
    assert (first.cells == np.stack([*map(latent, cells)])).all()
    first, second = (followed(*each) for each in (cells, moved))
    same = [*map(VOCABULARY.value_id, cells)] == [*map(VOCABULARY.value_id, moved)]
    assert (first.key(PLACES, heap, asked) == second.key(PLACES, heap, asked)) is same
