"""A test double of a model with rows: a latent is a token's number, and the exact table takes each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from latent_repl.language.oracle.steps import Limits, step_on_rows
from latent_repl.language.values import Reference, Row
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.heap import Heap
from latent_repl.model.memory import Memory
from latent_repl.model.rows import decode_heap, encode_heap
from latent_repl.model.shape import Shape

SIZES: dict[str, Any] = dict.fromkeys([field.name for field in fields(Shape) if field.type == "int"], 1)


class ExactRows:
    """A model that is never wrong; executed counts its steps."""

    def __init__(self, *, slots: int = 12, limit: int = 999, rows: int = 128, cells: int = 64) -> None:
        sizes = SIZES | {"slots": slots, "limit": limit, "maximum": limit, "rows": rows, "cells": cells}
        self.config, self.parameters, self.executed = Shape(**sizes, number_features=True), 0, 0
        self.vocabulary, self.memory = Vocabulary.fresh(slots, limit, rows), Memory[Any, Any](0)

    def encode_states(self, ids: Int[np.ndarray, "B S"]) -> Float[np.ndarray, "B S D"]:
        return ids[..., None].astype(np.float32)

    def state_logits(self, latents: Float[np.ndarray, "*N D"]) -> Float[np.ndarray, "*N A"]:
        return -np.square(latents - np.arange(len(self.vocabulary), dtype=np.float32))

    def decode_states(self, latents: Float[np.ndarray, "B S D"]) -> tuple[Int[np.ndarray, "B S"], Any]:
        return np.rint(latents[..., 0]).astype(int), np.ones(latents.shape[:-1], np.float32)

    def encode_code(self, ids: Int[np.ndarray, "B T"]) -> Float[np.ndarray, "B C"]:
        return ids.astype(np.float32)

    def code_logits(self, latents: Float[np.ndarray, "B C"]) -> Float[np.ndarray, "B T A"]:
        return -np.square(latents[..., None] - np.arange(len(self.vocabulary), dtype=np.float32))

    def execute(self, states: Float[np.ndarray, "B S D"], codes: Float[np.ndarray, "B C"]) -> Any:
        return self.execute_rows(states, codes, [encode_heap(self, ())] * len(states))[0]

    def execute_rows(
        self,
        states: Float[np.ndarray, "B S D"],
        codes: Float[np.ndarray, "B C"],
        heaps: Sequence[Heap],
        *,
        snapped: bool = False,
    ) -> tuple[Float[np.ndarray, "B S D"], tuple[Heap, ...]]:
        self.executed += len(states)
        done = [self._step(*each) for each in zip(states, codes, heaps, strict=True)]
        return self.encode_states(np.array([ids for ids, _ in done])), tuple(heap for _, heap in done)

    def _step(self, state: np.ndarray, code: np.ndarray, heap: Heap) -> tuple[list[int], Heap]:
        vocabulary, config = self.vocabulary, self.config
        line = vocabulary.core_line(np.rint(code).astype(int).tolist())
        assert line is not None
        values = tuple(vocabulary.value(token) for token in np.rint(state[:-1, 0]).astype(int).tolist())
        rows = decode_heap(self, heap)
        limits = Limits(config.minimum, config.maximum, config.cells, config.rows)
        after, rows_after, status = step_on_rows(line, values, rows, limits)
        return vocabulary.state_ids(after, status), self._changed(heap, rows, rows_after)

    def _changed(self, heap: Heap, rows: Sequence[Row], rows_after: Sequence[Row]) -> Heap:
        """Return the heap with new arrays in the place of the rows that have changed, and no others."""
        # By their text: a row of True is not one of 1.
        before, after = list(map(repr, rows)), list(map(repr, rows_after))
        if before == after:
            return heap
        made = encode_heap(self, rows_after)
        kept = [row < len(before) and before[row] == after[row] for row in range(len(after))]
        arrays = [old if keep else new for old, new, keep in zip(heap.rows, made.rows, kept, strict=False)]
        return Heap(made.next, (*arrays, *made.rows[len(after) :]))


def reference_latent(model: ExactRows, index: int) -> np.ndarray:
    """Return the latent of a reference."""
    return model.encode_states(np.array([[model.vocabulary.value_id(Reference(index))]]))[0, 0]
