"""Figures of a code space: order, reading, and what uniform points decode to."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from latent_repl.model.network.backend import freeze
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from training.codes.figures import code_figures, main


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    torch.manual_seed(0)
    sizes: dict[str, Any] = {
        "slots": 3,
        "limit": 20,
        "maximum": 20,
        "state_latent": 8,
        "code_latent": 16,
        "width": 32,
        "heads": 2,
    }
    model = LatentInterpreter(LatentConfig(**sizes, feed_forward=32, trunk_width=32, trunk_layers=1))
    return code_figures(freeze(model), draws=2, lines=200, points=200)


def test_random_weights_read_nothing_and_are_in_no_order(figures: dict[str, float]) -> None:
    assert figures["misread"] == 1
    assert abs(figures["inside"]) < 1 and abs(figures["everywhere"]) < 1
    assert 0 <= figures["lines"] <= 1


@pytest.mark.slow
def test_the_shipped_space_is_read_and_in_some_order(capsys: pytest.CaptureFixture[str]) -> None:
    main(["base"])
    head, _, row = capsys.readouterr().out.splitlines()
    told = dict(zip(head.split(" | ")[1:], row.split(" | ")[1:], strict=True))
    assert float(told["misread"]) <= 0.001 and float(told["inside"]) > 0.1
