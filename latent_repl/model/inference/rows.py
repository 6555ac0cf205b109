"""One step of lines on rows: what moves is moved, what is arithmetic goes on as it does without rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from latent_repl.language.vocabulary import LEFT, Vocabulary
from latent_repl.model.heap import Heap, Places, carry_out, read_step
from latent_repl.model.inference.executor import Executor
from latent_repl.model.inference.mover import Mover
from latent_repl.model.interface import Array

# Lines whose reading is remembered; a program's lines come back in loops. Chosen.
REMEMBERED = 4096


class Reading(NamedTuple):
    """What a line asks for: its tokens (N, W), the slot that it writes, its operator, the slots that its operands lie
    in, -1 for literals, and the literals' latents (2, D)."""

    tokens: Array
    target: int
    operator: int
    addresses: list[int]
    literals: Array


class RowsExecutor:
    """(state latent, heap, code latent) -> next state latent and heap."""

    def __init__(
        self,
        executor: Executor,
        mover: Mover,
        places: Places,
        expand: Callable[[Float[Array, "B C"]], Float[Array, "B N W"]],
        literals: Float[Array, "V D"],
    ) -> None:
        """expand: code latents to tokens. literals: the latents of all values that a line can write."""
        self.executor, self.mover, self.places = executor, mover, places
        self.expand, self.literals = expand, literals
        self._readings: dict[bytes, Reading] = {}

    def __call__(
        self, states: Float[Array, "B S D"], codes: Float[Array, "B C"], heaps: Sequence[Heap]
    ) -> tuple[Float[Array, "B S D"], tuple[Heap, ...]]:
        """Return the next state latents and heaps."""
        readings = [self.read(code) for code in codes]
        steps = [
            read_step(self.places, state[reading.target], *self._operands(state, reading))
            for state, reading in zip(states, readings, strict=True)
        ]
        seen = np.stack([step.seen(self.places, heap) for step, heap in zip(steps, heaps, strict=True)])
        decided = self.mover.decide(np.array([reading.operator for reading in readings]), seen)
        counts = [place for place, classes in enumerate(decided) if not classes["moves"]]
        after, heaps_after = states.copy(), list(heaps)
        if counts:
            after[counts] = self.executor(states[counts], np.stack([readings[place].tokens for place in counts]))
        for place, classes in enumerate(decided):
            if classes["moves"]:
                heap = heaps[place]
                following = self.places.following[int(self.mover.following(heap.next).argmax())]
                moved = carry_out(self.places, steps[place], classes, heap, following)
                after[place, readings[place].target], after[place, -1], heaps_after[place] = moved
        return after, tuple(heaps_after)

    def read(self, code: Float[Array, " C"]) -> Reading:
        """Return what a line asks for."""
        key = code.tobytes()
        if key not in self._readings:
            if len(self._readings) >= REMEMBERED:
                self._readings.clear()
            self._readings[key] = self._read(code)
        return self._readings[key]

    def _read(self, code: Float[Array, " C"]) -> Reading:
        [tokens] = self.executor.read(self.expand(code[None]))
        target, addresses = self.executor.addresses(tokens)
        told = np.tanh(self.executor.literal(tokens[2:]) + self.mover.correction(tokens[2:]))
        distances = ((told[:, None] - self.literals) ** 2).sum(-1)
        operator = int(self.mover.operator(tokens[1]).argmax())
        return Reading(tokens, target, operator, addresses, self.literals[distances.argmin(-1)])

    def _operands(self, state: Float[Array, "S D"], reading: Reading) -> list[Array]:
        return [
            literal if address < 0 else state[address]
            for address, literal in zip(reading.addresses, reading.literals, strict=True)
        ]


def literal_ids(vocabulary: Vocabulary) -> list[int]:
    """Return the ids of all values that a core line can write, `none` for an operand that there is not included."""
    return sorted(vocabulary.ids[word] for word in vocabulary.places[LEFT] if word not in vocabulary.addresses)
