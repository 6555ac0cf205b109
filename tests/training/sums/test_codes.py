"""Codes are drawn from all of the box, and read at the point itself or as what it decodes to."""

from __future__ import annotations

import math

import pytest
import torch

from latent_repl.model.sums.network import SummandVAE, SumsConfig, SumsModel
from training.sums.codes import divergence, drawn_codes, entropy


@pytest.fixture
def vae() -> SummandVAE:
    torch.manual_seed(0)
    model = SumsModel(SumsConfig(limit=9, maximum=9, width=16, feed_forward=32, stochastic=True))
    assert isinstance(model.code_vae, SummandVAE)
    return model.code_vae


def test_the_divergence_is_least_for_what_fills_the_box() -> None:
    torch.manual_seed(0)
    draws = torch.randn(20_000, 1)
    at = {scale: float(divergence(scale * draws, torch.full_like(draws, math.log(scale)))) for scale in (0.1, 0.88, 3)}
    assert at[0.88] == pytest.approx(0, abs=0.03)
    assert at[0.1] > 1.5 and at[3] > 0.5


def test_the_entropy_is_that_of_all_points_together() -> None:
    sure = torch.eye(4) * 100
    assert float(entropy(sure)) == pytest.approx(math.log(4), abs=1e-4)
    assert float(entropy(sure[:1].repeat(4, 1))) == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_the_executor_reads_draws_at_first_and_means_in_the_end(vae: SummandVAE, spread: float) -> None:
    summands, first = torch.arange(19), vae.symbols
    read = drawn_codes(vae, summands, first, torch.tensor(0.0), torch.tensor(spread)).read
    assert torch.allclose(read, vae.latent_table()[first:]) == (spread == 0)


def test_a_mean_is_decoded_as_well_as_a_draw(vae: SummandVAE) -> None:
    with torch.no_grad():
        vae.to_scale.bias.fill_(1.0)  # so wide that hardly a draw is near its mean
    summands, first = torch.arange(19), vae.symbols
    logits = drawn_codes(vae, summands, first, torch.tensor(0.0), torch.tensor(0.0)).logits
    of_means = vae.logits(vae.latent_table()[first:])[:, first:]
    assert torch.allclose(logits[19:], of_means, atol=1e-5) and not torch.allclose(logits[:19], of_means, atol=1e-2)


def test_a_gradient_reaches_the_decoder_through_what_is_read(vae: SummandVAE) -> None:
    with torch.no_grad():
        vae.to_latent.weight.mul_(10)
    read = vae.read(torch.rand(30, 2))
    (gradient,) = torch.autograd.grad(read.square().sum(), [vae.from_latent.weight])
    assert gradient.abs().max() > 0
