"""T5 stacks in NumPy, reading the weights that transformers' `T5Stack` has trained.

The same functions as `transformers.models.t5.modeling_t5` in evaluation: root-mean-square norms, attention without
scaling, relative position buckets in the first layer, gated feed-forward with the tanh form of GELU. A norm's weight is
multiplied into the matrix behind it once, at loading. Source: Raffel et al., 2020; Shazeer, 2020 (gated feed-forward).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from latent_repl.errors import CheckpointError
from latent_repl.model.interface import Array
from latent_repl.model.shape import Shape
from latent_repl.shapes import Float, Int

EPSILON = 1e-6
# T5's own: buckets of relative positions, and the distance from which all share the last.
BUCKETS, FAR = 32, 128
# The executor's sigmoids and attention are stretched beyond [0, 1] and clipped, so that an untouched slot keeps its
# latent to the bit, and a copy takes one. Source: the hard concrete distribution of Louizos et al., 2018 (there -0.1
# and 1.1 as well).
STRETCH = 0.1
# How many rows are a few, and the outputs of a block. Measured: training/LOG.md.
FEW, BLOCK = 32, 32
# The bits of a number's exponent in half precision; all are set in what is no number.
HALF_EXPONENT = np.uint16(0x7C00)


class Weights:
    """The tensors of a checkpoint, to be taken by name and shape until none is left."""

    def __init__(self, tensors: Mapping[str, Array]) -> None:
        self._left = dict(tensors)

    def take(self, name: str, *shape: int) -> Array:
        """Return a tensor. Raises CheckpointError if it is missing, of another shape, or holds what is no number."""
        return self.stored(name, *shape).astype(np.float32, copy=False)

    def stored(self, name: str, *shape: int) -> Array:
        """Return a tensor in the precision that it is stored in; raises as `take` does."""
        tensor = self._left.pop(name, None)
        if tensor is None or tensor.shape != shape:
            found = "nothing" if tensor is None else f"shape {tensor.shape}"
            raise CheckpointError(f"{name} should have shape {shape}, found {found}")
        if not _all_finite(tensor):
            raise CheckpointError(f"{name} holds what is no number")
        return tensor

    def matrix(self, name: str, inward: int, outward: int) -> Float[Array, "O I"]:
        """Return the matrix of a linear layer without bias; `product` applies it."""
        return self.take(f"{name}.weight", outward, inward)

    def finish(self) -> None:
        """Raise CheckpointError if a tensor is left that nothing has taken."""
        if self._left:
            raise CheckpointError(f"this version knows no {', '.join(sorted(self._left)[:3])}")


def _all_finite(tensor: Array) -> bool:
    """Return whether all are numbers: a look at the exponents of half precision, or a sum, which takes over what is
    none; both are quicker than a test of each."""
    if tensor.dtype == np.float16:
        return bool((tensor.view(np.uint16) & HALF_EXPONENT).max(initial=0) < HALF_EXPONENT)
    return bool(np.isfinite(tensor.sum()))


def product(x: Float[Array, "N I"], matrix: Float[Array, "O I"]) -> Float[Array, "N O"]:
    """Return `x @ matrix.T`, one block of outputs after another where rows are few.

    The product of a few rows with a whole matrix lays the matrix out anew, which takes longer than the product.
    """
    outward, inward = matrix.shape
    if not 1 < len(x) <= FEW or outward % BLOCK:
        return x @ matrix.T
    blocks = x @ matrix.reshape(-1, BLOCK, inward).swapaxes(1, 2)
    return blocks.swapaxes(0, 1).reshape(-1, outward)


@dataclass(frozen=True)
class Linear:
    """A linear layer with bias."""

    matrix: Float[Array, "O I"]
    bias: Float[Array, " O"]

    @classmethod
    def of(cls, weights: Weights, name: str, inward: int, outward: int) -> Linear:
        """Take the layer from a checkpoint."""
        return cls(weights.matrix(name, inward, outward), weights.take(f"{name}.bias", outward))

    @classmethod
    def beside(cls, layers: Sequence[Linear]) -> Linear:
        """Return one layer for several of one input, whose outputs stand one after another."""
        matrices, biases = [layer.matrix for layer in layers], [layer.bias for layer in layers]
        return cls(np.concatenate(matrices), np.concatenate(biases))

    def scaled(self, factors: Float[Array, " I"]) -> Linear:
        """Return the layer that gives for an input what this one gives for the input times the factors."""
        return Linear(self.matrix * factors, self.bias)

    def __call__(self, x: Float[Array, "*N I"]) -> Float[Array, "*N O"]:
        """Apply it; one product for all rows, whatever their shape."""
        flat = product(x.reshape(-1, x.shape[-1]), self.matrix)
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
    return x * (1 / np.sqrt(np.vecdot(x, x) / x.shape[1] + EPSILON))[:, None]


def lerp(start: Float[Array, "*#N"], end: Float[Array, "*#N"], share: Float[Array, "*#N"]) -> Float[Array, "*N"]:
    """Return what lies between, exactly the start at a share of 0 and exactly the end at 1."""
    return start * (1 - share) + end * share


def position_buckets(length: int) -> Int[Array, "L L"]:
    """Return T5's bucket of each (query, key) pair."""
    behind = np.arange(length)[:, None] - np.arange(length)[None, :]
    count = BUCKETS // 2
    distance, near = np.abs(behind), count // 2
    beyond = np.log(np.maximum(distance, 1) / near) / math.log(FAR / near) * (count - near)
    far = np.minimum(near + beyond.astype(int), count - 1)
    return np.where(behind < 0, count, 0) + np.where(distance < near, distance, far)


def clipped(logits: Float[Array, "*N"]) -> Float[Array, "*N"]:
    """Return a stretched and clipped sigmoid: exactly 0 and 1 at its ends."""
    return np.clip((np.tanh(logits / 2) + 1) / 2 * (1 + 2 * STRETCH) - STRETCH, 0, 1)


class StoredFeedForward(NamedTuple):
    """A gated feed-forward layer of T5, its weights as they are stored."""

    norm: Float[Array, " W"]
    gate: Float[Array, "H W"]
    linear: Float[Array, "H W"]
    outward: Float[Array, "W H"]

    @classmethod
    def of(cls, weights: Weights, name: str, width: int, hidden: int) -> StoredFeedForward:
        """Take the layer from a checkpoint."""
        dense = f"{name}.DenseReluDense"
        return cls(
            norm=weights.stored(f"{name}.layer_norm.weight", width),
            gate=weights.stored(f"{dense}.wi_0.weight", hidden, width),
            linear=weights.stored(f"{dense}.wi_1.weight", hidden, width),
            outward=weights.stored(f"{dense}.wo.weight", width, hidden),
        )

    def part(self, units: slice) -> FeedForward:
        """Return the layer with some of its hidden units."""
        inward = np.concatenate([self.gate[units], self.linear[units]]).astype(np.float32)
        inward *= self.norm
        return FeedForward(inward, np.ascontiguousarray(self.outward[:, units], np.float32))


class FeedForward:
    """One gated feed-forward layer of T5, with its norm and its residual."""

    def __init__(self, inward: Float[Array, "G W"], outward: Float[Array, "W H"]) -> None:
        self.inward, self.outward = inward, outward

    @classmethod
    def of(cls, weights: Weights, name: str, width: int, hidden: int) -> FeedForward:
        """Take the layer from a checkpoint."""
        return StoredFeedForward.of(weights, name, width, hidden).part(slice(None))

    def __call__(self, x: Float[Array, "N W"]) -> Float[Array, "N W"]:
        """Return the vectors after the layer."""
        hidden, middle = product(normalise(x), self.inward), self.outward.shape[1]
        activated = gelu(hidden[:, :middle])
        activated *= hidden[:, middle:]
        after = product(activated, self.outward)
        after += x
        return after


class SelfAttention:
    """One self-attention layer of T5, with its norm and its residual."""

    def __init__(self, weights: Weights, name: str, width: int, heads: int) -> None:
        self.width, self.heads = width, heads
        norm = weights.take(f"{name}.layer_norm.weight", width)
        projections = [weights.matrix(f"{name}.SelfAttention.{each}", width, width) for each in "qkv"]
        self.inward = np.concatenate(projections) * norm
        self.outward = weights.matrix(f"{name}.SelfAttention.o", width, width)

    def __call__(self, x: Float[Array, "N W"], positions: Float[Array, "H L L"]) -> Float[Array, "N W"]:
        """Return the vectors of sequences of L tokens, one after another, after the layer."""
        length = positions.shape[-1]
        if length == 1:  # all attention goes to the only token there is
            return x + product(product(normalise(x), self.inward[2 * self.width :]), self.outward)
        projected = product(normalise(x), self.inward).reshape(-1, length, 3, self.heads, self.width // self.heads)
        query, key, value = projected.transpose(2, 0, 3, 1, 4)
        attended = softmax(query @ key.swapaxes(2, 3) + positions) @ value
        return x + product(attended.swapaxes(1, 2).reshape(x.shape), self.outward)


class Stack:
    """T5 layers, self-attention and feed-forward each, and their last norm."""

    def __init__(self, weights: Weights, name: str, *, layers: int, width: int, heads: int, feed_forward: int) -> None:
        parts = [f"{name}.block.{index}.layer" for index in range(layers)]
        self.layers = [
            (
                SelfAttention(weights, f"{part}.0", width, heads),
                FeedForward.of(weights, f"{part}.1", width, feed_forward),
            )
            for part in parts
        ]
        bias = f"{name}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
        self.bias = weights.take(bias, BUCKETS, heads)
        self.last = weights.take(f"{name}.final_layer_norm.weight", width)
        self._positions: dict[int, Array] = {}

    def __call__(self, vectors: Float[Array, "B L W"]) -> Float[Array, "B L W"]:
        """Return the vectors after all layers."""
        x, positions = vectors.reshape(-1, vectors.shape[-1]), self._position_bias(vectors.shape[1])
        for attend, feed_forward in self.layers:
            x = feed_forward(attend(x, positions))
        return (normalise(x) * self.last).reshape(vectors.shape)

    def _position_bias(self, length: int) -> Float[Array, "H L L"]:
        if length not in self._positions:
            self._positions[length] = np.ascontiguousarray(self.bias[position_buckets(length)].transpose(2, 0, 1))
        return self._positions[length]


def stack_of(weights: Weights, name: str, shape: Shape, layers: int) -> Stack:
    """Take a stack of a checkpoint's width."""
    return Stack(weights, name, layers=layers, width=shape.width, heads=shape.heads, feed_forward=shape.feed_forward)
