"""The three networks in NumPy: what the package runs, from the same weights as `network/` trains in torch.

Importing torch and transformers takes longer than most programs run; nothing here needs either.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from latent_repl.errors import LatentShapeError
from latent_repl.language.vocabulary import CORE_LINE_TOKENS, Vocabulary
from latent_repl.model.features import feature_table
from latent_repl.model.inference.layers import (
    EPSILON,
    STRETCH,
    FeedForward,
    Linear,
    Stack,
    Weights,
    gelu,
    normalise,
    softmax,
)
from latent_repl.model.interface import Array
from latent_repl.model.shape import Shape


class Tokens:
    """Ids to vectors and vectors to logits over the A tokens of the declared range."""

    def __init__(self, weights: Weights, name: str, table: Float[Array, "V F"], active: int, width: int) -> None:
        inward = Linear.of(weights, f"{name}.inward", table.shape[1], width)
        outward = Linear.of(weights, f"{name}.outward", width, table.shape[1])
        self.vectors = inward(table[:active])
        self.logits = Linear(outward.matrix @ table[:active].T, outward.bias @ table[:active].T)


class StateVAE:
    """Each slot becomes one latent, by itself."""

    def __init__(
        self, weights: Weights, shape: Shape, table: Float[Array, "V F"], active: int, name: str = "state_vae"
    ) -> None:
        tokens = Tokens(weights, f"{name}.tokens", table, active, shape.width)
        encoder = _stack(weights, f"{name}.encoder", shape, shape.autoencoder_layers)
        to_latent = Linear.of(weights, f"{name}.to_latent", shape.width, shape.state_latent)
        self.from_latent = Linear.of(weights, f"{name}.from_latent", shape.state_latent, shape.width)
        self.decoder = _stack(weights, f"{name}.decoder", shape, shape.autoencoder_layers)
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
        self.encoder = _stack(weights, "code_vae.encoder", shape, shape.autoencoder_layers)
        self.to_latent = Linear.of(weights, "code_vae.to_latent", CORE_LINE_TOKENS * shape.width, shape.code_latent)
        self.expand_in = Linear.of(weights, "code_vae.expansion.0", shape.code_latent, 2 * shape.width)
        self.expand_out = Linear.of(weights, "code_vae.expansion.2", 2 * shape.width, shape.code_tokens * shape.width)
        self.decoder = _stack(weights, "code_vae.decoder", shape, shape.autoencoder_layers)

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


class Executor:
    """(state latent, code latent) -> next state latent, as in `network/executor.py`."""

    def __init__(self, weights: Weights, shape: Shape) -> None:
        width, trunk, operands = shape.width, shape.trunk_width, shape.code_tokens - 2
        self.address = weights.take("executor.address.weight", shape.slots + 1, width)
        self.program = Linear.of(weights, "executor.program", width, width)
        self.reader = _stack(weights, "executor.reader", shape, shape.executor_layers)
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
        proposal += _clipped(self.copies(hidden)) * (_one_of(pointed_at, slots) - proposal)
        gate = _clipped(self._at_addresses(self.target(tokens[:, 0]))[:, :-1] + self.writes(hidden))[..., None]
        after = np.empty_like(states)
        after[:, :-1] = slots + gate * (proposal[:, None] - slots)
        after[:, -1] = np.tanh(self.status(hidden))
        return after

    def _at_addresses(self, query: Float[Array, "*N W"]) -> Float[Array, "*N A"]:
        return query @ self.address.T / math.sqrt(self.address.shape[1])


def _one_of(weights: Float[Array, "B S"], slots: Float[Array, "B S D"]) -> Float[Array, "B D"]:
    share = np.clip(weights / weights.sum(-1, keepdims=True) * (1 + STRETCH) - STRETCH / 2, 0, 1)
    return ((share / share.sum(-1, keepdims=True))[:, None] @ slots)[:, 0]


class NumpyInterpreter:
    """State VAE, code VAE and executor of one checkpoint; see `Interpreter` for what each method does.

    Raises CheckpointError if the tensors are not those of the shape.
    """

    def __init__(self, shape: Shape, tensors: Mapping[str, Array], vocabulary: Vocabulary) -> None:
        self.config, self.parameters = shape, sum(tensor.size for tensor in tensors.values())
        self.folder: Path | None = None  # where the weights come from, if from a checkpoint
        self.vocabulary = vocabulary
        active = self.vocabulary.active(shape.maximum)
        table = feature_table(self.vocabulary, number_features=shape.number_features)
        weights = Weights(tensors)
        self.state_vae = StateVAE(weights, shape, table, active)
        self.code_vae = CodeVAE(weights, shape, table, active)
        self.executor = Executor(weights, shape)
        weights.finish()

    def encode_states(self, ids: Int[Array, "B S"]) -> Float[Array, "B S D"]:
        """Return the latents of states, one a slot, in [-1, 1]."""
        return self.state_vae.latent_table[ids]

    def state_logits(self, latents: Float[Array, "*N D"]) -> Float[Array, "*N A"]:
        """Return the logits of each slot's token, over the A tokens of the declared range."""
        return self.state_vae.logits(latents)

    def decode_states(self, latents: Float[Array, "B S D"]) -> tuple[Int[Array, "B S"], Float[Array, "B S"]]:
        """Return each slot's most likely token and its probability."""
        distinct, places = distinct_rows(latents.reshape(-1, latents.shape[-1]))
        probabilities = softmax(self.state_logits(distinct))
        ids = probabilities.argmax(-1)
        most = np.take_along_axis(probabilities, ids[:, None], -1)[:, 0]
        return ids[places].reshape(latents.shape[:-1]), most[places].reshape(latents.shape[:-1])

    def encode_code(self, ids: Int[Array, "B T"]) -> Float[Array, "B C"]:
        """Return the code latents of core lines."""
        return self.code_vae.encode(ids)

    def code_logits(self, latents: Float[Array, "B C"]) -> Float[Array, "B T A"]:
        """Return the logits of a core line's four tokens."""
        return self.code_vae.logits(latents)

    def execute(self, states: Float[Array, "B S D"], codes: Float[Array, "B C"]) -> Float[Array, "B S D"]:
        """Return the state latents after one core line each. Raises LatentShapeError for other sizes."""
        check_latents(self.config, states.shape, codes.shape)
        distinct, places = distinct_rows(codes)
        return self.executor(states, self.executor.read(self.code_vae.expand(distinct))[places])


def distinct_rows(x: Float[Array, "N W"]) -> tuple[Float[Array, "R W"], list[int]]:
    """Return the distinct rows, and which of them each row is: most slots do not change, and examples share lines."""
    keys = [row.tobytes() for row in x]
    row_of = dict(zip(keys, range(len(keys)), strict=True))
    place_of = dict(zip(row_of, range(len(row_of)), strict=True))
    return x[list(row_of.values())], [place_of[key] for key in keys]


def _clipped(logits: Float[Array, "*N"]) -> Float[Array, "*N"]:
    return np.clip((np.tanh(logits / 2) + 1) / 2 * (1 + 2 * STRETCH) - STRETCH, 0, 1)


def check_latents(shape: Shape, states: tuple[int, ...], codes: tuple[int, ...]) -> None:
    """Raise LatentShapeError if the sizes of latents are not the checkpoint's."""
    wanted = (shape.slots + 1, shape.state_latent, shape.code_latent)
    if (*states[1:], codes[1]) != wanted:
        raise LatentShapeError(
            f"got latents {states} and {codes}; "
            f"this checkpoint takes (B, {wanted[0]}, {wanted[1]}) and (B, {wanted[2]})"
        )


def _stack(weights: Weights, name: str, shape: Shape, layers: int) -> Stack:
    return Stack(weights, name, layers=layers, width=shape.width, heads=shape.heads, feed_forward=shape.feed_forward)
