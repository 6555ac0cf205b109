"""The training objective: decode every step, keep latents where the encoders put them, fill the box evenly."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from jaxtyping import Bool, Float, Int
from msgspec import Struct
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


class LossWeights(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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


def weighted(terms: Mapping[str, Tensor], weights: LossWeights) -> Float[Tensor, ""]:
    """Return the total of a loss's terms."""
    return torch.stack([getattr(weights, name) * term for name, term in terms.items()]).sum()


def _detached(terms: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: term.detach() for name, term in terms.items()}


def losses(
    model: LatentInterpreter,
    before: Int[Tensor, "B S"],
    lines: Int[Tensor, "B T"],
    after: Int[Tensor, "B S"],
    targets: Int[Tensor, " B"],
    status: Int[Tensor, " B"],
    drift: Float[Tensor, "B S D"],
    anchors: Float[Tensor, "A D"] | None,
    weights: LossWeights,
) -> tuple[Float[Tensor, ""], Mapping[str, Tensor]]:
    """Return the total loss and its terms for B core lines from states before to states after.

    anchors: where the state encoder should put each token, if that is given (`training/anchors.py`).
    drift: how far each slot's latent is from where the encoder would put it, as earlier lines of the chain left it.
    Among the terms, `exact` is 1 where both the target slot and the status decode right, and `drift` is that after
    the line, to feed the next (`left_over`).
    """
    table, codes = model.state_vae.latent_table(), model.encode_code(lines)
    vectors = model.code_vae.expand(noisy(codes, weights.noise))
    outcome = model.executor(noisy(table[before] + drift, weights.noise), vectors)
    looked_at = looked_at_slots(targets, after.shape[-1] - 1)
    picked = outcome.latents.gather(1, looked_at[..., None].expand(-1, -1, table.shape[-1]))
    labels = after.gather(1, looked_at)
    logits = model.state_logits(noisy(picked, weights.noise))
    away = outcome.latents - table.detach()[after]
    terms = {
        "step": nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten()),
        "latent": displacement(away, looked_at),
        "gate": opening(outcome.gate, targets, status),
        "reading": misread(model, lines, outcome, table),
        "pointer": pointing(outcome.pointer, outcome.copies, holders(model, before, lines, labels[:, :1], status)),
        **reconstruction(model, table, codes, lines, weights.noise),
        "mmd": spread(model, table, picked[:POOLED, 0], labels[:POOLED, 0], codes[:POOLED]),
        "anchor": table.new_zeros(()) if anchors is None else (table - anchors).square().mean(),
    }
    right = (logits.argmax(-1) == labels)[..., :2]
    drift = left_over(away, drift, targets, right[:, :1])
    return weighted(terms, weights), {**_detached(terms), "exact": right.all(-1), "drift": drift}


def looked_at_slots(targets: Int[Tensor, " B"], slots: int) -> Int[Tensor, "B 3"]:
    """Return the slots that are decoded: the target, the status, and one drawn from all."""
    bystander = torch.randint(0, slots, targets.shape, device=targets.device)
    return torch.stack([targets, torch.full_like(targets, slots), bystander], dim=-1)


def displacement(away: Float[Tensor, "B S D"], looked_at: Int[Tensor, "B 3"]) -> Float[Tensor, ""]:
    """Return the mean square by which target and status, and all slots but the status, miss their places."""
    squared = away.square().mean(-1)
    return squared.gather(1, looked_at[..., :2]).mean() + squared[..., :-1].mean()


def opening(gates: Float[Tensor, "B S"], targets: Int[Tensor, " B"], status: Int[Tensor, " B"]) -> Float[Tensor, ""]:
    """Return how far each line is from opening the gate of its target alone, and none where it fails."""
    opened = torch.zeros_like(gates).scatter_(1, targets[..., None], (status == 0).float()[..., None])
    return nn.functional.binary_cross_entropy_with_logits(gates, opened) * gates.shape[-1]


def holders(
    model: LatentInterpreter,
    before: Int[Tensor, "B S"],
    lines: Int[Tensor, "B T"],
    results: Int[Tensor, "B 1"],
    status: Int[Tensor, " B"],
) -> Bool[Tensor, "B N"]:
    """Return which slots, the status left out, are operands that hold the line's result already."""
    return (before[:, :-1] == results) & (status == 0)[:, None] & operands(model, lines)


def reconstruction(
    model: LatentInterpreter, table: Float[Tensor, "A D"], codes: Tensor, lines: Int[Tensor, "B T"], noise: float
) -> dict[str, Float[Tensor, ""]]:
    """Return the cross entropy of decoding some tokens (state), and some lines (code), from their own latents."""
    some = torch.randint(len(table), (RECONSTRUCTED,), device=table.device)
    state = nn.functional.cross_entropy(model.state_logits(noisy(table[some], noise)), some)
    logits = model.code_logits(noisy(codes[:RECONSTRUCTED], noise))
    code = nn.functional.cross_entropy(logits.flatten(0, 1), lines[:RECONSTRUCTED].flatten())
    return {"state": state, "code": code}


def spread(
    model: LatentInterpreter,
    table: Float[Tensor, "A D"],
    executed: Float[Tensor, "N D"],
    labels: Int[Tensor, " N"],
    codes: Float[Tensor, "N C"],
) -> Float[Tensor, ""]:
    """Return the regulariser of both spaces."""
    return regulariser(table, executed, labels, len(model.vocabulary.symbols)) + mmd_to_prior(codes)


def left_over(
    away: Float[Tensor, "B S D"],
    drift: Float[Tensor, "B S D"],
    targets: Int[Tensor, " B"],
    right: Bool[Tensor, "B 1"],
) -> Float[Tensor, "B S D"]:
    """Return the drift after a line; a target that decodes wrong, and any other slot that has moved, is put right, so
    that the next line can be learnt from."""
    kept = (away - drift).square().mean(-1) < LOST
    kept = kept.scatter(1, targets[:, None], right)
    return torch.where(kept[..., None], away, 0).detach()


def pair_losses(
    model: LatentInterpreter,
    table: Float[Tensor, "A D"],
    lines: Int[Tensor, "B T"],
    operands: Int[Tensor, "B K"],
    results: Int[Tensor, "B 2"],
    weights: LossWeights,
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
    return weighted(terms, weights), {**_detached(terms), "exact": right}
