"""The three networks in NumPy: what the package runs, from the same weights as `network/` trains in torch.

Importing torch and transformers takes longer than most programs run; nothing here needs either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from latent_repl.errors import LatentShapeError
from latent_repl.language.vocabulary import CORE_LINE_TOKENS, Vocabulary
from latent_repl.model.features import feature_table
from latent_repl.model.heap import Heap, Places
from latent_repl.model.inference.ahead import Ahead
from latent_repl.model.inference.executor import Executor
from latent_repl.model.inference.layers import Linear, Weights, gelu, softmax, stack_of
from latent_repl.model.inference.mover import Mover
from latent_repl.model.inference.reading import CodeReader, operands_of
from latent_repl.model.inference.rows import RowsExecutor
from latent_repl.model.interface import Array
from latent_repl.model.memory import Memory, keys_of
from latent_repl.model.shape import Shape
from latent_repl.shapes import Float, Int

# What the executor and the mover have computed, and what the decoder has read, that is kept: some 20 and 10 MB. Chosen.
RESULTS, TOKENS = 16_384, 32_768


class Tokens:
    """Ids to vectors and vectors to logits over the A tokens of the declared range."""

    def __init__(self, weights: Weights, name: str, table: Float[Array, "V F"], active: int, width: int) -> None:
        inward = Linear.of(weights, f"{name}.inward", table.shape[1], width)
        outward = Linear.of(weights, f"{name}.outward", width, table.shape[1])
        self.vectors = inward(table[:active])
        self.logits = Linear(table[:active] @ outward.matrix, table[:active] @ outward.bias)


class StateVAE:
    """Each slot becomes one latent, by itself."""

    def __init__(
        self, weights: Weights, shape: Shape, table: Float[Array, "V F"], active: int, name: str = "state_vae"
    ) -> None:
        tokens = Tokens(weights, f"{name}.tokens", table, active, shape.width)
        encoder = stack_of(weights, f"{name}.encoder", shape, shape.autoencoder_layers)
        to_latent = Linear.of(weights, f"{name}.to_latent", shape.width, shape.state_latent)
        self.from_latent = Linear.of(weights, f"{name}.from_latent", shape.state_latent, shape.width)
        self.decoder = stack_of(weights, f"{name}.decoder", shape, shape.autoencoder_layers)
        self.to_logits = tokens.logits
        self.latent_table = np.tanh(to_latent(encoder(tokens.vectors[:, None])[:, 0]))

    def logits(self, latents: Float[Array, "*N D"]) -> Float[Array, "*N A"]:
        """Return the logits of the token behind each latent."""
        hidden = self.decoder(self.from_latent(latents.reshape(-1, 1, latents.shape[-1])))
        return self.to_logits(hidden).reshape(*latents.shape[:-1], -1)


class CodeVAE:
    """A whole core line becomes one latent vector."""

    def __init__(self, weights: Weights, shape: Shape, table: Float[Array, "V F"], active: int) -> None:
        self.width = shape.width
        self.tokens = Tokens(weights, "code_vae.tokens", table, active, shape.width)
        self.encoder = stack_of(weights, "code_vae.encoder", shape, shape.autoencoder_layers)
        self.to_latent = Linear.of(weights, "code_vae.to_latent", CORE_LINE_TOKENS * shape.width, shape.code_latent)
        if shape.stochastic:  # its scale is for training alone
            Linear.of(weights, "code_vae.to_scale", CORE_LINE_TOKENS * shape.width, shape.code_latent)
        self.expand_in = Linear.of(weights, "code_vae.expansion.0", shape.code_latent, 2 * shape.width)
        self.expand_out = Linear.of(weights, "code_vae.expansion.2", 2 * shape.width, shape.code_tokens * shape.width)
        self.decoder = stack_of(weights, "code_vae.decoder", shape, shape.autoencoder_layers)

    def encode(self, ids: Int[Array, "B T"]) -> Float[Array, "B C"]:
        """Return one latent in [-1, 1] for the four tokens of each core line."""
        hidden = self.encoder(self.tokens.vectors[ids])
        return np.tanh(self.to_latent(hidden.reshape(len(ids), -1)))

    def expand(self, latents: Float[Array, "B C"]) -> Float[Array, "B N W"]:
        """Return the token vectors that the decoder and the executor read."""
        return self.expand_out(gelu(self.expand_in(latents))).reshape(len(latents), -1, self.width)

    def logits(self, latents: Float[Array, "B C"]) -> Float[Array, "B T A"]:
        """Return the logits of the four tokens behind each latent."""
        return self.tokens.logits(self.decoder(self.expand(latents)))


class NumpyInterpreter:
    """State VAE, code VAE and executor of one checkpoint; see `Interpreter` for what each method does.

    Raises CheckpointError if the tensors are not those of the shape.
    """

    def __init__(self, shape: Shape, tensors: Mapping[str, Array], vocabulary: Vocabulary) -> None:
        self.config, self.parameters = shape, sum(tensor.size for tensor in tensors.values())
        self.folder: Path | None = None  # where the weights come from, if from a checkpoint
        self.vocabulary = vocabulary
        active = self.vocabulary.active(shape.maximum)
        table = feature_table(self.vocabulary, number_features=shape.number_features, periods=shape.periods)
        weights = Weights(tensors)
        self.state_vae = StateVAE(weights, shape, table, active)
        self.code_vae = CodeVAE(weights, shape, table, active)
        self.memory: Memory[Any, Any] = Memory(RESULTS)
        self._tokens: Memory[bytes, tuple[int, float]] = Memory(TOKENS)
        latents = self.state_vae.latent_table
        reader, numbers = CodeReader(vocabulary, self.code_vae.logits, latents), range(shape.minimum, shape.maximum + 1)
        ahead = Ahead(latents[[vocabulary.value_id(number) for number in numbers]])
        self.executor = Executor(weights, shape, reader, self.memory, ahead, self._decode)
        self.rows: RowsExecutor | None = None
        if shape.rows:
            places = Places(latents, vocabulary, shape.rows, shape.cells)
            self.rows = RowsExecutor(self.executor, Mover(weights, shape, vocabulary), places)
        weights.finish()

    def encode_states(self, ids: Int[Array, "B S"]) -> Float[Array, "B S D"]:
        """Return the latents of states, one a slot, in [-1, 1]."""
        return self.state_vae.latent_table[ids]

    def state_logits(self, latents: Float[Array, "*N D"]) -> Float[Array, "*N A"]:
        """Return the logits of each slot's token, over the A tokens of the declared range."""
        return self.state_vae.logits(latents)

    def decode_states(self, latents: Float[Array, "B S D"]) -> tuple[Int[Array, "B S"], Float[Array, "B S"]]:
        """Return each slot's most likely token and its probability."""
        if len(latents) < 2:
            ids, most = self._decode(latents.reshape(-1, latents.shape[-1]))
            return ids.reshape(latents.shape[:-1]), most.reshape(latents.shape[:-1])
        changed = np.ones(latents.shape[:-1], bool)  # one after another they share most cells
        changed[1:] = (latents[1:] != latents[:-1]).any(-1)
        ids, most = self._decode(latents[changed])
        first = np.cumsum(changed).reshape(changed.shape) - 1
        same = np.maximum.accumulate(np.where(changed, first, 0), axis=0)
        return ids[same], most[same]

    def _decode(self, cells: Float[Array, "N D"]) -> tuple[Int[Array, " N"], Float[Array, " N"]]:
        """Return each cell's most likely token and its probability, decoded once for equal ones."""

        def decode(places: list[int]) -> list[tuple[int, float]]:
            probabilities = softmax(self.state_logits(cells[places]))
            ids = probabilities.argmax(-1)
            most = np.take_along_axis(probabilities, ids[:, None], -1)[:, 0]
            return [*zip(ids.tolist(), most.tolist(), strict=True)]

        tokens = self._tokens.results(keys_of(cells), decode)
        return np.array([token for token, _ in tokens], int), np.array([most for _, most in tokens], "f")

    def encode_code(self, ids: Int[Array, "B T"]) -> Float[Array, "B C"]:
        """Return the code latents of core lines."""
        return self.code_vae.encode(ids)

    def code_logits(self, latents: Float[Array, "B C"]) -> Float[Array, "B T A"]:
        """Return the logits of a core line's four tokens."""
        return self.code_vae.logits(latents)

    def execute(self, states: Float[Array, "B S D"], codes: Float[Array, "B C"]) -> Float[Array, "B S D"]:
        """Return the state latents after one core line each. Raises LatentShapeError for other sizes."""
        check_latents(self.config, states.shape, codes.shape)
        readings = self.executor.read(codes)
        return self.executor(states, readings, operands_of(states, readings))

    def execute_rows(
        self, states: Float[Array, "B S D"], codes: Float[Array, "B C"], heaps: Sequence[Heap], *, snapped: bool = False
    ) -> tuple[Float[Array, "B S D"], tuple[Heap, ...]]:
        """Return the state latents and the heaps after one core line each. Raises LatentShapeError for other sizes.

        snapped: as in `Interpreter`.
        """
        check_latents(self.config, states.shape, codes.shape)
        if self.rows is None:
            raise LatentShapeError("this checkpoint has no rows; `execute` takes states without a heap")
        return self.rows(states, codes, heaps, snapped=snapped)


def check_latents(shape: Shape, states: tuple[int, ...], codes: tuple[int, ...]) -> None:
    """Raise LatentShapeError if the sizes of latents are not the checkpoint's."""
    wanted = (shape.slots + 1, shape.state_latent, shape.code_latent)
    if (*states[1:], codes[1]) != wanted:
        raise LatentShapeError(
            f"got latents {states} and {codes}; "
            f"this checkpoint takes (B, {wanted[0]}, {wanted[1]}) and (B, {wanted[2]})"
        )
