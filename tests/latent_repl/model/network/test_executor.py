"""One step: what a gate keeps and a pointer copies is kept and copied to the bit."""

from __future__ import annotations

import torch

from latent_repl.model.network.executor import clipped, pointed_at
from latent_repl.model.network.interpreter import LatentInterpreter


def test_a_sigmoid_that_is_clipped_reaches_its_ends() -> None:
    assert clipped(torch.tensor([-9.0, 0.0, 9.0])).tolist() == [0, 0.5, 1]


def test_a_sure_pointer_takes_one_slots_latent_to_the_bit() -> None:
    slots = torch.rand(2, 3, 8)
    pointer = torch.tensor([[9.0, -9.0, -9.0], [-9.0, -9.0, 9.0]])
    assert torch.equal(pointed_at(slots, pointer), torch.stack([slots[0, 0], slots[1, 2]]))


def test_an_unsure_pointer_mixes_what_it_points_at() -> None:
    slots = torch.rand(1, 2, 8)
    torch.testing.assert_close(pointed_at(slots, torch.zeros(1, 2)), slots.mean(1))


def test_a_step_tells_how_it_came_about(small: LatentInterpreter) -> None:
    config = small.config
    program = small.code_vae.expand(torch.rand(5, config.code_latent))
    step = small.executor(torch.rand(5, config.slots + 1, config.state_latent), program)
    operands = config.code_tokens - 2
    assert step.latents.shape == (5, config.slots + 1, config.state_latent)
    assert step.gate.shape == step.pointer.shape == (5, config.slots)
    assert step.reading.shape == (5, operands, config.slots + 1)
    assert step.literals.shape == (5, operands, config.state_latent) and step.copies.shape == (5,)


def test_a_run_begins_with_gates_almost_shut_and_little_copying(small: LatentInterpreter) -> None:
    states = torch.rand(64, small.config.slots + 1, small.config.state_latent) * 2 - 1
    step = small.executor(states, small.code_vae.expand(torch.rand(64, small.config.code_latent) * 2 - 1))
    assert step.copies.detach().mean() < -1 and step.gate.detach().mean() < -1
