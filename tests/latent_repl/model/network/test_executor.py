"""One step: what a pointer copies is copied to the bit."""

from __future__ import annotations

import torch

from latent_repl.model.network.executor import clipped, pointed_at
from latent_repl.model.network.interpreter import LatentInterpreter


def test_a_sigmoid_that_is_clipped_reaches_its_ends() -> None:
    assert clipped(torch.tensor([-9.0, 0.0, 9.0])).tolist() == [0, 0.5, 1]


def test_a_sure_pointer_takes_one_operands_latent_to_the_bit() -> None:
    operands = torch.rand(2, 2, 8)
    pointer = torch.tensor([[9.0, -9.0], [-9.0, 9.0]])
    assert torch.equal(pointed_at(operands, pointer), torch.stack([operands[0, 0], operands[1, 1]]))


def test_an_unsure_pointer_mixes_what_it_points_at() -> None:
    operands = torch.rand(1, 2, 8)
    torch.testing.assert_close(pointed_at(operands, torch.zeros(1, 2)), operands.mean(1))


def test_a_step_tells_how_it_came_about(small: LatentInterpreter) -> None:
    config, operators = small.config, torch.arange(5)
    operands = torch.rand(5, config.code_tokens - 2, config.state_latent)
    step = small.executor(operators, operands)
    assert step.value.shape == step.status.shape == (5, config.state_latent)
    assert step.pointer.shape == (5, 2)
    assert step.writes.shape == step.copies.shape == (5,)


def test_a_run_begins_with_gates_almost_shut_and_little_copying(small: LatentInterpreter) -> None:
    operands = torch.rand(64, 2, small.config.state_latent) * 2 - 1
    step = small.executor(torch.arange(64) % 18, operands)
    assert step.copies.detach().mean() < -1 and step.writes.detach().mean() < -1
