"""A run on code latents trains the code VAE alone, from a checkpoint that may have had no scales."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch

from latent_repl.model.load import load
from training.codes.objective import CodesObjective
from training.config import CodesRun
from training.schedule import Schedule
from training.trainer import Trainer, start

TINY: dict[str, Any] = {
    "name": "tiny-codes",
    "kind": "codes",
    "lines": 64 * 6,
    "batch": 64,
    "maximum": 20,
    "warm_up": 2,
    "bfloat16": False,
    "model": {
        **{"slots": 3, "limit": 20, "state_latent": 8, "code_latent": 16, "width": 32, "heads": 2},
        **{"feed_forward": 32, "executor_layers": 1, "trunk_width": 32, "trunk_layers": 1},
    },
}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*, stochastic: bool = True, **keys: Any) -> CodesRun:
    return msgspec.convert(TINY | keys | {"model": TINY["model"] | {"stochastic": stochastic}}, CodesRun)


def finished(trainer: Trainer) -> list[dict[str, float]]:
    told = []
    while not trainer.schedule.finished:
        told += [{name: float(term) for name, term in terms.items()} for terms in trainer.steps()]
    return told


def test_all_but_the_code_vae_stays() -> None:
    trainer = start(run())
    before = {name: weight.clone() for name, weight in trainer.objective.model.state_dict().items()}
    finished(trainer)
    after = trainer.objective.model.state_dict()
    changed = {name for name, weight in after.items() if not torch.equal(weight, before[name])}
    assert all(name.startswith("code_vae.") for name in changed)
    assert {"code_vae.to_latent.weight", "code_vae.to_scale.weight", "code_vae.tokens.outward.weight"} <= changed


@pytest.mark.parametrize("stochastic", [False, True])
def test_draws_and_divergence_are_terms_of_a_stochastic_encoder(stochastic: bool) -> None:
    told = finished(start(run(stochastic=stochastic)))
    assert {"reading", "misread", "disorder"} <= told[0].keys()
    assert ({"draws", "divergence"} <= told[0].keys()) == stochastic
    assert ("mmd" in told[0]) != stochastic
    assert told[-1]["reading"] < told[0]["reading"]


def test_hard_lines_are_drawn_again_and_a_stopped_run_ends_where_one_does_that_was_not() -> None:
    whole = start(run(name="whole", hard=0.5))
    finished(whole)
    parts = start(run(name="parts", hard=0.5))
    for _ in range(3):
        list(parts.steps())
    waiting = parts.objective.state()["hard"]
    drawn = parts.objective.draw(np.random.default_rng(0), 64, parts.schedule)[0].lines
    known = {tuple(line) for line in waiting.tolist()}
    assert all(tuple(line) in known for line in drawn[32:].tolist())
    parts.objective.restore({"hard": waiting})
    parts.save()
    again = start(run(name="parts", hard=0.5))
    finished(again)
    for name, weight in whole.objective.model.state_dict().items():
        assert torch.equal(weight, again.objective.model.state_dict()[name]), name


def test_what_is_drawn_lies_where_the_weights_are(elsewhere: torch.device) -> None:
    objective = CodesObjective(run(), elsewhere, compiled=False)
    [batch] = objective.draw(np.random.default_rng(0), 64, Schedule(run()))
    assert {each.device.type for each in (batch.lines, *batch.behaviour)} == {"meta"}


def test_what_has_no_weight_is_told_and_not_minimised() -> None:
    trainers = [start(run(disorder=weight)) for weight in (5.0, 0.0)]
    batch = trainers[0].objective.draw(np.random.default_rng(0), 64, trainers[0].schedule)[0]
    totals = []
    for trainer in trainers:
        torch.manual_seed(0)
        total, terms = trainer.objective.loss(batch)
        totals.append((float(total.detach()), float(terms["disorder"])))
    (weighed, disorder), (bare, same) = totals
    assert disorder == same > 0
    assert weighed - bare == pytest.approx(5 * disorder, rel=1e-4)


def test_it_goes_on_from_a_checkpoint_without_scales_and_the_package_runs_what_comes_out() -> None:
    plain = start(run(stochastic=False, name="plain"))
    plain.save()
    trainer = start(run(divergence=0.01), "runs/plain/checkpoint")
    assert all(
        torch.allclose(weight, trainer.objective.model.state_dict()[name], atol=1e-2)
        for name, weight in plain.objective.model.state_dict().items()
    )
    finished(trainer)
    trainer.save()
    network: Any = trainer.average
    lines = trainer.objective.draw(np.random.default_rng(0), 8, trainer.schedule)[0].lines
    with torch.no_grad():
        wanted = network.encode_code(lines).numpy()
    assert np.allclose(load("runs/tiny-codes/checkpoint").encode_code(lines.numpy()), wanted, atol=1e-2)
    figures = trainer.objective.measure(network)
    assert 0 <= figures["misread"] <= 1 and figures["disorder"] > 0
