"""Drift, on networks of which the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.load import load
from training.evaluation.drift import drift, neighbour_distance


@pytest.fixture(scope="module")
def model() -> NumpyInterpreter:
    loaded = load("base")
    assert isinstance(loaded, NumpyInterpreter)
    return loaded


def test_a_machine_that_keeps_everything_does_not_drift(
    model: NumpyInterpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "execute", lambda states, codes: states)
    figures = drift(model, steps=5, count=10)
    assert list(figures["rewritten"]) == ["1", "2", "4", "5"]
    assert all(row == {"exact": 1.0, "distance": 0.0} for rows in figures.values() for row in rows.values())


def test_a_machine_that_moves_latents_by_one_neighbour_drifts_by_one(
    model: NumpyInterpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = np.zeros(model.config.state_latent, np.float32)
    step[0] = neighbour_distance(model)
    monkeypatch.setattr(model, "execute", lambda states, codes: states + step)
    figures = drift(model, steps=2, count=10)
    assert figures["untouched"]["1"]["distance"] == pytest.approx(1)
    assert figures["untouched"]["2"]["distance"] == pytest.approx(2)
