"""How sure a step is of its result on every pair of operands: all of them, and fast.

    Scanner(model).scan("<") -> margins (V, V): by how many nats the right token leads the best other one

Products are taken in bf16 where the device does so by itself. That moves a margin by less than one nat (measured on
160,000 pairs), so a pair whose margin is at least SURE is right in float32 too; what is below is for the package's own
inference to judge (`training/exhaustive.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from grammar.core_lines.arithmetic import apply
from grammar.core_lines.sample import Encoder
from latent_repl.language.operators import OPERATORS, TABLE
from latent_repl.language.values import BOOL
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.experts import units_of
from latent_repl.model.inference.layers import EPSILON
from latent_repl.model.network.executor import clipped, pointed_at
from latent_repl.model.network.interpreter import LatentInterpreter
from training.device import multiplies_bfloat16
from training.operands import operand_values

SURE = 2.0
# Logit from which a gate is open, to the bit, or shut; a little more than the stretched sigmoid needs. Chosen.
SATURATED = 2.6
# Pairs at once: what lies between two layers stays in a core's cache. Chosen by measurement. On a GPU, what fills it.
ROWS, ROWS_THERE = 2048, 65_536
# Left operands in a block, each with every right one. Chosen: as many pairs as a GPU takes at once.
LEFTS = 32


def truth(
    vocabulary: Vocabulary, operator: str, left: NDArray[np.int64], right: NDArray[np.int64], maximum: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the ids of result and status for operands given by their value ids; after an error the value is none."""
    numbers, bools = value_tables(vocabulary)
    results = apply(
        np.full(len(left), OPERATORS.index(operator)),
        *(numbers[left], bools[left], numbers[right], bools[right]),
        maximum=maximum,
    )
    encoder = Encoder(vocabulary)
    values = encoder.values(results.numbers, results.bools, results.present)
    return np.where(results.status == 0, values, encoder.none), encoder.status[results.status]


@lru_cache(maxsize=4)
def value_tables(vocabulary: Vocabulary) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return for each token the number that it counts as, and whether it is a bool."""
    numbers = [vocabulary.integer_of(identifier) or 0 for identifier in range(len(vocabulary))]
    return np.array(numbers), np.array([vocabulary.kind(identifier) is BOOL for identifier in range(len(numbers))])


class Block(NamedTuple):
    """N pairs of one operator: the value ids of left and right operands (N,), of results and statuses (N,), and the
    margins (N,)."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.int64]
    status: NDArray[np.int64]
    margins: NDArray[np.float32]


class Scanner:
    """Margins of one model's steps, where its weights are and as they are now."""

    def __init__(self, model: LatentInterpreter, *, compiled: bool = True) -> None:
        self.model, self.vocabulary, self.maximum = model, model.vocabulary, model.config.maximum
        self.values = operand_values(self.vocabulary, self.maximum)
        self._weights = scan_weights(model)
        self._units = units_of(model.config.experts, model.vocabulary.operators, self._weights["trunk_out"].shape[-1])
        self._core: Callable[..., Tensor] = compiled_margins() if compiled else margins_of
        with torch.no_grad():
            self._table = model.state_vae.latent_table()

    def blocks(self, operator: str) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield the value ids of all operands of an operator: for each left one every right one; a missing one is
        none."""
        none, arity = np.array([self.vocabulary.value_id(None)]), TABLE[operator].arity
        if arity < 2:
            lefts = self.values if arity else none
            yield lefts, np.repeat(none, len(lefts))
            return
        for lefts in self._lefts():
            yield np.repeat(lefts, len(self.values)), np.tile(self.values, len(lefts))

    def block_count(self, operator: str) -> int:
        """Return how many blocks an operator has."""
        return len(self._lefts()) if TABLE[operator].arity == 2 else 1

    def _lefts(self) -> list[NDArray[np.int64]]:
        return np.split(self.values, range(LEFTS, len(self.values), LEFTS))

    def scan(self, operator: str) -> Iterator[Block]:
        """Yield the margins of every pair, block by block."""
        for left, right in self.blocks(operator):
            yield self.block(operator, left, right)

    @torch.inference_mode()
    def block(self, operator: str, left: NDArray[np.int64], right: NDArray[np.int64]) -> Block:
        """Return the margins of some pairs."""
        value, status = truth(self.vocabulary, operator, left, right, self.maximum)
        rows = ROWS if self._table.device.type == "cpu" else ROWS_THERE
        given = [torch.from_numpy(ids).to(self._table.device) for ids in _padded((left, right, value, status), rows)]
        place = self.vocabulary.operators.index(operator)
        vector, weights = self.model.executor.operators.weight[place], self._of(self._units[place])
        parts = []
        for start in range(0, len(given[0]), rows):
            lefts, rights, values, statuses = (ids[start : start + rows] for ids in given)
            operands = self._table[torch.stack([lefts, rights], 1)]
            parts.append(self._core(weights, vector, operands, values, statuses))
        return Block(left, right, value, status, torch.cat(parts)[: len(left)].cpu().numpy())

    def _of(self, units: slice) -> dict[str, Tensor]:
        """Return the weights with some hidden units of the trunk alone."""
        gates, hidden = self._weights["trunk_in"], self._weights["trunk_out"].shape[-1]
        parts = [gates[:, units], gates[:, hidden + units.start : hidden + units.stop]]
        return self._weights | {"trunk_in": torch.cat(parts, 1), "trunk_out": self._weights["trunk_out"][..., units]}


def _padded(arrays: Sequence[NDArray[np.int64]], rows: int) -> list[NDArray[np.int64]]:
    """Return arrays filled up to a multiple of `rows` with their first element."""
    more = -len(arrays[0]) % rows
    return [np.concatenate([array, np.repeat(array[:1], more)]) for array in arrays]


@lru_cache(maxsize=1)
def compiled_margins() -> Callable[..., Tensor]:
    """Return `margins_of`, compiled once for all scanners."""
    return torch.compile(margins_of, dynamic=False)


def _normalised(x: Tensor) -> Tensor:
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPSILON)


def _feed_forward(x: Tensor, inward: Tensor, outward: Tensor) -> Tensor:
    gate, linear = functional.linear(_normalised(x).to(inward.dtype), inward).chunk(2, -1)
    gate = gate.float()
    gate = gate / (1 + torch.exp(-1.5957691216057308 * gate * (1 + 0.044715 * gate * gate)))
    return x + functional.linear(gate.to(inward.dtype) * linear, outward).float()


def margins_of(
    weights: dict[str, Tensor],
    operator: Float[Tensor, " W"],
    operands: Float[Tensor, "N 2 D"],
    value: Int[Tensor, " N"],
    status: Int[Tensor, " N"],
) -> Float[Tensor, " N"]:
    """Return by how many nats the right value and status lead; at most 0 where the gate is neither open nor shut.

    After an error there is no value to lead.
    """
    gathered = torch.cat([operator.expand(len(operands), -1), operands.flatten(1)], 1)
    hidden = functional.linear(gathered, weights["gather"]) + weights["gather_bias"]
    for layer in range(len(weights["trunk_in"])):
        hidden = _feed_forward(hidden, weights["trunk_in"][layer], weights["trunk_out"][layer])
    quick = weights["heads"].dtype
    heads = functional.linear(_normalised(hidden).to(quick), weights["heads"]).float() + weights["heads_bias"]
    width = operands.shape[-1]
    latents = torch.tanh(heads[:, : 2 * width])
    writes, copies, source = heads[:, 2 * width], heads[:, 2 * width + 1], heads[:, 2 * width + 2 :]
    written = torch.lerp(latents[:, :width], pointed_at(operands, source), clipped(copies)[:, None])
    done = status == weights["ok"]
    logits = _logits(weights, torch.cat([written, latents[:, width:]]))
    wanted = torch.cat([value, status])[:, None]
    places = torch.arange(logits.shape[-1], device=logits.device)
    best = torch.where(places == wanted, -1e9, logits).amax(-1)
    lead = (logits.gather(1, wanted)[:, 0] - best).view(2, -1)
    lead = torch.minimum(torch.where(done, lead[0], 1e4), lead[1])
    return torch.where(torch.where(done, writes, -writes) > SATURATED, lead, lead.clamp_max(0))


def _logits(weights: dict[str, Tensor], latents: Tensor) -> Tensor:
    quick = weights["inward"].dtype
    hidden = functional.linear(latents.to(quick), weights["inward"]).float() + weights["inward_bias"]
    for layer in range(len(weights["decoder_in"])):
        hidden = hidden + functional.linear(_normalised(hidden).to(quick), weights["attention"][layer]).float()
        hidden = _feed_forward(hidden, weights["decoder_in"][layer], weights["decoder_out"][layer])
    return functional.linear(_normalised(hidden).to(quick), weights["logits"]).float() + weights["logits_bias"]


@torch.no_grad()
def scan_weights(model: LatentInterpreter) -> dict[str, Tensor]:
    """Return the trunk's and the state decoder's matrices, norms multiplied in; a lone token attends to itself."""
    executor, vae = model.executor, model.state_vae
    quick = torch.bfloat16 if multiplies_bfloat16() else torch.float32
    blocks: Any = vae.decoder.block

    def gated(layer: Any) -> tuple[Tensor, Tensor]:
        dense, norm = layer.DenseReluDense, layer.layer_norm.weight
        inward = torch.cat([dense.wi_0.weight, dense.wi_1.weight]) * norm
        return inward.to(quick), dense.wo.weight.to(quick)

    trunk = [gated(layer) for layer in executor.trunk]
    decoder = [gated(block.layer[1]) for block in blocks]
    attention = [
        (
            block.layer[0].SelfAttention.o.weight
            @ block.layer[0].SelfAttention.v.weight
            * block.layer[0].layer_norm.weight
        )
        for block in blocks
    ]
    heads = [executor.proposal, executor.status, executor.writes, executor.copies, executor.source]
    table = vae.tokens.table[: vae.tokens.active]
    logits = table @ vae.tokens.outward.weight * vae.decoder.final_layer_norm.weight
    return {
        "gather": executor.gather.weight.clone(),
        "gather_bias": executor.gather.bias.clone(),
        "trunk_in": torch.stack([inward for inward, _ in trunk]),
        "trunk_out": torch.stack([outward for _, outward in trunk]),
        "heads": (torch.cat([head.weight for head in heads]) * executor.norm.weight).to(quick),
        "heads_bias": torch.cat([head.bias for head in heads]),
        "inward": vae.from_latent.weight.to(quick),
        "inward_bias": vae.from_latent.bias.clone(),
        "attention": torch.stack(attention).to(quick),
        "decoder_in": torch.stack([inward for inward, _ in decoder]),
        "decoder_out": torch.stack([outward for _, outward in decoder]),
        "logits": logits.to(quick),
        "logits_bias": table @ vae.tokens.outward.bias,
        "ok": torch.tensor(model.vocabulary.status_id("ok"), device=table.device),
    }
