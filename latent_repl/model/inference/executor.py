"""The executor in NumPy, as in `network/executor.py`; what it has computed is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from latent_repl.model.inference.layers import (
    EPSILON,
    STRETCH,
    FeedForward,
    Linear,
    Weights,
    clipped,
    lerp,
    normalise,
    softmax,
    stack_of,
)
from latent_repl.model.interface import Array
from latent_repl.model.memory import Memory
from latent_repl.model.shape import Shape
from latent_repl.shapes import Float

# Lines whose reading is kept; a program's lines come back in loops. Chosen.
READINGS = 4_096
# Attention that leaves no more than this to other places takes the operand as it is. Chosen: lines leave 5e-5.
SURE = 1 - 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a line asks for, whatever the state.

    tokens: the line as the reader leaves it. operator: the bytes of its second token, which the trunk is given.
    share: how much of each slot, and last of its literal, each operand is. literals: their latents.
    target: how well the slots' addresses match the one that is written.
    """

    tokens: Float[Array, "N W"]
    operator: bytes
    share: Float[Array, "K A"]
    literals: Float[Array, "K D"]
    target: Float[Array, " S"]

    @property
    def addresses(self) -> tuple[int, list[int]]:
        """The slot that the line writes, and those of its operands, -1 for an operand that no slot holds."""
        nowhere = self.share.shape[1] - 1
        read = self.share.argmax(-1).tolist()
        return int(self.target.argmax()), [-1 if address == nowhere else address for address in read]


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What the trunk makes of B lines' operators and operands: values, statuses, whether to write, what to copy."""

    values: Float[Array, "B D"]
    statuses: Float[Array, "B D"]
    writes: Float[Array, "B 1"]
    copies: Float[Array, "B 1"]
    sources: Float[Array, "B K"]


class Executor:
    """(state latent, code latent) -> next state latent, as in `network/executor.py`."""

    def __init__(
        self,
        weights: Weights,
        shape: Shape,
        expand: Callable[[Float[Array, "B C"]], Float[Array, "B N W"]],
        memory: Memory[Any, Any],
    ) -> None:
        """expand: code latents to tokens. memory: keeps what the trunk has computed."""
        width, trunk, self.operands = shape.width, shape.trunk_width, shape.code_tokens - 2
        self.latent = shape.state_latent
        self.address = weights.take("executor.address.weight", shape.slots + 1, width)
        self.program = Linear.of(weights, "executor.program", width, width)
        self.reader = stack_of(weights, "executor.reader", shape, shape.executor_layers)
        self.operand_query = Linear.of(weights, "executor.operand_query", width, width)
        self.literal = Linear.of(weights, "executor.literal", width, shape.state_latent)
        self.gather = Linear.of(weights, "executor.gather", width + self.operands * shape.state_latent, trunk)
        self.trunk = [
            FeedForward(weights, f"executor.trunk.{layer}", trunk, shape.trunk_feed_forward)
            for layer in range(shape.trunk_layers)
        ]
        norm = weights.take("executor.norm.weight", trunk)
        sizes = {"proposal": self.latent, "status": self.latent, "writes": 1, "copies": 1, "source": self.operands}
        heads = [Linear.of(weights, f"executor.{name}", trunk, size) for name, size in sizes.items()]
        self.heads = Linear.beside(heads).scaled(norm)
        self.target = Linear.of(weights, "executor.target", width, width)
        self.expand, self.memory = expand, memory
        self._readings: Memory[bytes, Reading] = Memory(READINGS)

    def read(self, codes: Float[Array, "B C"]) -> list[Reading]:
        """Return what each line asks for."""
        return self._readings.results([code.tobytes() for code in codes], lambda places: self._read(codes[places]))

    def __call__(self, states: Float[Array, "B S D"], readings: Sequence[Reading]) -> Float[Array, "B S D"]:
        """Return the next state latents; the status slot, the last, is written and never read."""
        slots = states[:, :-1]
        share = np.array([reading.share for reading in readings])
        literals = np.array([reading.literals for reading in readings])
        made = self._made(readings, share[..., :-1] @ slots + share[..., -1:] * literals)
        values = made.values
        if made.copies.any():
            pointed_at = (made.sources[..., None] * share[..., :-1]).sum(1) + EPSILON
            values = lerp(values, _one_of(pointed_at, slots), made.copies)
        gate = clipped(np.array([reading.target for reading in readings]) + made.writes)[..., None]
        after = np.empty_like(states)
        after[:, :-1] = lerp(slots, values[:, None], gate)
        after[:, -1] = made.statuses
        return after

    def _made(self, readings: Sequence[Reading], operands: Float[Array, "B K D"]) -> Outcomes:
        """Return what the trunk makes of each operator and its operands, computed once for equal ones."""
        keys = [(reading.operator, given.tobytes()) for reading, given in zip(readings, operands, strict=True)]

        def compute(places: list[int]) -> list[Array]:
            operators = np.array([readings[place].tokens[1] for place in places])
            return [*self._compute(operators, operands[places])]

        made = np.array(self.memory.results(keys, compute))
        ends = np.cumsum([self.latent, self.latent, 1, 1])
        return Outcomes(*np.split(made, ends, axis=1))

    def _compute(self, operators: Float[Array, "B W"], operands: Float[Array, "B K D"]) -> Float[Array, "B O"]:
        hidden = self.gather(np.concatenate([operators, operands.reshape(len(operands), -1)], axis=-1))
        for layer in self.trunk:
            hidden = layer(hidden)
        made, latents = self.heads(normalise(hidden)), 2 * self.latent
        made[:, :latents] = np.tanh(made[:, :latents])
        made[:, latents + 1] = clipped(made[:, latents + 1])
        made[:, latents + 2 :] = softmax(made[:, latents + 2 :])
        return made

    def _read(self, codes: Float[Array, "B C"]) -> list[Reading]:
        every = self.reader(self.program(self.expand(codes)))
        share = softmax(self._at_addresses(self.operand_query(every[:, 2:])))
        share = np.where(share.max(-1, keepdims=True) > SURE, np.round(share), share)
        literals = np.tanh(self.literal(every[:, 2:]))
        targets = self._at_addresses(self.target(every[:, 0]))[:, :-1]
        return [
            Reading(tokens.copy(), tokens[1].tobytes(), *parts)
            for tokens, *parts in zip(every, share, literals, targets, strict=True)
        ]

    def _at_addresses(self, query: Float[Array, "*N W"]) -> Float[Array, "*N A"]:
        return query @ self.address.T / math.sqrt(self.address.shape[1])


def _one_of(weights: Float[Array, "B S"], slots: Float[Array, "B S D"]) -> Float[Array, "B D"]:
    share = np.clip(weights / weights.sum(-1, keepdims=True) * (1 + STRETCH) - STRETCH / 2, 0, 1)
    return ((share / share.sum(-1, keepdims=True))[:, None] @ slots)[:, 0]
