"""The regulariser sees what it must see, and the loss falls where the decoder is right."""

from __future__ import annotations

import numpy as np
import torch

from grammar.sample import Mixture, sample
from latent_repl.model.config import LatentConfig
from latent_repl.model.interpreter import LatentInterpreter
from training.losses import LOST, Weights, losses, mmd, mmd_to_prior


def test_mmd_tells_collapse_from_the_prior_even_in_many_dimensions() -> None:
    torch.manual_seed(0)
    for dimensions in (2, 32, 100):
        collapsed = float(mmd_to_prior(torch.zeros(256, dimensions)))
        at_prior = float(mmd_to_prior(torch.rand(256, dimensions) * 2 - 1))
        assert collapsed > 20 * at_prior


def test_mmd_of_a_sample_with_itself_is_zero() -> None:
    sample = torch.rand(64, 8)
    assert abs(float(mmd(sample, sample))) < 1e-5


def test_a_slot_keeps_a_small_drift_and_one_that_has_gone_wrong_is_put_right() -> None:
    torch.manual_seed(0)
    sizes = {"state_latent": 8, "code_latent": 16, "width": 32, "heads": 2, "feed_forward": 32, "executor_layers": 1}
    model = LatentInterpreter(LatentConfig(slots=4, limit=9, maximum=9, **sizes))
    with torch.no_grad():
        model.executor.gate.weight.zero_()
        model.executor.gate.bias.fill_(-10.0)  # every slot keeps its latent; the status, always written, goes wrong
    chain = sample(np.random.default_rng(0), Mixture(maximum=9, live=(2, 3)), model.vocabulary, count=8, steps=1)
    state = torch.from_numpy(chain.states[0])
    line, target, status = (torch.from_numpy(array[0]) for array in (chain.lines, chain.targets, chain.status))
    drift = torch.zeros(8, 5, 8)
    drift[:, 0], drift[:, 1] = 0.5 * LOST**0.5, 2 * LOST**0.5
    _, terms = losses(model, state, line, state, target, status, drift, Weights(noise=0.0))
    inside = (model.state_vae.latent_table()[state] + drift).abs().amax(-1) < 1  # noise keeps latents in the box
    assert torch.allclose(terms["drift"][:, 0][inside[:, 0]], drift[:, 0][inside[:, 0]], atol=1e-5)
    assert not terms["drift"][:, 1][inside[:, 1]].any()
    assert not terms["drift"][:, 2].any()
