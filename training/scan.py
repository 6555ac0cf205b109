"""How sure a step is of its result on every pair of operands: all of them, in bf16, and fast.

    scan(model, "<", "vl") -> margins (V, V): by how many nats the right token leads the best other one

bf16 moves a margin by less than one nat (measured on 160,000 pairs), so a pair whose margin is at least SURE is right in float32 too;
what is below is for the package's own inference to judge (`training/exhaustive.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from grammar.core_lines.arithmetic import apply
from grammar.core_lines.sample import Encoder
from latent_repl.language.program import OPERATORS
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.inference.layers import EPSILON, STRETCH
from latent_repl.model.network.executor import clipped
from latent_repl.model.network.interpreter import LatentInterpreter
from training.readings import form_lines, operand_values, read_all

SURE = 2.0
# Logit from which a gate is open, to the bit, or shut; a little more than the stretched sigmoid needs. Chosen.
SATURATED = 2.6
# Pairs at once: what lies between two layers stays in a core's cache. Chosen by measurement.
ROWS = 2048

Core = Callable[..., Tensor]


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
    values = [vocabulary.value(identifier) for identifier in range(len(vocabulary))]
    return np.array([int(value or 0) for value in values]), np.array([isinstance(value, bool) for value in values])


class Scanner:
    """Margins of one model's steps; its weights are taken as they are now."""

    def __init__(self, model: LatentInterpreter, *, compiled: bool = True) -> None:
        self.model, self.vocabulary = model, model.vocabulary
        self.values = operand_values(self.vocabulary, model.config.maximum)
        self.weights = _weights(model)
        self.core: Core = _compiled_core() if compiled else _margins
        with torch.no_grad():
            self.table = model.state_vae.latent_table()
        operator, *sides = model.executor.gather.weight.detach().split(
            [model.config.width, *[model.config.state_latent] * 2], 1
        )
        self.operator, self.sides, self.bias = operator, sides, model.executor.gather.bias.detach()

    def scan(self, operator: str, form: str) -> Iterator[tuple[int, NDArray[np.float16]]]:
        """Yield for each left operand, by its place among the values, the margins (V,) with every right operand.

        An operand that the operator lacks counts as one: margins (1,).
        """
        values, none = self.values, self.vocabulary.value_id(None)
        rights = values if len(form) == 2 else np.array([none])
        lefts = values if form else np.array([none])
        literal = [letter == "l" for letter in form.ljust(2, "v")]
        if form == "ll":
            for place, left in enumerate(lefts):
                asked = read_all(
                    self.model, form_lines(self.vocabulary, operator, form, np.full(len(rights), left), rights)
                )
                yield (
                    place,
                    self._row(operator, asked, asked.literals[:, 0], asked.literals[:, 1], literal, left, rights),
                )
            return
        varying = values if "l" in form else np.array([none])
        asked = read_all(self.model, form_lines(self.vocabulary, operator, form, varying, varying))
        left_latents = asked.literals[:, 0] if literal[0] else self.table[lefts]
        right_latents = asked.literals[:, 1] if literal[1] else self.table[rights]
        for place, left in enumerate(lefts):
            mine = asked[torch.tensor([place])] if literal[0] else asked
            yield place, self._row(operator, mine, left_latents[place][None], right_latents, literal, left, rights)

    @torch.inference_mode()
    def _row(self, operator, asked, left, right, literal, left_value, right_values) -> NDArray[np.float16]:  # type: ignore
        count = len(right_values)
        value, status = truth(
            self.vocabulary, operator, np.full(count, left_value), right_values, self.model.config.maximum
        )
        hidden = asked.operators @ self.operator.T + left @ self.sides[0].T + right @ self.sides[1].T + self.bias
        size = ROWS if count > 1 else 1

        def fit(x: Tensor) -> Tensor:
            wide = x.expand(count, *x.shape[1:])
            return torch.cat([wide, wide[:1].expand(size - count % size, *wide.shape[1:])]) if count % size else wide

        given = [fit(hidden), fit(left), fit(right), fit(asked.gates)]
        wanted = [fit(torch.from_numpy(value)), fit(torch.from_numpy(status))]
        slots = torch.tensor([not each for each in literal], dtype=torch.float32)
        parts = [
            self.core(self.weights, *(x[start : start + size].contiguous() for x in (*given, *wanted)), slots)
            for start in range(0, len(given[0]), size)
        ]
        return torch.cat(parts)[:count].numpy().astype(np.float16)


@lru_cache(maxsize=1)
def _compiled_core() -> Core:
    return torch.compile(_margins, dynamic=False)


def _normalised(x: Tensor) -> Tensor:
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPSILON)


def _feed_forward(x: Tensor, inward: Tensor, outward: Tensor) -> Tensor:
    gate, linear = functional.linear(_normalised(x).bfloat16(), inward).chunk(2, -1)
    gate = gate.float()
    gate = gate / (1 + torch.exp(-1.5957691216057308 * gate * (1 + 0.044715 * gate * gate)))
    return x + functional.linear(gate.bfloat16() * linear, outward).float()


def _margins(
    weights: dict[str, Tensor],
    hidden: Tensor,
    left: Tensor,
    right: Tensor,
    gates: Tensor,
    value: Tensor,
    status: Tensor,
    slots: Tensor,
) -> Tensor:
    """Return by how much the right value and status lead, below SURE also where a gate is neither open nor shut."""
    for layer in range(len(weights["trunk_in"])):
        hidden = _feed_forward(hidden, weights["trunk_in"][layer], weights["trunk_out"][layer])
    heads = functional.linear(_normalised(hidden).bfloat16(), weights["heads"]).float() + weights["heads_bias"]
    width = left.shape[-1]
    latents = torch.tanh(heads[:, : 2 * width])
    writes, copies, source = heads[:, 2 * width], heads[:, 2 * width + 1], heads[:, 2 * width + 2 :]
    pointer = torch.softmax(source, -1) * slots + EPSILON
    share = (pointer / pointer.sum(-1, keepdim=True) * (1 + STRETCH) - STRETCH / 2).clamp(0, 1)
    share = share / share.sum(-1, keepdim=True)
    copied = share[:, :1] * left + share[:, 1:] * right
    written = torch.lerp(latents[:, :width], copied, clipped(copies)[:, None])
    done = status == weights["ok"]
    logits = _logits(weights, torch.cat([written, latents[:, width:]]))
    wanted = torch.cat([value, status])[:, None]
    places = torch.arange(logits.shape[-1])
    best = torch.where(places == wanted, -1e9, logits).amax(-1)
    lead = (logits.gather(1, wanted)[:, 0] - best).view(2, -1)
    lead = torch.minimum(torch.where(done, lead[0], 1e4), lead[1])
    gate = gates + writes[:, None]
    shut = gate.clone()
    shut[:, 0] = torch.where(done, -gate[:, 0], gate[:, 0])
    return torch.where((shut < -SATURATED).all(-1), lead, torch.minimum(lead, torch.zeros_like(lead)))


def _logits(weights: dict[str, Tensor], latents: Tensor) -> Tensor:
    hidden = functional.linear(latents.bfloat16(), weights["inward"]).float() + weights["inward_bias"]
    for layer in range(len(weights["decoder_in"])):
        hidden = hidden + functional.linear(_normalised(hidden).bfloat16(), weights["attention"][layer]).float()
        hidden = _feed_forward(hidden, weights["decoder_in"][layer], weights["decoder_out"][layer])
    return functional.linear(_normalised(hidden).bfloat16(), weights["logits"]).float() + weights["logits_bias"]


@torch.no_grad()
def _weights(model: LatentInterpreter) -> dict[str, Tensor]:
    """Return the trunk's and the state decoder's matrices, norms multiplied in; a lone token attends to itself alone."""
    executor, vae = model.executor, model.state_vae

    def gated(layer, norm):  # type: ignore
        dense = layer.DenseReluDense
        inward = torch.cat([dense.wi_0.weight, dense.wi_1.weight]) * norm
        return inward.bfloat16(), dense.wo.weight.bfloat16()

    trunk = [gated(layer, layer.layer_norm.weight) for layer in executor.thoughts]
    blocks = vae.decoder.block
    decoder = [gated(block.layer[1], block.layer[1].layer_norm.weight) for block in blocks]
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
        "trunk_in": torch.stack([inward for inward, _ in trunk]),
        "trunk_out": torch.stack([outward for _, outward in trunk]),
        "heads": (torch.cat([head.weight for head in heads]) * executor.settle.weight).bfloat16(),
        "heads_bias": torch.cat([head.bias for head in heads]),
        "inward": vae.from_latent.weight.bfloat16(),
        "inward_bias": vae.from_latent.bias.clone(),
        "attention": torch.stack(attention).bfloat16(),
        "decoder_in": torch.stack([inward for inward, _ in decoder]),
        "decoder_out": torch.stack([outward for _, outward in decoder]),
        "logits": logits.bfloat16(),
        "logits_bias": table @ vae.tokens.outward.bias,
        "ok": torch.tensor(model.vocabulary.status_id("ok")),
    }
