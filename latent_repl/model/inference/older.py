"""Checkpoints whose executor read lines by layers of its own, in the form that they have now.

What those layers made of an operator's word becomes the operator's vector, and how well they knew a target is added to
what opens its gate. A plain line, s0 = s1 operator s2, stands for all lines of its operator.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from latent_repl.language.operators import TABLE
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.checkpoint import read_weights
from latent_repl.model.features import feature_table
from latent_repl.model.inference.interpreter import CodeVAE
from latent_repl.model.inference.layers import Linear, Weights, stack_of
from latent_repl.model.interface import Array
from latent_repl.model.shape import MODEL_TYPE, Shape
from latent_repl.shapes import Float, Int

READER = tuple(f"executor.{name}." for name in ("address", "program", "reader", "operand_query", "literal", "target"))
"""How the names of the layers begin that read lines."""
ROWS_READER = ("mover.operator.", "mover.literal.")
"""How those begin that were added to them for rows."""


def read_tensors(folder: Path, shape: Shape, vocabulary: Vocabulary) -> dict[str, Array]:
    """Return the weights of a checkpoint's folder by name, an older one's in the form that they have now.

    Raises SafetensorError or OSError for a file that cannot be read, and CheckpointError for one of another shape.
    """
    tensors = read_weights(folder)
    return without_reader(tensors, shape, vocabulary) if shape.model_type == MODEL_TYPE else tensors


def without_reader(tensors: Mapping[str, Array], shape: Shape, vocabulary: Vocabulary) -> dict[str, Array]:
    """Return a checkpoint's tensors, with a vector for each operator in place of the layers that read lines, if any.

    Raises CheckpointError if these are not of the shape.
    """
    rest = {name: tensor for name, tensor in tensors.items() if not name.startswith((*READER, *ROWS_READER))}
    if any(name.startswith(READER) for name in tensors):
        operators, opening = _read(Weights(tensors), shape, vocabulary)
        rest["executor.operators.weight"] = operators
        rest["executor.writes.bias"] = rest["executor.writes.bias"] + opening.mean()
    return rest


def plain_lines(vocabulary: Vocabulary) -> Int[np.ndarray, "O 4"]:
    """Return the token ids of s0 = s1 operator s2 for each operator, in the vocabulary's order."""
    none, slots = vocabulary.value_id(None), vocabulary.slots
    target, *operands = (vocabulary.ids[f"s{min(place, slots - 1)}"] for place in range(3))
    arity = {symbol: TABLE[symbol].arity for symbol in vocabulary.operators}
    lines = [[target, vocabulary.ids[name], *operands[:count], *[none] * (2 - count)] for name, count in arity.items()]
    return np.array(lines)


def _read(weights: Weights, shape: Shape, vocabulary: Vocabulary) -> tuple[Float[Array, "O W"], Float[Array, " O"]]:
    """Return what the reader makes of operators, and how well it knows the target, for each of them."""
    table = feature_table(vocabulary, number_features=shape.number_features, periods=shape.periods)
    code_vae = CodeVAE(weights, shape, table, vocabulary.active(shape.maximum))
    addresses = weights.take("executor.address.weight", shape.slots + 1, shape.width)
    program, target = (
        Linear.of(weights, f"executor.{name}", shape.width, shape.width) for name in ("program", "target")
    )
    reader = stack_of(weights, "executor.reader", shape, shape.executor_layers)
    tokens = reader(program(code_vae.expand(code_vae.encode(plain_lines(vocabulary)))))
    return tokens[:, 1].copy(), (target(tokens[:, 0]) @ addresses[0]) / math.sqrt(shape.width)
