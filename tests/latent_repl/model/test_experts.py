"""Operators with hidden units of their own, in torch and in NumPy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from latent_repl.errors import CheckpointError
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.experts import units_of
from latent_repl.model.load import load
from latent_repl.model.network.backend import save
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from latent_repl.shapes import Int
from training.operands import plain_line

EXPERTS = {"*": 32, "%": 64, "": 32}


@pytest.fixture
def several() -> LatentInterpreter:
    torch.manual_seed(1)
    config = LatentConfig(
        slots=3, limit=20, maximum=9, state_latent=8, code_latent=16, width=32, heads=2, feed_forward=32,
        executor_layers=2, trunk_width=48, trunk_layers=2, experts=EXPERTS,
    )  # fmt: skip
    return LatentInterpreter(config).eval()


def lines(vocabulary: Vocabulary) -> Int[np.ndarray, "L 4"]:
    return np.array([plain_line(vocabulary, operator) for operator in ("+", "*", "%", "<", "%", "-")])


def test_each_operator_has_one_part_of_the_units() -> None:
    assert units_of(EXPERTS, ["%", "+", "*", "<"], 128) == [slice(32, 96), slice(0, 32), slice(96, 128), slice(0, 32)]
    assert units_of({}, ["%", "+"], 128) == [slice(0, 128)] * 2


def test_a_saved_model_runs_alike_in_numpy_in_a_batch_and_by_itself(several: LatentInterpreter, tmp_path: Path) -> None:
    several.load_state_dict({name: weight.half().float() for name, weight in several.state_dict().items()})
    save(several, tmp_path)
    ours = load(tmp_path)
    codes = ours.encode_code(lines(ours.vocabulary))
    states = np.random.default_rng(0).uniform(-1, 1, (len(codes), 4, 8)).astype(np.float32)
    with torch.no_grad():
        wanted = several.execute(torch.from_numpy(states), torch.from_numpy(codes)).numpy()
    assert np.allclose(ours.execute(states, codes), wanted, atol=1e-4)
    one_by_one = [load(tmp_path).execute(states[[place]], codes[[place]]) for place in range(len(codes))]
    assert np.allclose(np.concatenate(one_by_one), wanted, atol=1e-4)


def test_an_experts_units_are_for_its_operator_alone(several: LatentInterpreter) -> None:
    codes = several.encode_code(torch.from_numpy(lines(several.vocabulary)))
    states = torch.rand(len(codes), 4, 8)
    before = several.execute(states, codes)
    with torch.no_grad():
        trunk: Any = several.executor.trunk
        for layer in trunk:
            layer.DenseReluDense.wo.weight[:, 32:96] += 1
    changed = (several.execute(states, codes) != before).any(-1).any(-1).tolist()
    told = several.vocabulary.operators
    assert changed == [told[place] == "%" for place in _operators(several, codes)]


def _operators(model: LatentInterpreter, codes: torch.Tensor) -> list[int]:
    """Return the operators that random weights read in the codes."""
    return model._shares(codes)[:, 1, model._operators].argmax(-1).tolist()


@pytest.mark.parametrize("experts", [{"*": 32}, {"": 0}, {"": "many"}, {"": True}])
def test_experts_that_are_no_sizes_or_leave_operators_out_are_refused(
    experts: object, several: LatentInterpreter, tmp_path: Path
) -> None:
    save(several, tmp_path)
    path = tmp_path / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "experts": experts}))
    with pytest.raises(CheckpointError, match="experts"):
        load(tmp_path)
