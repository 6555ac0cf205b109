"""The sums model in NumPy, behind the interface of the machine: each slot of a state holds one state vector.

The network knows one number before, one summand, one number after. Which slot a core line reads and writes is no
network's work here: `a = 71` puts an encoded number into a slot, `a + 5` gives the executor the vector of a's slot and
the code vector of 5, and everything else is refused. A sum out of range is not noticed: the model has no status.

    s1 = s0 + 5   ->  [1, 0 | no start | code vector of 5]
    s0 = 71       ->  [0, -1 | state vector of 71 | no summand]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from latent_repl.errors import LatentShapeError
from latent_repl.language.operators import ADD, COPY, DELETE, STATUS_OK
from latent_repl.language.program import CoreLine, Operand, Slot
from latent_repl.language.values import INT
from latent_repl.language.vocabulary import CORE_LINE_TOKENS, LEFT, NONE, OPERATOR, RIGHT, TARGET, Vocabulary
from latent_repl.model.features import feature_table
from latent_repl.model.heap import Heap
from latent_repl.model.inference.interpreter import StateVAE
from latent_repl.model.inference.layers import Linear, Stack, Weights, softmax
from latent_repl.model.interface import Array
from latent_repl.model.memory import Memory
from latent_repl.model.shape import Shape
from latent_repl.model.sums.marks import EMPTY, FINE, NEVER, SHARPNESS, inside
from latent_repl.shapes import Float, Int


class SumsVAE(StateVAE):
    """The VAE of one number; `table` holds the latents of the range's numbers in order of value."""

    def __init__(
        self, weights: Weights, shape: Shape, table: Float[Array, "V F"], vocabulary: Vocabulary, name: str
    ) -> None:
        super().__init__(weights, shape, table, vocabulary.active(shape.maximum), name)
        self.numbers = np.arange(-shape.maximum, shape.maximum + 1)
        self._ids = np.array([vocabulary.value_id(number) for number in self.numbers.tolist()])
        self.table = self.latent_table[self._ids]

    def number_logits(self, latents: Float[Array, "B D"]) -> Float[Array, "B N"]:
        """Return the logits of the range's numbers, in order of value."""
        return self.logits(latents)[:, self._ids]

    def decode(self, latents: Float[Array, "B D"]) -> Int[Array, " B"]:
        """Return the most likely number behind each latent."""
        return self.numbers[self.number_logits(latents).argmax(1)]


class SummandVAE(SumsVAE):
    """The VAE of the summands of a stochastic checkpoint; its scale is for training alone."""

    def __init__(
        self, weights: Weights, shape: Shape, table: Float[Array, "V F"], vocabulary: Vocabulary, name: str
    ) -> None:
        Linear.of(weights, f"{name}.to_scale", shape.width, shape.code_latent)
        super().__init__(weights, shape, table, vocabulary, name)

    def read(self, points: Float[Array, "B C"]) -> Float[Array, "B C"]:
        """Return the latent of the summand that each point decodes to."""
        return self.table[self.number_logits(points).argmax(1)]


class SumsExecutor:
    """(state vector, code vector) -> next state vector, as in `network.py`."""

    def __init__(self, weights: Weights, shape: Shape) -> None:
        self.from_state = Linear.of(weights, "executor.from_state", shape.state_latent, shape.width)
        self.from_code = Linear.of(weights, "executor.from_code", shape.code_latent, shape.width)
        self.encoder = Stack(
            weights,
            "executor.encoder",
            layers=shape.executor_layers,
            width=shape.width,
            heads=shape.heads,
            feed_forward=shape.feed_forward,
        )
        self.to_latent = Linear.of(weights, "executor.to_latent", shape.width, shape.state_latent)

    def __call__(self, states: Float[Array, "B D"], codes: Float[Array, "B C"]) -> Float[Array, "B D"]:
        """Return the state vectors after each summand."""
        hidden = self.encoder(np.stack([self.from_state(states), self.from_code(codes)], axis=1))
        return np.tanh(self.to_latent(hidden[:, 0]))


class NumpySums:
    """State VAE, code VAE and executor of one sums checkpoint; see `Interpreter` for what each method does.

    Raises CheckpointError if the tensors are not those of the shape.
    """

    def __init__(self, shape: Shape, tensors: Mapping[str, Array], vocabulary: Vocabulary) -> None:
        self.config, self.parameters = shape, sum(tensor.size for tensor in tensors.values())
        self.folder: Path | None = None  # where the weights come from, if from a checkpoint
        self.memory: Memory[Any, Any] = Memory(0)  # a step costs no more than to look for its result
        numbers = (NONE, *INT.tokens(shape.limit))
        self.vocabulary = vocabulary.narrowed(
            {OPERATOR: (ADD, COPY, DELETE), LEFT: (*vocabulary.addresses, *numbers), RIGHT: numbers}
        )
        table = feature_table(self.vocabulary, number_features=shape.number_features, periods=shape.periods)
        weights = Weights(tensors)
        self.state_vae = SumsVAE(weights, shape, table, self.vocabulary, "state_vae")
        code_vae = SummandVAE if shape.stochastic else SumsVAE
        self.code_vae = code_vae(weights, shape, table, self.vocabulary, "code_vae")
        self.executor = SumsExecutor(weights, shape)
        weights.finish()
        self._symbols = len(self.vocabulary.symbols)

    @property
    def numbers(self) -> Int[Array, " N"]:
        """The numbers of the declared range in order of value."""
        return self.state_vae.numbers

    def encode_states(self, ids: Int[Array, "B S"]) -> Float[Array, "B S D"]:
        """Return the latents of states, one a slot; an empty slot and the status lie outside the box."""
        latents = self.state_vae.latent_table[ids]
        latents[ids < self._symbols] = EMPTY
        latents[ids == self.vocabulary.ids[STATUS_OK]] = FINE
        return latents

    def state_logits(self, latents: Float[Array, "*N D"]) -> Float[Array, "*N A"]:
        """Return the logits of the number behind each latent; latents outside the box are what they were made for."""
        logits = self.state_vae.logits(latents)
        logits[..., : self._symbols] = NEVER
        for mark, token in ((EMPTY, NONE), (FINE, STATUS_OK)):
            outside = latents[..., 0] == mark
            logits[outside] = NEVER
            logits[outside, self.vocabulary.ids[token]] = 0
        return logits

    def decode_states(self, latents: Float[Array, "B S D"]) -> tuple[Int[Array, "B S"], Float[Array, "B S"]]:
        """Return each slot's most likely token and its probability."""
        probabilities = softmax(self.state_logits(latents))
        ids = probabilities.argmax(-1)
        return ids, np.take_along_axis(probabilities, ids[..., None], -1)[..., 0]

    def encode_code(self, ids: Int[Array, "B T"]) -> Float[Array, "B C"]:
        """Return target, slot read (-1: none), state vector to start from, and code vector of each core line.

        Ids come from the vocabulary, which has words for assignments and for sums with a number on their right alone.
        """
        return np.stack([self._encode_line(self._core_line(row)) for row in ids.tolist()])

    def states_of(self, vectors: Float[Array, "B D"]) -> Float[Array, "B S E"]:
        """Return the latents of states that hold a vector in their first slot and nothing else."""
        latents = np.full((len(vectors), self.config.slots + 1, vectors.shape[1]), EMPTY, np.float32)
        latents[:, 0], latents[:, -1] = vectors, FINE
        return latents

    def codes_of(self, vectors: Float[Array, "B C"]) -> Float[Array, "B E"]:
        """Return the code latents of `s0 = s0 + ?` for code vectors, which need be no number's."""
        same_slot, no_start = np.zeros((len(vectors), 2)), np.full((len(vectors), self.config.state_latent), EMPTY)
        return np.concatenate([same_slot, no_start, vectors], axis=1).astype(np.float32)

    def code_logits(self, latents: Float[Array, "B C"]) -> Float[Array, "B T A"]:
        """Return the logits of a core line's four tokens: the summand's by the code decoder, a first value's by the
        state decoder; what no network decides is as it was given."""
        size = self.config.state_latent
        starts, summands = latents[:, 2 : 2 + size], latents[:, 2 + size :]
        # The nearest slot: searches step beyond the first and the last.
        targets, sources = np.rint(latents[:, :2]).astype(int).clip((0, -1), self.config.slots - 1).T
        number, address = self.vocabulary.ids, self.vocabulary.addresses
        logits = np.full((len(latents), CORE_LINE_TOKENS, len(self.state_vae.latent_table)), NEVER, np.float32)
        logits[:, LEFT] = self._or_none(self.state_vae, starts)
        logits[:, RIGHT] = self._or_none(self.code_vae, summands)
        for row, (target, source) in enumerate(zip(targets, sources, strict=True)):
            assigns = source >= 0 or inside(starts[row])
            operator = ADD if inside(summands[row]) else COPY if assigns else DELETE
            logits[row, TARGET, number[address[target]]] = logits[row, OPERATOR, number[operator]] = 0
            if source >= 0:
                logits[row, LEFT] = NEVER
                logits[row, LEFT, number[address[source]]] = 0
        return logits

    def _or_none(self, vae: SumsVAE, vectors: Float[Array, "B D"]) -> Float[Array, "B A"]:
        """Return the logits of the number behind each vector; outside the box there is none."""
        logits = vae.logits(vectors)
        logits[:, : self._symbols] = NEVER
        outside = ~inside(vectors)
        logits[outside] = NEVER
        logits[outside, self.vocabulary.ids[NONE]] = 0
        return logits

    def execute(self, states: Float[Array, "B S D"], codes: Float[Array, "B C"]) -> Float[Array, "B S D"]:
        """Return the state latents after one core line each."""
        rows, size = np.arange(len(states)), self.config.state_latent
        targets, sources = np.rint(codes[:, :2]).astype(int).T
        starts, summands = codes[:, 2 : 2 + size], codes[:, 2 + size :]
        vectors = np.where(sources[:, None] >= 0, states[rows, sources], starts)
        added = inside(summands)
        if added.any():
            vectors[added] = self.projected(self.executor(vectors[added], self._read(summands[added])))
        after = states.copy()
        after[rows, targets] = vectors
        return after

    def projected(self, executed: Float[Array, "B D"]) -> Float[Array, "B D"]:
        """Return what the executor makes of states as the next sum finds it.

        Drawn, in a checkpoint that says so, to the encoded states: the mean of all, each by how likely the decoder
        finds it, sharpened. So what was doubtful stays a blend. Source: the retrieval of Ramsauer et al., 2020.
        """
        if not self.config.projected:
            return executed
        weights: Array = softmax(self.state_vae.number_logits(executed) * SHARPNESS) @ self.state_vae.table
        return weights

    def _read(self, summands: Float[Array, "B C"]) -> Float[Array, "B C"]:
        return self.code_vae.read(summands) if isinstance(self.code_vae, SummandVAE) else summands

    def execute_rows(
        self, states: Float[Array, "B S D"], codes: Float[Array, "B C"], heaps: Sequence[Heap], *, snapped: bool = False
    ) -> tuple[Float[Array, "B S D"], tuple[Heap, ...]]:
        """Refuse: numbers are all that a sums model knows."""
        raise LatentShapeError("a sums model has no rows; `execute` takes states without a heap")

    def _core_line(self, ids: list[int]) -> CoreLine:
        line = self.vocabulary.core_line(ids)
        assert line is not None, "ids come from Vocabulary.core_line_ids"
        return line

    def _encode_line(self, line: CoreLine) -> Float[Array, " C"]:
        source = line.left.index if isinstance(line.left, Slot) and line.operator != DELETE else -1
        start = self._state_vector(None if line.operator == DELETE else line.left)
        return np.concatenate([[line.target.index, source], start, self._code_vector(line)]).astype(np.float32)

    def _state_vector(self, operand: Operand | None) -> Float[Array, " D"]:
        if operand is None or isinstance(operand, Slot):
            return np.full(self.config.state_latent, EMPTY)
        return self.state_vae.latent_table[self._number_id(operand)]

    def _code_vector(self, line: CoreLine) -> Float[Array, " C"]:
        if line.operator in (COPY, DELETE):
            return np.full(self.config.code_latent, EMPTY)
        return self.code_vae.latent_table[self._number_id(line.right)]

    def _number_id(self, number: Operand | None) -> int:
        assert isinstance(number, int), "the vocabulary has words for numbers alone there"
        return self.vocabulary.value_id(number)
