"""A point agrees where the executor does what the line decoded from it says."""

from __future__ import annotations

import numpy as np
import pytest

from grammar.core_lines.sample import Mixture, sample
from latent_repl.language.program import CoreLine, Slot
from latent_repl.language.values import Cells
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.interface import Array
from latent_repl.model.load import load
from training.evaluation.agreement import NOISES, agreement, agreement_figures, perplexity

COUNT = 20


@pytest.fixture(scope="module")
def model() -> NumpyInterpreter:
    loaded = load("base")
    assert isinstance(loaded, NumpyInterpreter)
    return loaded


@pytest.fixture(scope="module")
def drawn(model: NumpyInterpreter) -> tuple[Array, list[Cells]]:
    """Encoded lines, and states whose every slot is live."""
    chain = sample(np.random.default_rng(0), Mixture(live=(12, 12)), model.vocabulary, count=COUNT, steps=1)
    states = [tuple(model.vocabulary.value(each) for each in row[:-1]) for row in chain.states[0].tolist()]
    return model.encode_code(chain.lines[0]), states


def test_encoded_lines_agree(model: NumpyInterpreter, drawn: tuple[Array, list[Cells]]) -> None:
    assert agreement(model, *drawn) == {"lines": 1.0, "agreement": 1.0}


def test_points_that_decode_to_another_line_than_is_executed_do_not_agree(
    model: NumpyInterpreter, drawn: tuple[Array, list[Cells]], monkeypatch: pytest.MonkeyPatch
) -> None:
    codes, states = drawn
    monkeypatch.setattr(model, "code_logits", lambda points: model.code_vae.logits(codes[[0] * len(points)]))
    assert agreement(model, codes, states)["agreement"] < 0.3


def test_the_box_is_measured_in_shares(model: NumpyInterpreter, drawn: tuple[Array, list[Cells]]) -> None:
    figures = agreement_figures(model, *drawn)
    assert list(figures["noise"]) == [str(noise) for noise in NOISES]
    assert figures["noise"]["0.05"]["kept"] > figures["noise"]["0.5"]["kept"]
    assert 1 <= figures["uniform"]["perplexity"] <= COUNT


def test_perplexity_counts_lines_by_how_frequent_they_are() -> None:
    first, second = (CoreLine(Slot(0), "+", Slot(1), number) for number in (1, 2))
    assert perplexity([first, second, first, second, None]) == pytest.approx(2)
    assert perplexity([first] * 5) == pytest.approx(1)
