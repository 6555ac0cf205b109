"""Heaps of latents are read array by array, each once, and the rows that nothing refers to are given free."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from latent_repl.heaps import NOT_REACHED, HeapReader
from latent_repl.language.python_values import python_value
from latent_repl.language.values import Cells, Reference, Row
from latent_repl.model.rows import decode_heap, encode_heap
from tests.latent_repl.exact_rows import ExactRows, reference_latent

ROWS = (Row("str", ("a", "b")), Row("list", (1, Reference(0), Reference(3))), Row("list", (9,)), Row("tuple", ()))


@pytest.fixture
def model() -> ExactRows:
    return ExactRows(slots=3, rows=6, cells=4)


def frame(model: ExactRows, *cells: Any) -> np.ndarray:
    return model.encode_states(np.array([model.vocabulary.state_ids(cells)]))[0]


def test_what_cells_reach_is_read_and_nothing_else(model: ExactRows) -> None:
    reader, heap = HeapReader(model), encode_heap(model, ROWS)
    states: list[tuple[Cells, Any]] = [((Reference(1), 7), heap), ((Reference(2),), heap), ((5, None), heap)]
    assert reader.rows(states) == [(ROWS[0], ROWS[1], NOT_REACHED, ROWS[3]), (*[NOT_REACHED] * 2, ROWS[2]), ()]


def test_rows_that_refer_to_each_other_are_read_once(model: ExactRows) -> None:
    rows = (Row("list", (Reference(1),)), Row("list", (Reference(0), 4)))
    [found] = HeapReader(model).rows([((Reference(0),), encode_heap(model, rows))])
    assert found == rows


def test_an_array_is_decoded_once_however_many_states_share_it(
    model: ExactRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, heap, decoded = HeapReader(model), encode_heap(model, ROWS), list[int]()
    real = model.decode_states

    def counted(latents: np.ndarray) -> Any:
        decoded.append(len(latents))
        return real(latents)

    monkeypatch.setattr(model, "decode_states", counted)
    reader.rows([((Reference(1),), heap)] * 5)
    reader.rows([((Reference(0), Reference(2)), heap)])
    assert sum(decoded) == 4


def test_reclaiming_keeps_what_frames_reach_bit_for_bit_and_frees_the_rest(model: ExactRows) -> None:
    reader, heap = HeapReader(model), encode_heap(model, ROWS)
    frames = [frame(model, 5, None, Reference(3)), frame(model, Reference(1), 2, None)]
    after, kept = reader.reclaimed(frames, heap)
    assert decode_heap(model, kept) == (ROWS[0], Row("list", (1, Reference(0), Reference(2))), ROWS[3])
    np.testing.assert_array_equal(kept.next, reference_latent(model, 3))
    np.testing.assert_array_equal(kept.rows[0], heap.rows[0])
    values = [[model.vocabulary.value(token) for token in ids[:-1]] for ids in model.decode_states(np.stack(after))[0]]
    assert values == [[5, None, Reference(2)], [Reference(1), 2, None]]


def test_where_every_row_is_in_use_none_is_free(model: ExactRows) -> None:
    rows = tuple(Row("list", (Reference(place + 1),) if place < 5 else ()) for place in range(6))
    _, kept = HeapReader(model).reclaimed([frame(model, Reference(0), None, None)], encode_heap(model, rows))
    assert decode_heap(model, kept) == rows
    assert model.vocabulary.value(int(model.decode_states(kept.next[None, None])[0][0, 0])) is None
    assert python_value(Reference(0), rows) == [[[[[[]]]]]]
