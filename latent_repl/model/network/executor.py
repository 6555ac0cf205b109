"""(state latent, code latent) -> next state latent.

    program --T5 encoder--> target, operator, operands; each operand --read by address--> a slot's latent, or its own
    operator and operands --T5 feed-forward layers, the trunk--> hidden --written at the target's address--> next state

The expanded code latent is a short program. Each of its operands is read by attention over the slots' addresses; at the
last address, nowhere, it finds the literal that it carries itself, as a latent like any slot's. Operator and operands
become one wide vector, which goes through the *trunk*: in its layers arithmetic is learnt, whatever the operands came
from. What comes out proposes a new latent, or points at an operand to be copied, so that a copy of a copy of a copy
stays where the first one was. A gate for each slot, computed from latents only, mixes the previous latent with the
proposal. Source: the addressing of neural Turing machines, Graves et al., 2014.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from latent_repl.model.inference.layers import EPSILON, STRETCH
from latent_repl.model.network.config import LatentConfig
from latent_repl.shapes import Float

# A run begins with little copying and with gates almost shut. Chosen.
SELDOM = -2.0


class Transition(NamedTuple):
    """The next state latents (B, S + 1, D), and how they came about, mostly as logits: the gate (B, S), where operands
    are read (B, K, S + 1; the last is nowhere), the latents of their literals (B, K, D), which slot is read to be
    copied (B, S), and copying at all (B). The status, the last latent, has neither gate nor address."""

    latents: Tensor
    gate: Tensor
    reading: Tensor
    literals: Tensor
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
        width, trunk, operands = config.width, config.trunk_width, config.code_tokens - 2
        self.address = nn.Embedding(config.slots + 1, width)  # the last is nowhere
        self.program = nn.Linear(width, width)
        self.reader = config.stack(config.executor_layers)
        self.operand_query = nn.Linear(width, width)
        self.literal = nn.Linear(width, config.state_latent)
        self.gather = nn.Linear(width + operands * config.state_latent, trunk)
        self.trunk = config.trunk()
        self.norm = nn.RMSNorm(trunk, eps=EPSILON)
        self.proposal = nn.Linear(trunk, config.state_latent)
        self.status = nn.Linear(trunk, config.state_latent)
        self.target = nn.Linear(width, width)
        self.writes = nn.Linear(trunk, 1)
        self.source = nn.Linear(trunk, operands)
        self.copies = nn.Linear(trunk, 1)
        nn.init.constant_(self.writes.bias, SELDOM)
        nn.init.constant_(self.copies.bias, SELDOM)

    def forward(self, states: Float[Tensor, "B S D"], program: Float[Tensor, "B N W"]) -> Transition:
        """Return the next state latents and how they came about; S counts the status, an output that is never read."""
        slots = states[:, :-1]
        tokens = self.parts(program)
        reading = self._at_addresses(self.operand_query(tokens[:, 2:]))
        literals = self.literals(tokens[:, 2:])
        share = torch.softmax(reading, -1)
        operands = share[..., :-1] @ slots + share[..., -1:] * literals
        hidden = self.compute(tokens[:, 1], operands)
        source = torch.softmax(self.source(hidden).float(), -1)
        pointer = ((source[..., None] * share[..., :-1]).sum(1) + EPSILON).log()
        copies = self.copies(hidden).float()
        proposal = torch.lerp(self.propose(hidden), pointed_at(slots, pointer), clipped(copies))
        gate = self.gates(tokens[:, 0]) + self.writes(hidden).float()
        after = torch.lerp(slots, proposal[:, None].expand_as(slots), clipped(gate)[..., None])
        latents = torch.cat([after, self.report(hidden)[:, None]], 1)
        return Transition(latents, gate, reading, literals, pointer, copies[:, 0])

    def parts(self, program: Float[Tensor, "B N W"]) -> Float[Tensor, "B N W"]:
        """Return a program's target, operator and operands, one vector each."""
        tokens: Tensor = self.reader(inputs_embeds=self.program(program)).last_hidden_state
        return tokens

    def compute(self, operator: Float[Tensor, "B W"], operands: Float[Tensor, "B K D"]) -> Float[Tensor, "B T"]:
        """Return what the trunk makes of an operator and its operands' latents."""
        hidden: Tensor = self.norm(self.trunk(self.gather(torch.cat([operator, operands.flatten(1)], -1))).float())
        return hidden

    def literals(self, tokens: Float[Tensor, "B K W"]) -> Float[Tensor, "B K D"]:
        """Return the latents of the literals that operands carry themselves."""
        return torch.tanh(self.literal(tokens)).float()

    def gates(self, target: Float[Tensor, "B W"]) -> Float[Tensor, "B S"]:
        """Return how well the slots' addresses match a target."""
        return self._at_addresses(self.target(target))[..., :-1]

    def propose(self, hidden: Float[Tensor, "B T"]) -> Float[Tensor, "B D"]:
        """Return the latent of the target's new value."""
        return torch.tanh(self.proposal(hidden)).float()

    def report(self, hidden: Float[Tensor, "B T"]) -> Float[Tensor, "B D"]:
        """Return the latent of the status."""
        return torch.tanh(self.status(hidden)).float()

    def _at_addresses(self, query: Float[Tensor, "*N W"]) -> Float[Tensor, "*N A"]:
        """Return how well queries match the addresses of the slots and, last, of nowhere."""
        addresses = self.address.weight
        return (query @ addresses.T).float() / addresses.shape[1] ** 0.5
