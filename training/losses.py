"""The training objective: decode every step, keep latents where the encoders put them, fill the box evenly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from latent_repl.model.network.executor import Transition
from latent_repl.model.network.interpreter import LatentInterpreter
from training.readings import noisy, read, think

# Chosen: tokens and lines reconstructed in a step, and latents in an MMD sample; more of either slows the step.
RECONSTRUCTED, POOLED = 256, 128
# How much more a literal's distance from its value's place weighs than a misread address. Chosen.
LITERAL = 10.0
# Mean square by which a line may move a slot that it should not touch, before the slot counts as gone wrong. Chosen.
LOST = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weight of each term, and the noise (standard deviation) added to every latent in training.

    anchor: 0 lets the state encoder choose its places.
    """

    step: float = 1.0
    latent: float = 1.0
    gate: float = 0.2
    reading: float = 0.2
    pointer: float = 0.2
    state: float = 0.2
    code: float = 0.2
    mmd: float = 0.05
    anchor: float = 0.0
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


def operands(model: LatentInterpreter, lines: Int[Tensor, "B T"]) -> Bool[Tensor, "B S"]:
    """Return which slots, the status left out, are operands of each core line."""
    addresses = torch.arange(model.config.slots, device=lines.device) + model.vocabulary.ids["s0"]
    return (lines[:, 2:, None] == addresses).any(1)


def misread(model: LatentInterpreter, lines: Int[Tensor, "B T"], step: Transition, table: Tensor) -> Float[Tensor, ""]:
    """Return how far operands are from being read at their slots, and literals from the places of their values."""
    first, nowhere = model.vocabulary.ids["s0"], model.config.slots
    addresses = lines[:, 2:] - first
    literal = (addresses < 0) | (addresses >= nowhere)
    sought = torch.where(literal, nowhere, addresses)
    reading = nn.functional.cross_entropy(step.reading.flatten(0, 1), sought.flatten())
    away = (step.literals - table.detach()[lines[:, 2:]]).square().mean(-1)
    return reading + LITERAL * (away * literal).mean()


def pointing(
    pointer: Float[Tensor, "B S"], copies: Float[Tensor, " B"], there: Bool[Tensor, "B S"]
) -> Float[Tensor, ""]:
    """Return how much of the pointer misses the operands that hold the new value already, over lines where some do,
    and how far copying is from being done in just those lines."""
    missed = torch.logsumexp(pointer, -1) - torch.logsumexp(pointer.masked_fill(~there, -30.0), -1)
    some = there.any(-1).float()
    copying = nn.functional.binary_cross_entropy_with_logits(copies, some)
    return (missed * some).sum() / some.sum().clamp_min(1) + copying


def weighted(terms: Mapping[str, Tensor], weights: Weights) -> Float[Tensor, ""]:
    """Return the total of a loss's terms."""
    return torch.stack([getattr(weights, name) * term for name, term in terms.items()]).sum()


def losses(
    model: LatentInterpreter,
    before: Int[Tensor, "B S"],
    lines: Int[Tensor, "B T"],
    after: Int[Tensor, "B S"],
    targets: Int[Tensor, " B"],
    status: Int[Tensor, " B"],
    drift: Float[Tensor, "B S D"],
    anchors: Float[Tensor, "A D"] | None,
    weights: Weights,
) -> tuple[Float[Tensor, ""], Mapping[str, Tensor]]:
    """Return the total loss and its terms for B core lines from states before to states after.

    anchors: where the state encoder should put each token, if that is given (`training/anchors.py`).
    drift: how far each slot's latent is from where the encoder would put it, as earlier lines of the chain left it.
    Among the terms, `exact` is 1 where both the target slot and the status decode right, and `drift` is that after
    the line, to feed the next; a target that decodes wrong, and any other slot that has moved, is put right, so that
    the next line can be learnt from.
    """
    table = model.state_vae.latent_table()
    codes = model.encode_code(lines)
    code_vectors = model.code_vae.expand(noisy(codes, weights.noise))
    outcome = model.executor(noisy(table[before] + drift, weights.noise), code_vectors)
    latents, gates = outcome.latents, outcome.gate
    slots = after.shape[-1] - 1
    bystander = torch.randint(0, slots, targets.shape, device=targets.device)
    looked_at = torch.stack([targets, torch.full_like(targets, slots), bystander], dim=-1)
    picked = latents.gather(1, looked_at[..., None].expand(-1, -1, latents.shape[-1]))
    labels = after.gather(1, looked_at)
    logits = model.state_logits(noisy(picked, weights.noise))
    step = nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
    away = latents - table.detach()[after]
    squared = away.square().mean(-1)
    changed = squared.gather(1, looked_at[..., :2]).mean()
    opened = torch.zeros_like(gates).scatter_(1, targets[..., None], (status == 0).float()[..., None])
    gate = nn.functional.binary_cross_entropy_with_logits(gates, opened)
    there = (before[:, :slots] == labels[:, :1]) & (status == 0)[:, None] & operands(model, lines)
    some = torch.randint(len(table), (RECONSTRUCTED,), device=table.device)
    state = nn.functional.cross_entropy(model.state_logits(noisy(table[some], weights.noise)), some)
    code_logits = model.code_logits(noisy(codes[:RECONSTRUCTED], weights.noise))
    code = nn.functional.cross_entropy(code_logits.flatten(0, 1), lines[:RECONSTRUCTED].flatten())
    symbols = len(model.vocabulary.symbols)
    spread = regulariser(table, picked[:POOLED, 0], labels[:POOLED, 0], symbols) + mmd_to_prior(codes[:POOLED])
    terms = {
        "step": step,
        "latent": changed + squared[..., :slots].mean(),
        "gate": gate * slots,
        "reading": misread(model, lines, outcome, table),
        "pointer": pointing(outcome.pointer, outcome.copies, there),
        "state": state,
        "code": code,
        "mmd": spread,
        "anchor": torch.zeros_like(state) if anchors is None else (table - anchors).square().mean(),
    }
    right = (logits.argmax(-1) == labels)[..., :2]
    kept = (away - drift).square().mean(-1) < LOST
    kept = kept.scatter(1, targets[:, None], right[:, :1])
    left = {"exact": right.all(-1), "drift": torch.where(kept[..., None], away, 0).detach()}
    return weighted(terms, weights), {**{name: term.detach() for name, term in terms.items()}, **left}


def pair_losses(
    model: LatentInterpreter,
    table: Float[Tensor, "A D"],
    lines: Int[Tensor, "B T"],
    operands: Int[Tensor, "B K"],
    results: Int[Tensor, "B 2"],
    weights: Weights,
) -> tuple[Float[Tensor, ""], Mapping[str, Tensor]]:
    """Return the loss and its terms for the arithmetic alone of B core lines, operands and results given as value ids.

    table: the latents of all active tokens, which stand still meanwhile, as does all that reads a line.
    results: value and status. Several times as many a second as `losses`.
    """
    asked = read(model, lines, weights.noise)
    step = think(model, asked, noisy(table[operands], weights.noise))
    done = results[:, 1] == model.vocabulary.status_id("ok")
    logits = model.state_logits(noisy(step.value, weights.noise))
    status_logits = model.state_logits(noisy(step.status, weights.noise))
    value = nn.functional.cross_entropy(logits, results[:, 0], reduction="none")
    status = nn.functional.cross_entropy(status_logits, results[:, 1])
    away = (torch.stack([step.value, step.status], 1) - table[results]).square().mean(-1)
    slots = torch.arange(model.config.slots, device=lines.device)
    opened = ((slots == asked.targets[:, None]) & done[:, None]).float()
    gate = nn.functional.binary_cross_entropy_with_logits(step.gates, opened)
    there = (operands == results[:, :1]) & ~asked.literal & done[:, None]
    terms = {
        "step": ((value * done).mean() + status) / 2,
        "latent": (away[:, 0] * done).mean() + away[:, 1].mean(),
        "gate": gate * model.config.slots,
        "pointer": pointing(step.pointer, step.copies, there),
    }
    right = ((logits.argmax(-1) == results[:, 0]) | ~done) & (status_logits.argmax(-1) == results[:, 1])
    return weighted(terms, weights), {**{name: term.detach() for name, term in terms.items()}, "exact": right}
