"""The executor in NumPy, as in `network/executor.py`; what it has computed is kept.

    code latent --code decoder--> target, operator, operands; operator and operands' latents --trunk--> value, status

A literal is the latent of its value, to the bit. So a step of arithmetic depends on an operator and two latents alone,
whatever slots they came from and whichever form the line has. Where what is asked next can be told, it is computed too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from latent_repl.model.experts import units_of
from latent_repl.model.inference.ahead import Ahead
from latent_repl.model.inference.layers import (
    STRETCH,
    FeedForward,
    Linear,
    StoredFeedForward,
    Weights,
    clipped,
    lerp,
    normalise,
    softmax,
)
from latent_repl.model.inference.reading import CodeReader, Reading
from latent_repl.model.interface import Array
from latent_repl.model.memory import Memory, keys_of
from latent_repl.model.shape import Shape
from latent_repl.shapes import Float

# Lines whose reading is kept; a program's lines come back in loops. Chosen.
READINGS = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What the trunk makes of B lines' operators and operands: values, statuses, whether to write, what to copy."""

    values: Float[Array, "B D"]
    statuses: Float[Array, "B D"]
    writes: Float[Array, "B 1"]
    copies: Float[Array, "B 1"]
    sources: Float[Array, "B K"]


class Expert:
    """The trunk with some of its hidden units, which are laid out when they are first asked for."""

    def __init__(self, layers: Sequence[StoredFeedForward], units: slice) -> None:
        self._stored, self._units = layers, units

    @cached_property
    def layers(self) -> list[FeedForward]:
        """The layers as they run."""
        return [layer.part(self._units) for layer in self._stored]

    def __call__(self, hidden: Float[Array, "N W"]) -> Float[Array, "N W"]:
        """Return the vectors after all layers."""
        for layer in self.layers:
            hidden = layer(hidden)
        return hidden


class Executor:
    """(state latent, code latent) -> next state latent, as in `network/executor.py`."""

    def __init__(
        self,
        weights: Weights,
        shape: Shape,
        reader: CodeReader,
        memory: Memory[Any, Any],
        ahead: Ahead,
        decode: Callable[[Float[Array, "N D"]], object],
    ) -> None:
        """reader: of code latents. memory: keeps what the trunk has computed. ahead: tells what is likely asked next,
        and decode keeps what latents decode to that a snap will then ask for."""
        width, trunk, self.latent = shape.width, shape.trunk_width, shape.state_latent
        operands = shape.code_tokens - 2
        self.gather = Linear.of(weights, "executor.gather", width + operands * self.latent, trunk)
        layers = [
            StoredFeedForward.of(weights, f"executor.trunk.{layer}", trunk, shape.trunk_feed_forward)
            for layer in range(shape.trunk_layers)
        ]
        units = units_of(shape.experts, reader.symbols, shape.trunk_feed_forward)
        firsts = sorted({part.start for part in units})
        self.expert_of = np.array([firsts.index(part.start) for part in units])
        self.experts = [Expert(layers, next(part for part in units if part.start == first)) for first in firsts]
        norm = weights.take("executor.norm.weight", trunk)
        sizes = {"proposal": self.latent, "status": self.latent, "writes": 1, "copies": 1, "source": operands}
        heads = [Linear.of(weights, f"executor.{name}", trunk, size) for name, size in sizes.items()]
        self.heads = Linear.beside(heads).scaled(norm)
        self.operators = weights.take("executor.operators.weight", len(reader.operators), width)
        self.reader, self.memory, self.ahead, self.decode = reader, memory, ahead, decode
        self._readings: Memory[bytes, Reading] = Memory(READINGS)

    def read(self, codes: Float[Array, "B C"]) -> list[Reading]:
        """Return what each line asks for."""
        return self._readings.results(keys_of(codes), lambda places: self.reader(codes[places]))

    def __call__(
        self,
        states: Float[Array, "B S D"],
        readings: Sequence[Reading],
        operands: Float[Array, "B K D"],
        *,
        snapped: bool = False,
    ) -> Float[Array, "B S D"]:
        """Return the next state latents; the status slot, the last, is written and never read.

        operands: the latents that the lines ask for. snapped: whether latents will be replaced by the nearest value's.
        """
        rows, targets = np.arange(len(states)), [reading.target for reading in readings]
        operators = [reading.operator for reading in readings]
        made, after = self._made(operators, operands, snapped=snapped), states.copy()
        values = made.values
        if made.copies.any():
            values = lerp(values, _one_of(made.sources, operands), made.copies)
        if (made.writes != 1).any():
            values = lerp(states[rows, targets], values, made.writes)
        after[rows, targets], after[:, -1] = values, made.statuses
        return after

    def _made(self, operators: Sequence[int], operands: Float[Array, "B K D"], *, snapped: bool) -> Outcomes:
        """Return what the trunk makes of each operator and its operands, computed once for equal ones."""
        keys = [*zip(operators, keys_of(operands), strict=True)]

        def compute(places: list[int]) -> list[Array]:
            if snapped and len(places) == 1 and self.memory.most:
                return [self._with_next(operators[places[0]], operands[places[0]])]
            return [*self._compute([operators[place] for place in places], operands[places])]

        made, first, second = np.array(self.memory.results(keys, compute)), self.latent, 2 * self.latent
        return Outcomes(
            made[:, :first],
            made[:, first:second],
            made[:, second : second + 1],
            made[:, second + 1 : second + 2],
            made[:, second + 2 :],
        )

    def _with_next(self, operator: int, operands: Float[Array, "K D"]) -> Float[Array, " O"]:
        """Return what the trunk makes of one operator and its operands, and keep what is likely asked next.

        In a product of several rows their last bits are others; so this is for states that are snapped.
        """
        following = self.ahead.after(operator, operands)
        made = self._compute([operator] * (len(following) + 1), np.concatenate([operands[None], following]))
        if len(following):
            self.memory.add([(operator, key) for key in keys_of(following)], [*made[1:]])
            self.decode(made[:, : 2 * self.latent].reshape(-1, self.latent))
        return made[0]

    def _compute(self, operators: Sequence[int], operands: Float[Array, "B K D"]) -> Float[Array, "B O"]:
        given = np.concatenate([self.operators[operators], operands.reshape(len(operands), -1)], axis=-1)
        hidden, asked = self.gather(given), self.expert_of[operators]
        for expert in np.unique(asked):
            rows = asked == expert
            hidden[rows] = self.experts[expert](hidden[rows])
        made, latents = self.heads(normalise(hidden)), 2 * self.latent
        made[:, :latents] = np.tanh(made[:, :latents])
        made[:, latents : latents + 2] = clipped(made[:, latents : latents + 2])
        made[:, latents + 2 :] = softmax(made[:, latents + 2 :])
        return made


def _one_of(weights: Float[Array, "B K"], operands: Float[Array, "B K D"]) -> Float[Array, "B D"]:
    share = np.clip(weights * (1 + STRETCH) - STRETCH / 2, 0, 1)
    return ((share / share.sum(-1, keepdims=True))[:, None] @ operands)[:, 0]
