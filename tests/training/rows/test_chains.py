"""Programs on rows, followed beside exact execution."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from latent_repl.language.operators import TABLE
from latent_repl.language.oracle.steps import Limits, step_on_rows
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.heap import Heap
from latent_repl.model.memory import Memory
from latent_repl.model.rows import decode_heap, encode_heap
from training.rows.chains import FollowedProgram, follow

LIMITS = Limits(-130, 130, 4, 6)


class Exact:
    """A model whose latents are one-hot, whose code latents are ids, whose steps are exact but for `wrong` lines."""

    vocabulary = Vocabulary.fresh(slots=4, limit=130, rows=LIMITS.rows)
    config = SimpleNamespace(minimum=-130, maximum=130, cells=LIMITS.cells, rows=LIMITS.rows)

    parameters = 0

    def __init__(self, wrong: str = "") -> None:
        self.wrong, self.memory = wrong, Memory[Any, Any](0)

    def encode_states(self, ids: np.ndarray) -> np.ndarray:
        return np.eye(len(self.vocabulary), dtype=np.float32)[ids]

    def decode_states(self, latents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return latents.argmax(-1), latents.max(-1)

    def encode_code(self, ids: np.ndarray) -> np.ndarray:
        return ids

    def unused(self, *latents: np.ndarray) -> np.ndarray:
        raise AssertionError("programs are followed by ids")

    state_logits = code_logits = execute = unused

    def execute_rows(self, states: np.ndarray, codes: np.ndarray, heaps: Sequence[Heap]) -> tuple[Any, Any]:
        after, heaps_after = [], []
        for state, code, heap in zip(states, codes.tolist(), heaps, strict=True):
            line = self.vocabulary.core_line(code)
            assert line is not None
            values = tuple(self.vocabulary.value(each) for each in state.argmax(-1)[:-1].tolist())
            written, rows, status = step_on_rows(line, values, decode_heap(self, heap), LIMITS)
            if line.operator == self.wrong:
                written = (7,) * len(values)
            after.append(self.vocabulary.state_ids(written, status))
            heaps_after.append(encode_heap(self, rows))
        return self.encode_states(np.array(after)), tuple(heaps_after)


def test_an_exact_model_is_followed_to_the_end() -> None:
    model: Any = Exact()
    told = list(follow(model, count=4, steps=30, seed=0))
    assert len(told) == 120 and all(right for _, right in told)


def test_a_program_counts_until_its_first_wrong_line() -> None:
    model: Any = Exact(wrong="copy")
    assert [right for _, right in follow(model, count=4, steps=30, seed=0)] == [False] * 4


@pytest.mark.parametrize("seed", ["a", "b"])
def test_most_lines_of_a_program_end_well_and_many_operators_occur(seed: str) -> None:
    program = FollowedProgram(seed, Exact.vocabulary, LIMITS)
    drawn = [(program.draw(), program.status) for _ in range(200)]
    assert sum(status == "ok" for _, status in drawn) > 150
    assert len({line.operator for line, _ in drawn} & {*TABLE}) > 15
