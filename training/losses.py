"""The training objective: decode every step, keep latents where the encoders put them, fill the box evenly."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from jaxtyping import Bool, Float, Int
from msgspec import Struct
from torch import Tensor, nn

from latent_repl.model.network.executor import ExecutorStep
from latent_repl.model.network.interpreter import LatentInterpreter

# Chosen: tokens and lines reconstructed in a step, and latents in an MMD sample; more of either slows the step.
RECONSTRUCTED, POOLED = 256, 128
# Nats by which a word should lead where a line is read: one in a thousand lines comes close to being misread. Chosen.
LEAD = 10.0


class LossWeights(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weight of each term, and the noise (standard deviation) added to every latent in training.

    anchor: 0 lets the state encoder choose its places.
    """

    step: float = 1.0
    latent: float = 1.0
    gate: float = 0.2
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


def pointing(
    pointer: Float[Tensor, "B K"], copies: Float[Tensor, " B"], there: Bool[Tensor, "B K"]
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
    operators: Int[Tensor, " B"],
    after: Int[Tensor, "B S"],
    targets: Int[Tensor, " B"],
    drift: Float[Tensor, "B S D"],
    anchors: Float[Tensor, "A D"] | None,
    weights: LossWeights,
) -> tuple[Float[Tensor, ""], Mapping[str, Tensor]]:
    """Return the total loss and its terms for B core lines from states before to states after.

    operators: their places in the vocabulary's. anchors: where the state encoder should put each token, if that is
    given (`training/anchors.py`). drift: how far each slot's latent is from where the encoder would put it, as earlier
    lines of the chain left it. Among the terms, `exact` is 1 where both value and status decode right, and `drift` is
    that after the line, to feed the next: a target that decodes wrong is put right, so that there is something to learn
    from.
    """
    table, codes = model.state_vae.latent_table(), model.encode_code(lines)
    ids, moved = operand_ids(model, before, lines, drift)
    results = torch.cat([after.gather(1, targets[:, None]), after[:, -1:]], 1)
    step = model.executor(operators, noisy(table[ids] + moved, weights.noise))
    terms, right = step_losses(model, step, ids, results, table.detach(), weights.noise)
    terms |= {
        **reconstruction(model, table, codes, lines, weights.noise),
        "mmd": spread(model, table, step.value[:POOLED], results[:POOLED, 0], codes[:POOLED]),
        "anchor": table.new_zeros(()) if anchors is None else (table - anchors).square().mean(),
    }
    away = torch.where((right & ended(model, results))[:, None], step.value - table[results[:, 0]], 0)
    drift = drift.scatter(1, targets[:, None, None].expand(-1, 1, drift.shape[-1]), away[:, None]).detach()
    return weighted(terms, weights), {**_detached(terms), "exact": right, "drift": drift}


def operand_ids(
    model: LatentInterpreter, states: Int[Tensor, "B S"], lines: Int[Tensor, "B T"], drift: Float[Tensor, "B S D"]
) -> tuple[Int[Tensor, "B K"], Float[Tensor, "B K D"]]:
    """Return the value ids of the lines' operands, from the states or their own, and how far their latents are away."""
    places = lines[:, 2:] - model.vocabulary.ids["s0"]
    held = (places >= 0) & (places < model.config.slots)
    places = torch.where(held, places, 0)
    moved = drift.gather(1, places[..., None].expand(-1, -1, drift.shape[-1]))
    return torch.where(held, states.gather(1, places), lines[:, 2:]), torch.where(held[..., None], moved, 0)


def step_losses(
    model: LatentInterpreter,
    step: ExecutorStep,
    operands: Int[Tensor, "B K"],
    results: Int[Tensor, "B 2"],
    table: Float[Tensor, "A D"],
    noise: float,
) -> tuple[dict[str, Tensor], Bool[Tensor, " B"]]:
    """Return the terms of a step's loss, and which results are right; operands and results are given as value ids."""
    done = ended(model, results)
    logits, status_logits = (model.state_logits(noisy(each, noise)) for each in (step.value, step.status))
    value = nn.functional.cross_entropy(logits, results[:, 0], reduction="none")
    status = nn.functional.cross_entropy(status_logits, results[:, 1])
    away = (torch.stack([step.value, step.status], 1) - table[results]).square().mean(-1)
    terms = {
        "step": ((value * done).mean() + status) / 2,
        "latent": (away[:, 0] * done).mean() + away[:, 1].mean(),
        "gate": nn.functional.binary_cross_entropy_with_logits(step.writes, done.float()),
        "pointer": pointing(step.pointer, step.copies, (operands == results[:, :1]) & done[:, None]),
    }
    written = (step.writes > 0) == done
    decoded = ((logits.argmax(-1) == results[:, 0]) | ~done) & (status_logits.argmax(-1) == results[:, 1])
    return terms, decoded & written


def ended(model: LatentInterpreter, results: Int[Tensor, "B 2"]) -> Bool[Tensor, " B"]:
    """Return which lines end without an error; results: value and status."""
    return results[:, 1] == model.vocabulary.status_id("ok")


def reconstruction(
    model: LatentInterpreter, table: Float[Tensor, "A D"], codes: Tensor, lines: Int[Tensor, "B T"], noise: float
) -> dict[str, Float[Tensor, ""]]:
    """Return the cross entropy of decoding some tokens (state), and some lines (code), from their own latents."""
    some = torch.randint(len(table), (RECONSTRUCTED,), device=table.device)
    state = nn.functional.cross_entropy(model.state_logits(noisy(table[some], noise)), some)
    logits = model.code_logits(noisy(codes[:RECONSTRUCTED], noise))
    code = nn.functional.cross_entropy(logits.flatten(0, 1), lines[:RECONSTRUCTED].flatten())
    return {"state": state, "code": code}


def reading(logits: Float[Tensor, "B T A"], lines: Int[Tensor, "B T"]) -> tuple[Float[Tensor, ""], Float[Tensor, " B"]]:
    """Return how far lines are from being read with a clear lead at each word, and each line's least lead in nats."""
    words = lines[..., None]
    leads = (logits.gather(-1, words) - logits.scatter(-1, words, -torch.inf).amax(-1, keepdim=True)).flatten(1)
    short = (LEAD - leads).clamp_min(0).square().mean() / LEAD
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), lines.flatten()) + short
    return loss, leads.detach().amin(1)


def spread(
    model: LatentInterpreter,
    table: Float[Tensor, "A D"],
    executed: Float[Tensor, "N D"],
    labels: Int[Tensor, " N"],
    codes: Float[Tensor, "N C"],
) -> Float[Tensor, ""]:
    """Return the regulariser of both spaces."""
    return regulariser(table, executed, labels, len(model.vocabulary.symbols)) + mmd_to_prior(codes)


def pair_losses(
    model: LatentInterpreter,
    table: Float[Tensor, "A D"],
    drifts: Float[Tensor, "_ D"],
    operators: Int[Tensor, " B"],
    operands: Int[Tensor, "B K"],
    results: Int[Tensor, "B 2"],
    drifted: Bool[Tensor, "B K"],
    weights: LossWeights,
) -> tuple[Float[Tensor, ""], Mapping[str, Tensor]]:
    """Return the loss and its terms for the arithmetic alone of B core lines, operands and results given as value ids.

    table: the latents of all active tokens, which stand still meanwhile. drifts: how far away the executor last left
    each; drifted: which operands are so far away. results: value and status. Among the terms, `drift` is where each
    line leaves its value, and `kept` whether a next one may read it there. Several times as many a second as `losses`.
    """
    latents = noisy(table[operands] + drifts[operands] * drifted[..., None], weights.noise)
    step = model.executor(operators, latents)
    terms, right = step_losses(model, step, operands, results, table, weights.noise)
    drift = (step.value - table[results[:, 0]]).detach()
    kept = right & ended(model, results) & (results[:, 0] != model.vocabulary.value_id(None))
    return weighted(terms, weights), {**_detached(terms), "exact": right, "drift": drift, "kept": kept}


def noisy(latents: Tensor, deviation: float | Tensor) -> Tensor:
    """Return latents with Gaussian noise, still in [-1, 1]."""
    return (latents + deviation * torch.randn_like(latents)).clamp(-1, 1)
