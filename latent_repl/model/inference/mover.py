"""The mover in NumPy, as in `network/mover.py`."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from latent_repl.language.operators import OPERATORS
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.fields import Fields
from latent_repl.model.inference.layers import FeedForward, Linear, Weights, clipped, normalise
from latent_repl.model.interface import Array
from latent_repl.model.memory import Memory
from latent_repl.model.shape import Shape
from latent_repl.shapes import Float, Int

SEEN = 9
# Which of own, left and right each of the latents seen is of.
OPERANDS = (0, 1, 2, 0, 0, 1, 1, 2, 2)


class Mover:
    """Decisions for B lines at once."""

    def __init__(self, weights: Weights, shape: Shape, vocabulary: Vocabulary) -> None:
        width, latent, trunk = shape.width, shape.state_latent, shape.mover_width
        operators = len(vocabulary.operators)
        self.sizes = Fields(vocabulary, shape.cells).sizes
        self.operators = weights.take("mover.operators.weight", operators, width // 2)
        asks = clipped(weights.take("mover.asks.weight", operators, 3))
        self.gates, self.asks = asks[:, OPERANDS, None], (asks > 0).tolist()
        self.on_numbers = [symbol in OPERATORS for symbol in vocabulary.operators]
        self.gather = Linear.of(weights, "mover.gather", width // 2 + (SEEN + 1) * latent, trunk)
        self.trunk = [
            FeedForward.of(weights, f"mover.trunk.{layer}", trunk, shape.mover_feed_forward)
            for layer in range(shape.mover_layers)
        ]
        norm = weights.take("mover.norm.weight", trunk)
        self.heads = Linear.of(weights, "mover.heads", trunk, sum(self.sizes.values())).scaled(norm)
        self.following = Linear.of(weights, "mover.following", latent, shape.rows + 1)
        self._follows: Memory[bytes, int] = Memory(shape.rows + 1)

    def decide(self, operators: Int[Array, " B"], seen: Float[Array, "B N D"]) -> list[dict[str, int]]:
        """Return the class of each field by its name, for each line."""
        return [dict(zip(self.sizes, row, strict=True)) for row in self.choose(operators, seen).tolist()]

    def choose(self, operators: Int[Array, " B"], seen: Float[Array, "B N D"]) -> Int[Array, "B F"]:
        """Return the class of each field, for each line, in the order of the fields."""
        seen = seen * self.gates[operators]
        apart = (seen[:, 1] - seen[:, 2]) ** 2
        hidden = self.gather(np.concatenate([self.operators[operators], seen.reshape(len(seen), -1), apart], axis=1))
        for layer in self.trunk:
            hidden = layer(hidden)
        logits = self.heads(normalise(hidden))
        bounds = np.cumsum([0, *self.sizes.values()])
        return np.stack([logits[:, start:end].argmax(1) for start, end in pairwise(bounds)], axis=1)

    def follow(self, reference: Float[Array, " D"]) -> int:
        """Return which row is free after this one; as many as there are rows for none."""
        return self._follows.results([reference.tobytes()], lambda _: [int(self.following(reference).argmax())])[0]
