"""T5 stacks in NumPy, reading the weights that transformers' `T5Stack` has trained.

The same functions as `transformers.models.t5.modeling_t5` in evaluation: root-mean-square norms, attention without
scaling, relative position buckets in the first layer, gated feed-forward with the tanh form of GELU. A norm's weight is
multiplied into the matrix behind it once, at loading. Source: Raffel et al., 2020; Shazeer, 2020 (gated feed-forward).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Float, Int

from latent_repl.errors import CheckpointError

Array: TypeAlias = np.ndarray

EPSILON = 1e-6
# T5's own: buckets of relative positions, and the distance from which all share the last.
BUCKETS, FAR = 32, 128
# The executor's sigmoids and attention are stretched beyond [0, 1] and clipped, so that an untouched slot keeps its
# latent to the bit, and a copy takes one. Source: the hard concrete distribution of Louizos et al., 2018 (there -0.1
# and 1.1 as well).
STRETCH = 0.1


class Weights:
    """The tensors of a checkpoint, to be taken by name and shape until none is left."""

    def __init__(self, tensors: Mapping[str, Array]) -> None:
        self._left = dict(tensors)

    def take(self, name: str, *shape: int) -> Array:
        """Return a tensor. Raises CheckpointError if it is missing or of another shape."""
        tensor = self._left.pop(name, None)
        if tensor is None or tensor.shape != shape:
            found = "nothing" if tensor is None else f"shape {tensor.shape}"
            raise CheckpointError(f"{name} should have shape {shape}, found {found}")
        return tensor.astype(np.float32, copy=False)

    def matrix(self, name: str, inward: int, outward: int) -> Float[Array, "I O"]:
        """Return the matrix of a linear layer without bias, so that `x @ matrix` applies it."""
        return self.take(f"{name}.weight", outward, inward).T

    def finish(self) -> None:
        """Raise CheckpointError if a tensor is left that nothing has taken."""
        if self._left:
            raise CheckpointError(f"this version knows no {', '.join(sorted(self._left)[:3])}")


@dataclass(frozen=True)
class Linear:
    """A linear layer with bias."""

    matrix: Float[Array, "I O"]
    bias: Float[Array, " O"]

    @classmethod
    def of(cls, weights: Weights, name: str, inward: int, outward: int) -> Linear:
        """Take the layer from a checkpoint."""
        return cls(np.ascontiguousarray(weights.matrix(name, inward, outward)), weights.take(f"{name}.bias", outward))

    def __call__(self, x: Float[Array, "*N I"]) -> Float[Array, "*N O"]:
        """Apply it; one product for all rows, whatever their shape."""
        flat = x.reshape(-1, x.shape[-1]) @ self.matrix
        flat += self.bias
        return flat.reshape(*x.shape[:-1], -1)


def gelu(x: Float[Array, "*N"]) -> Float[Array, "*N"]:
    """Return the tanh form of GELU. Source: Hendrycks and Gimpel, 2016."""
    inner = x * x
    inner *= 0.044715
    inner += 1
    inner *= x
    inner *= math.sqrt(2 / math.pi)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= 0.5
    return inner


def softmax(x: Float[Array, "*N A"]) -> Float[Array, "*N A"]:
    """Return probabilities over the last axis."""
    shifted = np.exp(x - x.max(-1, keepdims=True))
    shifted /= shifted.sum(-1, keepdims=True)
    return shifted


def normalise(x: Float[Array, "N W"]) -> Float[Array, "N W"]:
    """Divide each row by its root mean square."""
    return x * (1 / np.sqrt(np.einsum("nw,nw->n", x, x) / x.shape[1] + EPSILON))[:, None]


def position_buckets(length: int, *, both_ways: bool) -> Int[Array, "L L"]:
    """Return T5's bucket of each (query, key) pair; a reading stack has one for all keys to come."""
    behind = np.arange(length)[:, None] - np.arange(length)[None, :]
    count = BUCKETS // 2 if both_ways else BUCKETS
    start = np.where(behind < 0, count, 0) if both_ways else np.zeros_like(behind)
    distance = np.abs(behind) if both_ways else np.maximum(behind, 0)
    near = count // 2
    beyond = np.log(np.maximum(distance, 1) / near) / math.log(FAR / near) * (count - near)
    far = np.minimum(near + beyond.astype(int), count - 1)
    return start + np.where(distance < near, distance, far)


@dataclass(frozen=True)
class Layer:
    """One T5 layer: self-attention, attention to a memory where the stack reads one, feed-forward."""

    attend: Float[Array, "W 3*W"]
    attended: Float[Array, "W W"]
    read: Float[Array, "W W"] | None
    has_read: Float[Array, "W W"] | None
    outward: Float[Array, "F W"]
    inward: Float[Array, "W 2*F"]


class Stack:
    """T5 layers and their last norm; one that `reads` attends to a second sequence as well."""

    def __init__(
        self,
        weights: Weights,
        name: str,
        *,
        layers: int,
        width: int,
        heads: int,
        feed_forward: int,
        reads: bool = False,
    ) -> None:
        self.width, self.heads, self.reads = width, heads, reads
        taken = [
            _take_layer(weights, f"{name}.block.{index}.layer", width, feed_forward, reads) for index in range(layers)
        ]
        self.layers = [layer for layer, _ in taken]
        self.memory = np.concatenate([memory for _, memory in taken], axis=1) if reads else None
        bias = f"{name}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
        self.bias = weights.take(bias, BUCKETS, heads)
        self.last = weights.take(f"{name}.final_layer_norm.weight", width)
        self._position: dict[int, Array] = {}

    def __call__(
        self, vectors: Float[Array, "B L W"], memory: Float[Array, "B M W"] | None = None
    ) -> Float[Array, "B L W"]:
        """Return the vectors after all layers."""
        batch, length, width = vectors.shape
        x = vectors.reshape(-1, width)
        pairs = self._memory_pairs(memory)
        for layer, pair in zip(self.layers, pairs, strict=True):
            x = x + self._self_attention(layer, x, batch, length) @ layer.attended
            if layer.read is not None and layer.has_read is not None:
                query = self._split(normalise(x) @ layer.read, batch)
                x = x + _merge(softmax(query @ pair[0]) @ pair[1]) @ layer.has_read
            gate, value = np.split(normalise(x) @ layer.inward, 2, axis=1)
            x = x + (gelu(gate) * value) @ layer.outward
        return (normalise(x) * self.last).reshape(vectors.shape)

    def _self_attention(self, layer: Layer, x: Array, batch: int, length: int) -> Float[Array, "N W"]:
        if length == 1:  # all attention goes to the only token there is
            return normalise(x) @ layer.attend[:, 2 * self.width :]
        projected = self._split(normalise(x) @ layer.attend, batch)
        query, key, value = np.split(projected, 3, axis=1)
        scores = query @ key.swapaxes(2, 3)
        scores += self._positions(length)
        return _merge(softmax(scores) @ value)

    def _memory_pairs(self, memory: Array | None) -> list[tuple[Array, Array]] | list[tuple[()]]:
        """Return the memory's keys, transposed, and values for every layer, from one product."""
        if memory is None or self.memory is None:
            return [()] * len(self.layers)
        projected = self._split(memory.reshape(-1, self.width) @ self.memory, len(memory))
        parts = np.split(projected, 2 * len(self.layers), axis=1)
        return [(key.swapaxes(2, 3), value) for key, value in zip(parts[::2], parts[1::2], strict=True)]

    def _split(self, flat: Float[Array, "N K"], batch: int) -> Float[Array, "B H L d"]:
        depth = self.width // self.heads
        return flat.reshape(batch, -1, flat.shape[1] // depth, depth).swapaxes(1, 2)

    def _positions(self, length: int) -> Float[Array, "H L L"]:
        if length not in self._position:
            buckets = position_buckets(length, both_ways=not self.reads)
            self._position[length] = np.ascontiguousarray(self.bias[buckets].transpose(2, 0, 1))
        return self._position[length]


def _merge(heads: Float[Array, "B H L d"]) -> Float[Array, "N W"]:
    batch, count, length, depth = heads.shape
    return heads.swapaxes(1, 2).reshape(batch * length, count * depth)


def _take_layer(
    weights: Weights, name: str, width: int, feed_forward: int, reads: bool
) -> tuple[Layer, Float[Array, "W 2*W"] | None]:
    """Take one layer, and the matrix that makes its keys and values from a memory."""
    sections = ("SelfAttention", *(["EncDecAttention"] if reads else []), "DenseReluDense")
    norms = [weights.take(f"{name}.{index}.layer_norm.weight", width)[:, None] for index in range(len(sections))]

    def matrices(index: int, letters: str) -> Array:
        named = [f"{name}.{index}.{sections[index]}.{letter}" for letter in letters]
        return np.concatenate([weights.matrix(each, width, width) for each in named], axis=1)

    feed = f"{name}.{len(sections) - 1}.DenseReluDense"
    gates = [weights.matrix(f"{feed}.{each}", width, feed_forward) for each in ("wi_0", "wi_1")]
    layer = Layer(
        attend=norms[0] * matrices(0, "qkv"),
        attended=matrices(0, "o"),
        read=norms[1] * matrices(1, "q") if reads else None,
        has_read=matrices(1, "o") if reads else None,
        inward=norms[-1] * np.concatenate(gates, axis=1),
        outward=np.ascontiguousarray(weights.matrix(f"{feed}.wo", feed_forward, width)),
    )
    return layer, matrices(1, "kv") if reads else None
