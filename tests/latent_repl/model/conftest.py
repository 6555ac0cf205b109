from __future__ import annotations

import pytest
import torch

from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter


@pytest.fixture(scope="session")
def small() -> LatentInterpreter:
    """A model of the shipped architecture, small, with random weights such as half precision can hold."""
    torch.manual_seed(0)
    config = LatentConfig(
        slots=3, limit=20, maximum=9, state_latent=8, code_latent=16, width=32, heads=2, feed_forward=32,
        executor_layers=2, trunk_width=48, trunk_layers=2,
    )  # fmt: skip
    model = LatentInterpreter(config).eval()
    model.load_state_dict({name: tensor.half().float() for name, tensor in model.state_dict().items()})
    return model


@pytest.fixture
def small_rows() -> LatentInterpreter:
    """A small model with rows, with random weights; its latents have the size that the anchors have."""
    torch.manual_seed(0)
    config = LatentConfig(
        slots=3, limit=130, maximum=130, state_latent=48, code_latent=16, width=32, heads=2, feed_forward=32,
        executor_layers=1, trunk_width=48, trunk_layers=1, rows=4, cells=8, mover_width=32, mover_layers=1,
    )  # fmt: skip
    return LatentInterpreter(config).eval()
