"""A step on rows: arithmetic is what it is without them, what moves changes one slot and the heap."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_repl.errors import LatentShapeError
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.network.backend import TorchInterpreter, freeze
from latent_repl.model.network.interpreter import LatentInterpreter
from latent_repl.model.rows import empty_heap


def deciding(model: LatentInterpreter, **classes: int) -> NumpyInterpreter:
    """Return the model with a mover that always chooses these classes, and the first of all other fields."""
    assert model.mover is not None
    with torch.no_grad():
        model.mover.heads.weight.zero_()
        model.mover.heads.bias.zero_()
        first = 0
        for name, size in model.mover.sizes.items():
            model.mover.heads.bias[first + classes.get(name, 0)] = 1
            first += size
    return freeze(model)


def given(model: NumpyInterpreter, lines: int = 3) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    states = model.encode_states(np.array([model.vocabulary.state_ids([5, 7, None])] * lines))
    return states, generator.uniform(-1, 1, (lines, model.config.code_latent)).astype(np.float32)


def test_what_counts_is_executed_as_it_is_without_rows(small_rows: LatentInterpreter) -> None:
    model = deciding(small_rows, moves=0)
    states, codes = given(model)
    heaps = [empty_heap(model)] * 3
    after, heaps_after = model.execute_rows(states, codes, heaps)
    np.testing.assert_allclose(after, model.execute(states, codes), atol=1e-6)
    assert list(heaps_after) == heaps


def test_what_moves_changes_its_target_its_status_and_the_heap_alone(small_rows: LatentInterpreter) -> None:
    model = deciding(small_rows, moves=1, value=3, writes=2)
    states, codes = given(model)
    heap = empty_heap(model)
    after, (first, *_) = model.execute_rows(states, codes, [heap] * 3)
    changed = (after != states).any(-1)
    assert (changed[:, :-1].sum(1) == 1).all()
    assert (after[changed[:, :-1].nonzero()] == heap.next).all()
    assert first.rows[0] is not heap.rows[0] and first.rows[1:] == heap.rows[1:]


def test_torch_moves_the_same_rows(small_rows: LatentInterpreter) -> None:
    model = deciding(small_rows, moves=1, value=3, writes=2)
    states, codes = given(model)
    heaps = [empty_heap(model)] * 3
    np.testing.assert_array_equal(
        model.execute_rows(states, codes, heaps)[0], TorchInterpreter(small_rows).execute_rows(states, codes, heaps)[0]
    )


def test_a_checkpoint_without_rows_takes_no_heap(small: LatentInterpreter) -> None:
    model = freeze(small)
    with pytest.raises(LatentShapeError, match="has no rows"):
        model.execute_rows(*given(model), [])
