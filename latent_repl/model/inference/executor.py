"""The executor in NumPy, as in `network/executor.py`."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float

from latent_repl.model.inference.layers import (
    EPSILON,
    STRETCH,
    FeedForward,
    Linear,
    Weights,
    clipped,
    normalise,
    softmax,
    stack_of,
)
from latent_repl.model.interface import Array
from latent_repl.model.shape import Shape


class Executor:
    """(state latent, code latent) -> next state latent, as in `network/executor.py`."""

    def __init__(self, weights: Weights, shape: Shape) -> None:
        width, trunk, operands = shape.width, shape.trunk_width, shape.code_tokens - 2
        self.address = weights.take("executor.address.weight", shape.slots + 1, width)
        self.program = Linear.of(weights, "executor.program", width, width)
        self.reader = stack_of(weights, "executor.reader", shape, shape.executor_layers)
        self.operand_query = Linear.of(weights, "executor.operand_query", width, width)
        self.literal = Linear.of(weights, "executor.literal", width, shape.state_latent)
        self.gather = Linear.of(weights, "executor.gather", width + operands * shape.state_latent, trunk)
        self.trunk = [
            FeedForward(weights, f"executor.trunk.{layer}", trunk, shape.trunk_feed_forward)
            for layer in range(shape.trunk_layers)
        ]
        self.norm = weights.take("executor.norm.weight", trunk)
        self.proposal = Linear.of(weights, "executor.proposal", trunk, shape.state_latent)
        self.status = Linear.of(weights, "executor.status", trunk, shape.state_latent)
        self.target = Linear.of(weights, "executor.target", width, width)
        self.writes = Linear.of(weights, "executor.writes", trunk, 1)
        self.source = Linear.of(weights, "executor.source", trunk, operands)
        self.copies = Linear.of(weights, "executor.copies", trunk, 1)

    def read(self, program: Float[Array, "B N W"]) -> Float[Array, "B N W"]:
        """Return what each core line asks for, whatever the state."""
        return self.reader(self.program(program))

    def __call__(self, states: Float[Array, "B S D"], tokens: Float[Array, "B N W"]) -> Float[Array, "B S D"]:
        """Return the next state latents; the status slot, the last, is written and never read."""
        slots = states[:, :-1]
        share = softmax(self._at_addresses(self.operand_query(tokens[:, 2:])))
        operands = share[..., :-1] @ slots + share[..., -1:] * np.tanh(self.literal(tokens[:, 2:]))
        hidden = self.gather(np.concatenate([tokens[:, 1], operands.reshape(len(slots), -1)], axis=-1))
        for layer in self.trunk:
            hidden = layer(hidden)
        hidden = normalise(hidden) * self.norm
        pointed_at = (softmax(self.source(hidden))[..., None] * share[..., :-1]).sum(1) + EPSILON
        proposal = np.tanh(self.proposal(hidden))
        proposal += clipped(self.copies(hidden)) * (_one_of(pointed_at, slots) - proposal)
        gate = clipped(self._at_addresses(self.target(tokens[:, 0]))[:, :-1] + self.writes(hidden))[..., None]
        after = np.empty_like(states)
        after[:, :-1] = slots + gate * (proposal[:, None] - slots)
        after[:, -1] = np.tanh(self.status(hidden))
        return after

    def addresses(self, tokens: Float[Array, "N W"]) -> tuple[int, list[int]]:
        """Return the slot that a line writes, and those of its operands, -1 for an operand that no slot holds."""
        target = int(self._at_addresses(self.target(tokens[:1]))[0, :-1].argmax())
        nowhere = len(self.address) - 1
        read = self._at_addresses(self.operand_query(tokens[2:])).argmax(-1).tolist()
        return target, [-1 if address == nowhere else address for address in read]

    def _at_addresses(self, query: Float[Array, "*N W"]) -> Float[Array, "*N A"]:
        return query @ self.address.T / math.sqrt(self.address.shape[1])


def _one_of(weights: Float[Array, "B S"], slots: Float[Array, "B S D"]) -> Float[Array, "B D"]:
    share = np.clip(weights / weights.sum(-1, keepdims=True) * (1 + STRETCH) - STRETCH / 2, 0, 1)
    return ((share / share.sum(-1, keepdims=True))[:, None] @ slots)[:, 0]
