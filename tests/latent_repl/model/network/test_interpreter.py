"""Shapes, ranges and the gate; that the architecture learns an operator which no arithmetic could give it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from grammar.core_lines.sample import Chain, Encoder
from latent_repl.errors import LatentShapeError
from latent_repl.model.network.backend import TorchInterpreter, freeze
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from training.evaluate import chain_exact
from training.losses import LossWeights, losses


def test_latents_lie_in_the_box_and_have_the_declared_shapes(small: LatentInterpreter) -> None:
    states = small.encode_states(torch.tensor([small.vocabulary.state_ids([5, None, True])] * 2))
    codes = small.encode_code(torch.zeros(2, 4, dtype=torch.long))
    after = small.execute(states, codes)
    assert states.shape == after.shape == (2, 4, 8)
    assert codes.shape == (2, 16)
    assert max(float(tensor.detach().abs().max()) for tensor in (states, codes, after)) <= 1


def test_latents_of_another_size_are_refused_with_both_sizes(small: LatentInterpreter) -> None:
    for model in (freeze(small), TorchInterpreter(small)):
        with pytest.raises(LatentShapeError, match=r"\(1, 4, 9\).*takes \(B, 4, 8\)"):
            model.execute(np.zeros((1, 4, 9), np.float32), np.zeros((1, 16), np.float32))


def test_a_slot_is_encoded_by_itself(small: LatentInterpreter) -> None:
    read = small.vocabulary
    alone = small.encode_states(torch.tensor([read.state_ids([5, None, None])]))
    among = small.encode_states(torch.tensor([read.state_ids([5, 7, True])]))
    assert torch.equal(alone[0, 0], among[0, 0])


def test_a_closed_gate_keeps_a_latent_to_the_bit(small: LatentInterpreter) -> None:
    closed = LatentInterpreter(small.config).eval()
    with torch.no_grad():
        closed.executor.writes.bias.fill_(-100.0)
    states = closed.encode_states(torch.tensor([closed.vocabulary.state_ids([5, 7, None])]))
    after = closed.execute(states, torch.rand(1, 16) * 2 - 1)
    assert torch.equal(after[:, :-1], states[:, :-1])
    assert not torch.equal(after[:, -1], states[:, -1])


def test_the_status_is_an_output_and_never_an_input(small: LatentInterpreter) -> None:
    states = small.encode_states(torch.tensor([small.vocabulary.state_ids([5, 7, None])]))
    other = states.clone()
    other[:, -1] = torch.rand_like(other[:, -1])
    codes = torch.rand(1, 16)
    assert torch.equal(small.execute(states, codes), small.execute(other, codes))


def made_up_chain(model: LatentInterpreter, table: np.ndarray, pairs: np.ndarray, seed: int) -> Chain:
    """Return lines `s2 = s0 + s1` whose results come from a random table instead of from addition."""
    generator = np.random.default_rng(seed)
    count, encoder, read = len(pairs), Encoder(model.vocabulary), model.vocabulary
    numbers = np.concatenate([pairs, generator.integers(-9, 10, (count, 1))], axis=1)
    yes = np.ones_like(numbers, dtype=bool)
    before = np.concatenate([encoder.values(numbers, ~yes, yes), np.full((count, 1), read.status_id("ok"))], axis=1)
    after = before.copy()
    results = table[pairs[:, 0], pairs[:, 1]]
    after[:, 2] = encoder.values(results, np.zeros(count, bool), np.ones(count, bool))
    line = np.array([read.ids["s2"], read.ids["+"], read.ids["s0"], read.ids["s1"]])
    zeros = np.zeros((1, count), dtype=np.int64)
    return Chain(np.stack([before, after]), np.tile(line, (1, count, 1)), zeros + 2, zeros, zeros)


@pytest.mark.slow
def test_the_architecture_learns_an_operator_given_by_a_random_table() -> None:
    torch.manual_seed(1)
    config = LatentConfig(
        slots=3,
        limit=9,
        maximum=9,
        state_latent=8,
        code_latent=16,
        width=64,
        heads=2,
        feed_forward=96,
        executor_layers=2,
        trunk_width=96,
        trunk_layers=2,
    )
    model = LatentInterpreter(config).train()
    generator = np.random.default_rng(1)
    table = generator.integers(-9, 10, (8, 8))
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3)
    for step in range(600):
        chain = made_up_chain(model, table, generator.integers(0, 8, (128, 2)), step)
        before, lines, operators, after, targets = map(
            torch.from_numpy, (chain.states[0], chain.lines[0], chain.operators[0], chain.states[1], chain.targets[0])
        )
        drift = torch.zeros(*before.shape, model.config.state_latent)
        total, _ = losses(model, before, lines, operators, after, targets, drift, None, LossWeights())
        total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
    every_pair = np.stack(np.meshgrid(np.arange(8), np.arange(8)), axis=-1).reshape(-1, 2)
    exact = chain_exact(freeze(model), made_up_chain(model, table, every_pair, 10_000)).mean()
    print(f"made-up operator: {exact:.3f} of {len(every_pair)} operand pairs exact")
    assert exact >= 0.95
