"""(operator, latents of its operands) -> the latent of the result, of the status, and whether anything is written.

    operator's vector, operands --T5 feed-forward layers, the trunk--> hidden --> proposal, status, gate, pointer

Operator and operands become one wide vector, which goes through the *trunk*: in its layers arithmetic is learnt,
whatever the operands came from; an operator may have hidden units of its own in them. What comes out proposes a new
latent, or points at an operand to be copied, so that a copy of a copy of a copy stays where the first one was. A gate,
computed from latents only, mixes the target's previous latent with the proposal. What a line reads and where it writes,
the code decoder tells (`interpreter.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from latent_repl.model.experts import units_of
from latent_repl.model.inference.layers import EPSILON, STRETCH
from latent_repl.model.network.config import LatentConfig
from latent_repl.shapes import Float, Int

# A run begins with little copying and with gates almost shut. Chosen.
SELDOM = -2.0


class ExecutorStep(NamedTuple):
    """What is made of B operators with their operands: the latents (B, D) of value and status, and, as logits, whether
    the value is written (B,), which operand is copied (B, K), and copying at all (B,)."""

    value: Tensor
    status: Tensor
    writes: Tensor
    pointer: Tensor
    copies: Tensor


def clipped(logits: Float[Tensor, "*N"]) -> Float[Tensor, "*N"]:
    """Return a stretched and clipped sigmoid: exactly 0 and 1 at its ends."""
    return (torch.sigmoid(logits) * (1 + 2 * STRETCH) - STRETCH).clamp(0, 1)


def pointed_at(operands: Float[Tensor, "B K D"], pointer: Float[Tensor, "B K"]) -> Float[Tensor, "B D"]:
    """Return the latent that is pointed at: exactly one operand's where the pointer is sure."""
    share = (torch.softmax(pointer, dim=-1) * (1 + STRETCH) - STRETCH / 2).clamp(0, 1)
    with torch.autocast(operands.device.type, enabled=False):  # bf16 would round what is copied
        return ((share / share.sum(-1, keepdim=True))[:, None] @ operands)[:, 0]


class Executor(nn.Module):
    """One step of arithmetic, for B lines at once.

    units: which of the trunk's hidden units each operator has (O, H), None where each has all. only: those that all
    operators have that are asked for, where that is known; less is computed then.
    """

    units: Tensor | None
    only: slice | None = None

    def __init__(self, config: LatentConfig, operators: Sequence[str]) -> None:
        """operators: those of the vocabulary."""
        super().__init__()
        self.config, self.symbols = config, tuple(operators)
        width, trunk, operands = config.width, config.trunk_width, config.code_tokens - 2
        self.operators = nn.Embedding(len(operators), width)
        self.gather = nn.Linear(width + operands * config.state_latent, trunk)
        self.trunk = config.trunk()
        self.norm = nn.RMSNorm(trunk, eps=EPSILON)
        self.proposal = nn.Linear(trunk, config.state_latent)
        self.status = nn.Linear(trunk, config.state_latent)
        self.writes = nn.Linear(trunk, 1)
        self.source = nn.Linear(trunk, operands)
        self.copies = nn.Linear(trunk, 1)
        nn.init.constant_(self.writes.bias, SELDOM)
        nn.init.constant_(self.copies.bias, SELDOM)
        self.register_buffer("units", self.shared_out() if config.experts else None, persistent=False)

    def shared_out(self) -> Float[Tensor, "O H"]:
        """Return which of the trunk's hidden units each operator has."""
        hidden = self.trunk.hidden
        places, parts = torch.arange(hidden), units_of(self.config.experts, self.symbols, hidden)
        return torch.stack([(places >= part.start) & (places < part.stop) for part in parts]).float()

    def forward(self, operators: Int[Tensor, " B"], operands: Float[Tensor, "B K D"]) -> ExecutorStep:
        """Return what is made of operators, given by their places, and the latents of their operands."""
        units = self.only or (None if self.units is None else self.units[operators])
        return self._step(self.operators(operators), units, operands)

    def blend(self, shares: Float[Tensor, "B O"], operands: Float[Tensor, "B K D"]) -> ExecutorStep:
        """Return what is made of operands by operators of which each has a share."""
        units = None if self.units is None else shares @ self.units
        return self._step(shares @ self.operators.weight, units, operands)

    def _step(
        self,
        vectors: Float[Tensor, "B W"],
        units: Float[Tensor, "B H"] | slice | None,
        operands: Float[Tensor, "B K D"],
    ) -> ExecutorStep:
        gathered = self.gather(torch.cat([vectors, operands.flatten(1)], -1))
        hidden = self.norm(self.trunk(gathered, units).float())
        proposal, status = (torch.tanh(head(hidden)).float() for head in (self.proposal, self.status))
        pointer, copies, writes = (head(hidden).float() for head in (self.source, self.copies, self.writes))
        value = torch.lerp(proposal, pointed_at(operands, pointer), clipped(copies))
        return ExecutorStep(value, status, writes[:, 0], pointer, copies[:, 0])
