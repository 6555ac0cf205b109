"""What is read of states: rows beside the values, and messages in Python's words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from latent_repl.language.program import CoreLine, Program, Slot
from latent_repl.language.values import Reference, Row
from latent_repl.model.load import load
from latent_repl.model.rows import encode_heap
from latent_repl.reading import Reader
from latent_repl.running import Frame, Running
from tests.latent_repl.exact_rows import ExactRows

ROWS = (Row("str", ("a", "b")), Row("list", (1, Reference(0))))


@pytest.fixture(scope="module")
def model() -> ExactRows:
    return ExactRows(slots=3, rows=6, cells=4)


def running(model: ExactRows, *cells: Any) -> Running:
    [latents] = model.encode_states(np.array([model.vocabulary.state_ids(cells)]))
    program = Program("", (), (1,), 0, frozenset(), {}, {})
    return Running(program, [Frame(latents)], heap=encode_heap(model, ROWS))


def test_a_state_is_read_with_the_rows_that_it_refers_to(model: ExactRows) -> None:
    row = running(model, Reference(1), 5, None)
    [decoded] = Reader(model).states(row.frame.latents[None], [row.heap])
    assert decoded.values == (Reference(1), 5, None)
    assert decoded.rows == ROWS
    assert decoded.status == "ok"


def test_slots_are_read_as_python_values(model: ExactRows) -> None:
    rows = [running(model, Reference(1), True, None), running(model, 3, Reference(0), None)]
    assert Reader(model).values([(row, (Slot(0), Slot(1))) for row in rows]) == [[[1, "ab"], True], [3, "ab"]]


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        (CoreLine(Slot(2), "+", Slot(0), Slot(1)), "TypeError", 'can only concatenate list (not "int") to list'),
        (CoreLine(Slot(2), "[]", Slot(0), 7), "IndexError", "list index out of range"),
        (CoreLine(Slot(2), "//", Slot(1), 0), "ZeroDivisionError", "division by zero"),
        (CoreLine(Slot(2), "+", Slot(0), Slot(0)), "MemoryError", "a row holds at most 4 values"),
        (CoreLine(Slot(2), "*", Slot(1), 999), "OverflowError", "outside the range of this checkpoint"),
    ],
)
def test_a_failed_step_is_told_in_pythons_words(model: ExactRows, line: CoreLine, status: str, said: str) -> None:
    kind, message = Reader(model).message(running(model, Reference(1), 5, None), line, status)
    assert kind == status and said in message


def test_a_checkpoint_without_rows_has_none_to_read() -> None:
    sums = load("sums-100d")
    reader = Reader(sums)
    assert reader.heaps is None
    ids = np.array([sums.vocabulary.state_ids([7] + [None] * (sums.config.slots - 1))])
    [decoded] = reader.states(sums.encode_states(ids), [None])
    assert (decoded.values[0], decoded.rows) == (7, ())
