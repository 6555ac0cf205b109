"""A code latent is read as the line that it decodes to, and as some line where it decodes to none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from latent_repl.language.operators import TABLE
from latent_repl.language.program import CoreLine, Slot
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.inference.reading import operands_of
from latent_repl.model.load import load


@pytest.fixture(scope="module")
def model() -> NumpyInterpreter:
    model = load("base")
    assert isinstance(model, NumpyInterpreter)
    return model


@pytest.mark.parametrize(
    ("line", "addresses", "values"),
    [
        (CoreLine(Slot(2), "%", Slot(0), Slot(11)), [0, 11], []),
        (CoreLine(Slot(0), "<", Slot(3), -74), [3, -1], [-74]),
        (CoreLine(Slot(5), "max", True, 999), [-1, -1], [True, 999]),
        (CoreLine(Slot(5), "neg", Slot(4)), [4, -1], [None]),
        (CoreLine(Slot(1), "del"), [-1, -1], [None, None]),
        (CoreLine(Slot(1), "append", "a"), [-1, -1], ["a", None]),
    ],
)
def test_a_line_is_read_as_it_was_written(
    model: NumpyInterpreter, line: CoreLine, addresses: list[int], values: list[Any]
) -> None:
    [reading] = model.executor.read(model.encode_code(np.array([model.vocabulary.core_line_ids(line)])))
    assert (reading.target, model.vocabulary.operators[reading.operator]) == (line.target.index, line.operator)
    assert reading.addresses == addresses
    literals = [latent for address, latent in zip(addresses, reading.literals, strict=True) if address < 0]
    for value, latent in zip(values, literals, strict=True):
        assert (latent == model.encode_states(np.array([[model.vocabulary.value_id(value)]]))[0, 0]).all()


def test_every_point_of_the_box_asks_for_a_line_that_can_be_said(model: NumpyInterpreter) -> None:
    codes = np.random.default_rng(0).uniform(-1, 1, (200, model.config.code_latent)).astype(np.float32)
    told = model.executor.reader.words(codes)
    lines = [model.vocabulary.core_line(words) for words in told.tolist()]
    assert all(line is not None for line in lines)
    likeliest, agreed = model.code_logits(codes).argmax(-1).tolist(), 0
    for decoded, words, line in zip(likeliest, told.tolist(), lines, strict=True):
        assert line is not None
        taken = 2 + TABLE[str(line.operator)].arity
        assert words[taken:] == [model.vocabulary.value_id(None)] * (4 - taken)
        legal = all(
            model.vocabulary.tokens[word] in model.vocabulary.places[place] for place, word in enumerate(decoded)
        )
        if legal and model.vocabulary.value_id(None) not in decoded[:taken]:
            assert decoded[:taken] == words[:taken]
            agreed += 1
    assert agreed > 100


def test_operands_are_the_latents_of_slots_or_of_literals(model: NumpyInterpreter) -> None:
    line = CoreLine(Slot(0), "+", Slot(1), 7)
    readings = model.executor.read(model.encode_code(np.array([model.vocabulary.core_line_ids(line)])))
    states = np.random.default_rng(0).uniform(-1, 1, (1, model.config.slots + 1, model.config.state_latent))
    [[left, right]] = operands_of(states, readings)
    assert (left == states[0, 1]).all()
    assert (right == readings[0].literals[1]).all()


def test_a_literal_does_what_a_variable_of_its_value_does(model: NumpyInterpreter) -> None:
    """To the bit: so a pair of operands is one case, whichever form its line has."""
    vocabulary, generator = model.vocabulary, np.random.default_rng(1)
    for left, right in generator.integers(-999, 1000, (20, 2)).tolist():
        states = model.encode_states(
            np.array([vocabulary.state_ids([None, left, right, *[None] * (model.config.slots - 3)])])
        )
        forms = [
            CoreLine(Slot(0), "%", *operands) for operands in ((Slot(1), Slot(2)), (Slot(1), right), (left, right))
        ]
        ends = [model.execute(states, model.encode_code(np.array([vocabulary.core_line_ids(line)]))) for line in forms]
        assert all((end == ends[0]).all() for end in ends)
