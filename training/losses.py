"""The training objective: decode every step, keep latents where the encoders put them, fill the box evenly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from latent_repl.model.interpreter import LatentInterpreter

# Chosen: lines whose code is reconstructed in a step, and latents in an MMD sample; more of either slows the step.
RECONSTRUCTED, POOLED = 256, 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weight of each term, and the noise (standard deviation) added to every latent in training."""

    step: float = 1.0
    latent: float = 1.0
    gate: float = 0.2
    state: float = 0.2
    code: float = 0.2
    mmd: float = 0.05
    noise: float = 0.05


def mmd(x: Float[Tensor, "N D"], y: Float[Tensor, "M D"]) -> Float[Tensor, ""]:
    """Return the squared maximum mean discrepancy under five Gaussian kernels around the median distance.

    Source: Gretton et al., 2012; the biased estimate. The bandwidths are multiples of the pooled median, so the
    value still sees a total collapse at 32 dimensions and more.
    """
    pooled = torch.cat([x, y])
    squared = torch.cdist(pooled, pooled).square()
    median = squared.detach().median().clamp_min(1e-6)
    kernel = torch.stack([torch.exp(-squared / (median * scale)) for scale in (0.25, 0.5, 1.0, 2.0, 4.0)]).mean(0)
    n = len(x)
    return kernel[:n, :n].mean() + kernel[n:, n:].mean() - 2 * kernel[:n, n:].mean()


def mmd_to_prior(latents: Float[Tensor, "N D"]) -> Float[Tensor, ""]:
    """Return the MMD between latents and as many points drawn uniformly from [-1, 1].

    The post's prior is normal; tanh cannot reach it.
    """
    return mmd(latents, torch.rand_like(latents) * 2 - 1)


def regulariser(
    table: Float[Tensor, "A D"], executed: Float[Tensor, "N D"], labels: Int[Tensor, " N"], symbols: int
) -> Float[Tensor, ""]:
    """Return the MMD of encoder and executor outputs pooled in one batch.

    symbols: ids from here on are integers; executor outputs that stand for others are replaced by encoded integers.
    """
    encoded = table[torch.randint(symbols, len(table), (2, len(executed)), device=table.device)]
    occupied = (labels >= symbols)[:, None]
    return mmd_to_prior(torch.cat([encoded[0], torch.where(occupied, executed, encoded[1])]))


def noisy(latents: Tensor, deviation: float | Tensor) -> Tensor:
    """Return latents with Gaussian noise, still in [-1, 1]."""
    return (latents + deviation * torch.randn_like(latents)).clamp(-1, 1)


def unroll(
    model: LatentInterpreter, states: Float[Tensor, "B S D"], codes: Float[Tensor, "K B C"], deviation: float
) -> tuple[Float[Tensor, "K B S D"], Float[Tensor, "K B S"]]:
    """Return the state latents and gate logits of K steps, each fed by the output of the one before."""
    latents, gates = [], []
    for code in codes:
        states, gate = model.executor(noisy(states, deviation), model.code_vae.expand(noisy(code, deviation)))
        latents.append(states)
        gates.append(gate)
    return torch.stack(latents), torch.stack(gates)


def losses(
    model: LatentInterpreter,
    states: Int[Tensor, "L B S"],
    lines: Int[Tensor, "K B T"],
    targets: Int[Tensor, "K B"],
    status: Int[Tensor, "K B"],
    weights: Weights,
) -> tuple[Float[Tensor, ""], Mapping[str, Tensor]]:
    """Return the total loss and its terms for B chains of K lines, L = K + 1.

    `exact` of the terms is 1 where both the target slot and the status decode right.
    """
    steps, count = lines.shape[:2]
    table = model.state_vae.latent_table()
    codes = model.encode_code(lines.flatten(0, 1))
    latents, gates = unroll(model, table[states[0]], codes.view(steps, count, -1), weights.noise)
    wanted = states[1:]
    slots = wanted.shape[-1] - 1
    bystander = torch.randint(0, slots, targets.shape, device=targets.device)
    looked_at = torch.stack([targets, torch.full_like(targets, slots), bystander], dim=-1)
    picked = latents.gather(2, looked_at[..., None].expand(-1, -1, -1, latents.shape[-1]))
    labels = wanted.gather(2, looked_at)
    logits = model.state_logits(noisy(picked, weights.noise))
    step = nn.functional.cross_entropy(logits.flatten(0, 2), labels.flatten(), reduction="none").view(labels.shape)
    squared = (latents - table.detach()[wanted]).square().mean(-1)
    changed = squared.gather(2, looked_at[..., :2]).mean()
    opened = torch.zeros_like(gates).scatter_(2, targets[..., None], (status == 0).float()[..., None])
    gate = nn.functional.binary_cross_entropy_with_logits(gates[..., :slots], opened[..., :slots])
    everything = torch.arange(len(table), device=table.device)
    state = nn.functional.cross_entropy(model.state_logits(noisy(table, weights.noise)), everything)
    code_logits = model.code_logits(noisy(codes[:RECONSTRUCTED], weights.noise))
    code = nn.functional.cross_entropy(code_logits.flatten(0, 1), lines.flatten(0, 1)[:RECONSTRUCTED].flatten())
    symbols = len(model.vocabulary.symbols)
    spread = regulariser(table, picked[0, :POOLED, 0], labels[0, :POOLED, 0], symbols) + mmd_to_prior(codes[:POOLED])
    terms = {
        "step": step.mean(),
        "latent": changed + squared[..., :slots].mean(),
        "gate": gate * slots,
        "state": state,
        "code": code,
        "mmd": spread,
    }
    total = torch.stack([getattr(weights, name) * term for name, term in terms.items()]).sum()
    exact = (logits.argmax(-1) == labels)[..., :2].all(-1)
    return total, {**{name: term.detach() for name, term in terms.items()}, "exact": exact}
