"""What core lines ask for, read once: while the code's weights stand still, arithmetic needs nothing else of a line.

    lines (M, 4) --encode, expand, read--> operator, gates, literals: the executor's inputs that no state changes

A *form* says where the operands of a line come from: `vv` from two variables, `vl` a variable and a literal, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from numpy.typing import NDArray
from torch import Tensor

from latent_repl.language.operators import BINARY_OPERATORS, DELETE
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.inference.layers import EPSILON, STRETCH
from latent_repl.model.network.executor import clipped
from latent_repl.model.network.interpreter import LatentInterpreter

Ids = NDArray[np.int64] | NDArray[np.int32]

FORMS = ("vv", "vl", "lv", "ll")
# Core lines that are read at once. Chosen.
CHUNK = 4096


def forms_of(operator: str) -> tuple[str, ...]:
    """Return the forms that lines of an operator have: a letter an operand; `del` has none.

    >>> forms_of("+"), forms_of("neg"), forms_of("del")
    (('vv', 'vl', 'lv', 'll'), ('v', 'l'), ('',))
    """
    if operator in BINARY_OPERATORS:
        return FORMS
    return ("",) if operator == DELETE else ("v", "l")


def operand_values(vocabulary: Vocabulary, maximum: int) -> NDArray[np.int64]:
    """Return the ids of all values that an operand can have: False, True, 0, 1, -1, ..."""
    truths = [vocabulary.value_id(value) for value in (False, True)]
    return np.concatenate([truths, np.arange(vocabulary.value_id(0), vocabulary.active(maximum))])


def form_lines(vocabulary: Vocabulary, operator: str, form: str, left: Ids, right: Ids) -> NDArray[np.int64]:
    """Return the token ids (M, 4) of lines s0 = s1 operator s2, with the values left and right where the form is
    literal."""
    first = vocabulary.ids["s0"]
    lines = np.full((len(left), 4), vocabulary.value_id(None))
    lines[:, 0], lines[:, 1] = first, vocabulary.ids[operator]
    for place, (letter, values) in enumerate(zip(form, (left, right), strict=False)):
        lines[:, 2 + place] = values if letter == "l" else first + 1 + place
    return lines


@dataclass(frozen=True, slots=True)
class Readings:
    """M lines as the executor has read them.

    operators (M, W); gates (M, S): how well each slot's address matches the target; targets (M,): the target slot;
    literals (M, 2, D): the latents of operands that no slot holds; literal (M, 2): which ones are, missing ones too.
    """

    operators: Float[Tensor, "M W"]
    gates: Float[Tensor, "M S"]
    targets: Int[Tensor, " M"]
    literals: Float[Tensor, "M K D"]
    literal: Bool[Tensor, "M K"]

    def __getitem__(self, rows: Int[Tensor, " N"]) -> Readings:
        """Return the readings of some lines."""
        return Readings(*(getattr(self, field.name)[rows] for field in fields(self)))


@torch.no_grad()
def read(model: LatentInterpreter, lines: Int[Tensor, "M 4"], noise: float = 0.0) -> Readings:
    """Return what lines ask for; noise: standard deviation of what is added to their code latents."""
    codes = model.encode_code(lines)
    tokens = model.executor.parts(model.code_vae.expand(noisy(codes, noise) if noise else codes))
    first = model.vocabulary.ids["s0"]
    address = (lines[:, 2:] >= first) & (lines[:, 2:] < first + model.config.slots)
    return Readings(
        tokens[:, 1],
        model.executor.gates(tokens[:, 0]),
        lines[:, 0] - first,
        model.executor.literals(tokens[:, 2:]),
        ~address,
    )


def read_all(model: LatentInterpreter, lines: NDArray[np.int64]) -> Readings:
    """Return what lines (M, 4) ask for, a few thousand at a time."""
    return join([read(model, torch.from_numpy(lines[start : start + CHUNK])) for start in range(0, len(lines), CHUNK)])


def join(parts: Sequence[Readings]) -> Readings:
    """Return several readings as one."""
    return Readings(*(torch.cat([getattr(part, field.name) for part in parts]) for field in fields(Readings)))


def noisy(latents: Tensor, deviation: float | Tensor) -> Tensor:
    """Return latents with Gaussian noise, still in [-1, 1]."""
    return (latents + deviation * torch.randn_like(latents)).clamp(-1, 1)


@dataclass(frozen=True, slots=True)
class Thought:
    """What the trunk makes of N operators with operands: the latent written (N, D), the status's (N, D), the gates
    (N, S), the pointer's logits over both operands (N, 2), and copying at all (N,)."""

    value: Float[Tensor, "N D"]
    status: Float[Tensor, "N D"]
    gates: Float[Tensor, "N S"]
    pointer: Float[Tensor, "N 2"]
    copies: Float[Tensor, " N"]


def think(model: LatentInterpreter, asked: Readings, operands: Float[Tensor, "N K D"]) -> Thought:
    """Return what a step makes of operands (N, 2, D), those of variables as they are read at their slots."""
    executor = model.executor
    operands = torch.where(asked.literal[..., None], asked.literals, operands)
    thought = executor.compute(asked.operators, operands)
    return conclude(model, thought, asked, operands)


def conclude(
    model: LatentInterpreter, thought: Float[Tensor, "N T"], asked: Readings, operands: Float[Tensor, "N K D"]
) -> Thought:
    """Return what the executor's last layers make of a thought, as `Executor.forward` does with slots around it."""
    executor = model.executor
    source = torch.softmax(executor.source(thought).float(), -1)
    pointer = torch.where(asked.literal, 0, source) + EPSILON
    share = (pointer / pointer.sum(-1, keepdim=True) * (1 + STRETCH) - STRETCH / 2).clamp(0, 1)
    copied = ((share / share.sum(-1, keepdim=True))[..., None] * operands).sum(1)
    copies = executor.copies(thought).float()
    value = torch.lerp(executor.propose(thought), copied, clipped(copies))
    gates = asked.gates + executor.writes(thought).float()
    return Thought(value, executor.report(thought), gates, pointer.log(), copies[:, 0])
