"""(state latent, code latent) -> next state latent.

    program --T5 encoder--> tokens --read by address--> latents of slots
    tokens and what they read --T5 feed-forward layers--> thought --write by address--> next state latent

The expanded code latent is a short program. Each of its tokens reads one slot, or none, by attention over the slots'
addresses. Program and readings become one wide vector, the *thought*, in whose layers arithmetic is learnt. It proposes
a new latent, or points at a reading to be copied, so that a copy of a copy of a copy stays where the first one was. A
gate for each slot, computed from latents only, mixes the previous latent with the proposal. Source: the addressing of
neural Turing machines, Graves et al., 2014.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from latent_repl.model.config import LatentConfig
from latent_repl.model.stacks import EPSILON, STRETCH

# A run begins with little copying and with gates almost shut. Chosen.
SELDOM = -2.0


class Step(NamedTuple):
    """The next state latents (B, S + 1, D), and the logits of the gate (B, S), of which slot is read to be copied
    (B, S), and of copying at all (B); the status, which is last, has neither gate nor address."""

    latents: Tensor
    gate: Tensor
    pointer: Tensor
    copies: Tensor


def clipped(logits: Float[Tensor, "*N"]) -> Float[Tensor, "*N"]:
    """Return a stretched and clipped sigmoid: exactly 0 and 1 at its ends."""
    return (torch.sigmoid(logits) * (1 + 2 * STRETCH) - STRETCH).clamp(0, 1)


def pointed_at(slots: Float[Tensor, "B S D"], pointer: Float[Tensor, "B S"]) -> Float[Tensor, "B D"]:
    """Return the latent that is pointed at: exactly one slot's where the pointer is sure."""
    share = (torch.softmax(pointer, dim=-1) * (1 + STRETCH) - STRETCH / 2).clamp(0, 1)
    with torch.autocast(slots.device.type, enabled=False):  # bf16 would round what is copied
        return ((share / share.sum(-1, keepdim=True))[:, None] @ slots)[:, 0]


class Executor(nn.Module):
    """One step of execution, for B programs at once."""

    def __init__(self, config: LatentConfig) -> None:
        super().__init__()
        width, thought = config.width, config.thought_width
        self.address = nn.Embedding(config.slots + 1, width)  # the last is nowhere: a literal reads nothing
        self.program = nn.Linear(width, width)
        self.reader = config.stack(config.executor_layers)
        self.seeks = nn.Linear(width, width)
        self.gather = nn.Linear(config.code_tokens * (width + config.state_latent), thought)
        self.thoughts = config.thoughts()
        self.settle = nn.RMSNorm(thought, eps=EPSILON)
        self.proposal = nn.Linear(thought, config.state_latent)
        self.status = nn.Linear(thought, config.state_latent)
        self.target = nn.Linear(thought, width)
        self.gate = nn.Parameter(torch.tensor(SELDOM))
        self.source = nn.Linear(thought, config.code_tokens)
        self.copies = nn.Linear(thought, 1)
        nn.init.constant_(self.copies.bias, SELDOM)

    def forward(self, states: Float[Tensor, "B S D"], program: Float[Tensor, "B N W"]) -> Step:
        """Return the next state latents and how they came about; S counts the status, an output that is never read."""
        slots = states[:, :-1]
        tokens = self.reader(inputs_embeds=self.program(program)).last_hidden_state
        attention = torch.softmax(self._at_addresses(self.seeks(tokens)), -1)[..., :-1]
        read = torch.cat([tokens, attention @ slots], -1)
        thought = self.settle(self.thoughts(self.gather(read.flatten(1))).float())
        source = torch.softmax(self.source(thought).float(), -1)
        pointer = ((source[..., None] * attention).sum(1) + EPSILON).log()
        copies = self.copies(thought).float()
        new = torch.tanh(self.proposal(thought)).float()
        proposal = torch.lerp(new, pointed_at(slots, pointer), clipped(copies))
        gate = self._at_addresses(self.target(thought))[..., :-1] + self.gate
        after = torch.lerp(slots, proposal[:, None].expand_as(slots), clipped(gate)[..., None])
        status = torch.tanh(self.status(thought)).float()
        return Step(torch.cat([after, status[:, None]], 1), gate, pointer, copies[:, 0])

    def _at_addresses(self, query: Float[Tensor, "*N W"]) -> Float[Tensor, "*N A"]:
        """Return how well queries match the addresses of the slots and, last, of nowhere."""
        addresses = self.address.weight
        return (query @ addresses.T).float() / addresses.shape[1] ** 0.5
