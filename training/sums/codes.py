"""The codes of a step of training: of a plain VAE with noise on its latents, of a stochastic one drawn from the box.

A code space has no holes where every point of the box means a line, to the executor the same one as to the decoder, and
where lines share the box evenly, near ones near each other:

    divergence    what the encoder says of all summands together has to be uniform in the box; a dimension that is not
                  needed is left as it is, so that few are used, along which the summands come to lie in order
    filling       draws of all summands together are spread as uniform points are, by MMD
    coverage      uniform points decode to all summands alike
    spread        the executor reads draws of the codes at first, for order, and later their means: all it will meet
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from latent_repl.model.network.vae import StateVAE
from latent_repl.model.sums.network import SummandVAE
from training.losses import mmd_to_prior, noisy

# Points of the box that are decoded in a step, and latents in a sample of the regulariser; more slows it. Chosen.
UNIFORM, POOLED = 313, 64


class Codes(NamedTuple):
    """What the executor reads of B summands (B, C), what the decoder makes of codes of every number in turn (M, N): one
    of each, or a draw and then the mean, which a wide code could leave to another; and how far from the uniform box
    codes are: latents by MMD, draws by MMD, each by its divergence, and what uniform points decode to by its entropy,
    negated."""

    read: Tensor
    logits: Tensor
    mmd: Tensor
    filling: Tensor
    divergence: Tensor
    coverage: Tensor


def drawn_codes(
    vae: StateVAE, summands: Int[Tensor, " B"], first: int, noise: Float[Tensor, ""], spread: Float[Tensor, ""]
) -> Codes:
    """Return a step's codes; first: the id of the first number. spread: of how many scales the executor's are drawn."""
    if not vae.to_latent.weight.requires_grad:
        return _held(vae, summands, first, noise)
    if isinstance(vae, SummandVAE):
        return _stochastic(vae, summands, first, noise, spread)
    codes = vae.latent_table()[first:]
    pooled = codes[torch.randint(len(codes), (POOLED,), device=codes.device)]
    logits, none = vae.logits(noisy(codes, noise))[:, first:], torch.zeros_like(noise)
    return Codes(noisy(codes[summands], noise), logits, mmd_to_prior(pooled), none, none, none)


def _held(vae: StateVAE, summands: Int[Tensor, " B"], first: int, noise: Float[Tensor, ""]) -> Codes:
    """Return the codes of a VAE that stands still; what is to be learnt of it is nothing."""
    codes, none = vae.latent_table()[first:], torch.zeros_like(noise)
    return Codes(noisy(codes[summands], noise), codes.new_zeros(0, len(codes)), none, none, none, none)


def _stochastic(
    vae: SummandVAE, summands: Int[Tensor, " B"], first: int, noise: Float[Tensor, ""], spread: Float[Tensor, ""]
) -> Codes:
    means, scales = (each[first:] for each in vae.posterior())
    away = scales.exp() * torch.randn_like(means)
    points, uniform = torch.tanh(means + away), 2 * torch.rand(UNIFORM, means.shape[1], device=means.device) - 1
    own = torch.cat([points, noisy(torch.tanh(means), noise)])
    logits = vae.logits(torch.cat([own, uniform]))[:, first:]
    logits, anywhere = logits.split([len(own), len(uniform)])
    read = torch.tanh(means + spread * away)[summands]
    return Codes(
        noisy(read, noise * (1 - spread)),
        logits,
        torch.zeros_like(noise),
        mmd_to_prior(points),
        divergence(means + away, scales),
        -entropy(anywhere),
    )


def divergence(drawn: Float[Tensor, "N C"], scales: Float[Tensor, "N C"]) -> Float[Tensor, ""]:
    """Return the mean Kullback-Leibler divergence, in nats, of Gaussians from what tanh makes uniform in the box.

    drawn: one draw from each; scales: logarithms of the standard deviations. The uniform's density before the tanh is
    1 / (2 cosh(x)^2), of which one draw is the estimate. Source: Kingma and Welling, 2014, with this prior.
    """
    cosh = drawn.abs() + nn.functional.softplus(-2 * drawn.abs()) - math.log(2)
    own = scales + 0.5 * math.log(2 * math.pi * math.e)
    return (2 * cosh + math.log(2) - own).sum(-1).mean()


def entropy(logits: Float[Tensor, "N A"]) -> Float[Tensor, ""]:
    """Return the entropy, in nats, of what N points decode to all together."""
    return torch.special.entr(logits.softmax(-1).mean(0)).sum()
