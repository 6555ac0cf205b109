"""The regulariser sees what it must see, and the loss falls where the decoder is right."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from grammar.core_lines.sample import Mixture, sample
from latent_repl.language.program import CoreLine, Slot
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from training.losses import LossWeights, losses, mmd, mmd_to_prior, operand_ids


def test_mmd_tells_collapse_from_the_prior_even_in_many_dimensions() -> None:
    torch.manual_seed(0)
    for dimensions in (2, 32, 100):
        collapsed = float(mmd_to_prior(torch.zeros(256, dimensions)))
        at_prior = float(mmd_to_prior(torch.rand(256, dimensions) * 2 - 1))
        assert collapsed > 20 * at_prior


def test_mmd_of_a_sample_with_itself_is_zero() -> None:
    sample = torch.rand(64, 8)
    assert abs(float(mmd(sample, sample))) < 1e-5


def test_a_slot_keeps_its_drift_and_a_target_that_decodes_wrong_is_put_right() -> None:
    torch.manual_seed(0)
    sizes: dict[str, Any] = {
        "state_latent": 8,
        "code_latent": 16,
        "width": 32,
        "heads": 2,
        "feed_forward": 32,
        "trunk_layers": 1,
    }
    model = LatentInterpreter(LatentConfig(slots=4, limit=9, maximum=9, **sizes))
    chain = sample(np.random.default_rng(0), Mixture(maximum=9, live=(2, 3)), model.vocabulary, count=64, steps=1)
    before, after = (torch.from_numpy(state) for state in chain.states)
    line, operators, target = (torch.from_numpy(array[0]) for array in (chain.lines, chain.operators, chain.targets))
    drift = 0.1 * torch.rand(64, 5, 8) - 0.05
    _, terms = losses(model, before, line, operators, after, target, drift, None, LossWeights(noise=0.0))
    others = ~torch.nn.functional.one_hot(target, 5).bool()
    assert torch.equal(terms["drift"][others], drift[others])
    wrong = ~terms["exact"]
    assert wrong.any()
    assert not terms["drift"][torch.arange(64), target][wrong].any()


def test_operands_are_those_of_the_line_with_the_drift_of_their_slots() -> None:
    model = LatentInterpreter(LatentConfig(slots=3, limit=9, maximum=9))
    vocabulary = model.vocabulary
    states = torch.tensor([vocabulary.state_ids([5, None, 7])])
    lines = torch.tensor([vocabulary.core_line_ids(CoreLine(Slot(1), "+", Slot(2), -3))])
    drift = torch.rand(1, 4, model.config.state_latent)
    ids, moved = operand_ids(model, states, lines, drift)
    assert ids.tolist() == [[vocabulary.value_id(7), vocabulary.value_id(-3)]]
    assert torch.equal(moved[:, 0], drift[:, 2])
    assert not moved[:, 1].any()
