"""Core lines as code latents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from latent_repl import coding
from latent_repl.coding import LineEncoder
from latent_repl.language.program import CoreLine, Slot
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.load import load


@pytest.fixture(scope="module")
def model() -> NumpyInterpreter:
    loaded = load("base")
    assert isinstance(loaded, NumpyInterpreter)
    return loaded


def line(right: Any) -> CoreLine:
    return CoreLine(Slot(0), "+", Slot(1), right)


def test_lines_are_what_the_model_encodes_and_bare_codes_are_as_they_are(model: NumpyInterpreter) -> None:
    bare = np.full(model.config.code_latent, 0.5, np.float32)
    first, again, second = LineEncoder(model)([line(5), bare, line(5)])
    np.testing.assert_array_equal(first, model.encode_code(np.array([model.vocabulary.core_line_ids(line(5))]))[0])
    assert (again == bare).all() and (second == first).all()


def test_lines_that_python_holds_equal_are_told_apart(model: NumpyInterpreter) -> None:
    encoder, one, true = LineEncoder(model), line(1), line(True)
    assert one == true
    first, second = encoder([one, true])
    assert (first != second).any()
    assert (encoder([true, one]) == np.stack([second, first])).all()


def test_a_line_is_encoded_once(model: NumpyInterpreter, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, lines = LineEncoder(model), [line(number) for number in range(4)]
    codes = encoder(lines)
    monkeypatch.setattr(model, "encode_code", None)
    assert (encoder([line(number) for number in range(4)]) == codes).all()


def test_more_lines_than_are_kept_are_encoded_all_the_same(
    model: NumpyInterpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coding, "LINES_KEPT", 3)
    encoder, lines = LineEncoder(model), [line(number) for number in range(8)]
    whole = encoder(lines)
    assert all((encoder([each])[0] == code).all() for each, code in zip(lines, whole, strict=True))
    assert (encoder(lines[2:]) == whole[2:]).all()
