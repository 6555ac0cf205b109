"""The regulariser sees what it must see, and the loss falls where the decoder is right."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from grammar.core_lines.sample import Mixture, sample
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from training.losses import LossWeights, losses, mmd, mmd_to_prior


def test_mmd_tells_collapse_from_the_prior_even_in_many_dimensions() -> None:
    torch.manual_seed(0)
    for dimensions in (2, 32, 100):
        collapsed = float(mmd_to_prior(torch.zeros(256, dimensions)))
        at_prior = float(mmd_to_prior(torch.rand(256, dimensions) * 2 - 1))
        assert collapsed > 20 * at_prior


def test_mmd_of_a_sample_with_itself_is_zero() -> None:
    sample = torch.rand(64, 8)
    assert abs(float(mmd(sample, sample))) < 1e-5


def test_a_slot_keeps_its_drift_and_a_target_that_decodes_wrong_is_put_right() -> None:
    torch.manual_seed(0)
    sizes: dict[str, Any] = {
        "state_latent": 8,
        "code_latent": 16,
        "width": 32,
        "heads": 2,
        "feed_forward": 32,
        "trunk_layers": 1,
    }
    model = LatentInterpreter(LatentConfig(slots=4, limit=9, maximum=9, **sizes))
    with torch.no_grad():
        model.executor.writes.bias.fill_(-100.0)  # every slot keeps its latent, so that no target gets its value
    chain = sample(np.random.default_rng(0), Mixture(maximum=9, live=(2, 3)), model.vocabulary, count=8, steps=1)
    before, after = (torch.from_numpy(state) for state in chain.states)
    line, target, status = (torch.from_numpy(array[0]) for array in (chain.lines, chain.targets, chain.status))
    drift = 0.1 * torch.rand(8, 5, 8) - 0.05
    _, terms = losses(model, before, line, after, target, status, drift, None, LossWeights(noise=0.0))
    inside = (model.state_vae.latent_table()[before] + drift).abs().amax(-1) < 1  # noise keeps latents in the box
    kept = inside & ~torch.nn.functional.one_hot(target, 5).bool()
    kept[:, -1] = False
    assert torch.allclose(terms["drift"][kept], drift[kept], atol=1e-5)
    place = target[:, None]
    changed = (before.gather(1, place) != after.gather(1, place))[:, 0]
    assert changed.any()
    assert not terms["drift"][torch.arange(8), target][changed].any()
