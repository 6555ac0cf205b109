"""Exact rows survive the way to a heap of latents and back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.values import CHARACTERS, NOTHING, Reference, Row
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.rows import decode_heap, empty_heap, encode_heap


class OneHot:
    """States as one-hot rows."""

    vocabulary = Vocabulary.fresh(slots=2, limit=9, rows=4)
    config = SimpleNamespace(rows=4, cells=5)

    def encode_states(self, ids: np.ndarray) -> np.ndarray:
        return np.eye(len(self.vocabulary), dtype=np.float32)[ids]

    def decode_states(self, latents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return latents.argmax(-1), latents.max(-1)


MODEL: Any = OneHot()
cells = st.integers(-9, 9) | st.booleans() | st.sampled_from(CHARACTERS) | st.just(NOTHING)
kinds = st.sampled_from(["str", "list", "tuple", "dict", "int"])
rows = st.builds(Row, kinds, st.lists(cells | st.integers(0, 3).map(Reference), max_size=5).map(tuple))


@given(st.lists(rows, max_size=4))
def test_rows_survive_the_way_there_and_back(heap: list[Row]) -> None:
    assert repr(decode_heap(MODEL, encode_heap(MODEL, heap))) == repr(tuple(heap))


def test_a_heap_without_rows_has_all_of_them_free() -> None:
    assert decode_heap(MODEL, empty_heap(MODEL)) == ()
    assert len({id(row) for row in empty_heap(MODEL).rows}) == 1


def test_more_than_a_heap_holds_is_refused() -> None:
    for heap in ([Row("list")] * 5, [Row("list", (1,) * 6)]):
        with pytest.raises(ValueError, match="4 rows of 5 cells"):
            encode_heap(MODEL, heap)
