"""(state latent, code latent) -> next state latent.

The expanded code latent is a short program that *reads* the slots through T5 layers with cross-attention; then each
slot *writes*: one more T5 layer in which the slots read the program. What is proposed is a new latent, or that of a
slot that the program points at, so that a copy of a copy of a copy stays where the first one was. A gate for each slot,
computed from the latents only, mixes the previous latent with the proposal.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from latent_repl.model.config import LatentConfig
from latent_repl.model.stacks import STRETCH

# A run begins with little copying. Chosen.
FEW_COPIES = -2.0


class Step(NamedTuple):
    """The next state latents (B, S, D), and the logits of the gate (B, S), of the pointer (B, S - 1), which leaves out
    the status, and of copying what it points at (B)."""

    latents: Tensor
    gate: Tensor
    pointer: Tensor
    copies: Tensor


def clipped(logits: Float[Tensor, "*N"]) -> Float[Tensor, "*N"]:
    """Return a stretched and clipped sigmoid: exactly 0 and 1 at its ends."""
    return (torch.sigmoid(logits) * (1 + 2 * STRETCH) - STRETCH).clamp(0, 1)


def pointed_at(states: Float[Tensor, "B S D"], pointer: Float[Tensor, "B S-1"]) -> Float[Tensor, "B 1 D"]:
    """Return the latent that is pointed at: exactly one slot's where the pointer is sure."""
    share = (torch.softmax(pointer, dim=-1) * (1 + STRETCH) - STRETCH / 2).clamp(0, 1)
    with torch.autocast(states.device.type, enabled=False):  # bf16 would round what is copied
        return (share / share.sum(-1, keepdim=True))[:, None] @ states[:, :-1]


class Executor(nn.Module):
    """One step of execution, for B programs at once."""

    def __init__(self, config: LatentConfig) -> None:
        super().__init__()
        self.slots, self.code_tokens = config.slots, config.code_tokens
        self.address = nn.Embedding(config.slots + 1, config.width)
        self.from_latent = nn.Linear(config.state_latent, config.width)
        self.program = nn.Linear(config.width, config.width)
        self.reader = config.stack(config.executor_layers, reads=True)
        self.writer = config.stack(1, reads=True, feed_forward=config.width)
        self.proposal = nn.Linear(config.width, config.state_latent)
        self.gate = nn.Linear(config.width, 1)
        self.seeks = nn.Linear(config.code_tokens * config.width, config.width)
        self.offers = nn.Linear(config.width, config.width)
        self.copies = nn.Linear(config.code_tokens * config.width, 1)
        nn.init.constant_(self.copies.bias, FEW_COPIES)

    def forward(self, states: Float[Tensor, "B S D"], program: Float[Tensor, "B N W"]) -> Step:
        """Return the next state latents and how they came about; S counts the status slot, which is last.

        The status is an output, never an input: its latent is not read, and its gate is always open.
        """
        slots = self.address.weight + self.from_latent(states) * self._readable(states)
        result = self.reader(
            inputs_embeds=self.program(program),
            attention_mask=self._unmasked(program, self.code_tokens),
            encoder_hidden_states=slots,
        ).last_hidden_state
        written = self.writer(
            inputs_embeds=slots,
            attention_mask=self._unmasked(program, self.slots + 1),
            encoder_hidden_states=result,
        ).last_hidden_state
        new = torch.tanh(self.proposal(written)).float()
        readable, thought = self._readable(states), result.flatten(1)
        pointer = self._pointer(thought, slots)
        copies = self.copies(thought).float()
        copied = clipped(copies)[..., None] * readable
        proposals = torch.lerp(new, pointed_at(states, pointer).expand_as(new), copied)
        logits = self.gate(written)[..., 0].float()
        gate = clipped(logits)[..., None] * readable + (1 - readable)
        return Step(torch.lerp(states, proposals, gate), logits, pointer, copies[:, 0])

    def _pointer(self, thought: Float[Tensor, "B NW"], slots: Float[Tensor, "B S W"]) -> Float[Tensor, "B S-1"]:
        """Return the logits of pointing at each slot but the status. Source: pointer networks, Vinyals et al., 2015."""
        scores = (self.offers(slots) @ self.seeks(thought)[..., None])[..., 0].float()
        return scores[:, :-1] / slots.shape[-1] ** 0.5

    def _readable(self, states: Tensor) -> Float[Tensor, "S 1"]:
        ones = torch.ones(self.slots + 1, 1, device=states.device)
        ones[-1] = 0
        return ones

    def _unmasked(self, like: Tensor, length: int) -> Float[Tensor, "1 1 L L"]:
        """Return the mask that lets every token see every other; T5's reading stacks are causal without it."""
        return torch.zeros(1, 1, length, length, device=like.device)
