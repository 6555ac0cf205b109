"""The configuration for transformers, and the layers it asks for."""

from __future__ import annotations

import torch
from transformers.models.t5.modeling_t5 import T5DenseGatedActDense

from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.trunk import Gelu


def test_the_activation_is_the_tanh_form_of_gelu() -> None:
    x = torch.linspace(-6, 6, 101)
    torch.testing.assert_close(Gelu()(x), torch.nn.functional.gelu(x, approximate="tanh"), atol=1e-6, rtol=1e-5)


def test_stack_and_trunk_have_the_declared_layers_and_the_activation() -> None:
    config = LatentConfig(width=32, heads=2, feed_forward=64, trunk_width=48, trunk_layers=3)
    for layers, count, width in ((config.stack(2), 2, 32), (config.trunk(), 3, 48)):
        gated = [module for module in layers.modules() if isinstance(module, T5DenseGatedActDense)]
        assert len(gated) == count
        assert all(isinstance(module.act, Gelu) and module.wi_0.in_features == width for module in gated)


def test_a_configuration_survives_its_dictionary() -> None:
    config = LatentConfig(slots=5, maximum=9)
    assert config.minimum == -9
    assert LatentConfig.from_dict(config.to_dict()).slots == 5
