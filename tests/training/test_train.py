"""A tiny run learns, saves, and goes on after a kill exactly as if there had been none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from latent_repl.model.load import load_reference
from training.config import load
from training.train import main
from training.trainer import start

TINY = """
name = "tiny"
lines = {lines}
warm_up = 20
rate = 3e-3
maximum = 3
adapt = 0.5
{extra}
[model]
slots = 3
limit = 3
state_latent = 8
code_latent = 16
width = 32
heads = 2
feed_forward = 64
executor_layers = 2
trunk_width = 64
trunk_layers = 1
[[stages]]
until = 1.0
steps = {steps}
batch = 128
live = [1, 2]
"""


@pytest.fixture
def run_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def config(folder: Path, lines: int, extra: str = "", *, steps: int = 1) -> Path:
    path = folder / "tiny.toml"
    path.write_text(TINY.format(lines=lines, extra=extra, steps=steps))
    return path


def train(path: Path, **options: object) -> None:
    main(path, threads=1, compiled=False, **options)  # type: ignore[arg-type]


def errors_of(path: Path) -> np.ndarray:
    """How often each operator fails where the run's own state has left it."""
    return start(load(path)).objective.state()["errors"].numpy()


@pytest.mark.slow
def test_a_tiny_run_learns(run_in: Path) -> None:
    path = config(run_in, 128 * 300)
    untrained = float(errors_of(path).mean())
    train(path)
    errors = errors_of(path)
    print(f"mean error of the operators: {untrained:.2f} before, {errors.mean():.2f} after")
    assert errors.mean() < 0.7 * untrained


@pytest.mark.slow
@pytest.mark.parametrize("steps", [1, 4])
def test_a_resumed_run_is_the_run_without_the_kill(run_in: Path, steps: int) -> None:
    path = config(run_in, 128 * 8, "seed = 5", steps=steps)
    train(path)
    whole = torch.load("runs/tiny/state.pt")["model"]
    Path("runs/tiny/state.pt").unlink()
    train(config(run_in, 128 * 8, "seed = 5\nstop_after = 4", steps=steps))
    assert torch.load("runs/tiny/state.pt")["schedule"]["step"] == 4
    train(config(run_in, 128 * 8, "seed = 5", steps=steps))
    resumed = torch.load("runs/tiny/state.pt")["model"]
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


@pytest.mark.slow
def test_saved_weights_are_a_checkpoint_that_warms_another_run(run_in: Path) -> None:
    train(config(run_in, 128 * 2))
    model = load_reference(run_in / "runs/tiny/checkpoint")
    Path("runs/tiny/state.pt").unlink()
    warmed = start(load(config(run_in, 128 * 2)), "runs/tiny/checkpoint").objective.model
    assert all(torch.equal(value, warmed.state_dict()[name]) for name, value in model.state_dict().items())


@pytest.mark.slow
def test_two_processes_share_every_batch_of_a_run(run_in: Path, repository: Path) -> None:
    path = config(run_in, 128 * 4, "report_steps = 1")
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run(
        [*launch, "-m", "training.train", str(path), "--threads", "1", "--no-compiled"],
        env={**os.environ, "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = [json.loads(row) for row in Path("runs/tiny/log.jsonl").read_text().splitlines()]
    assert [row["lines"] for row in rows if "speed" in row] == [128, 256, 384, 512]
    assert load_reference(run_in / "runs/tiny/checkpoint").config.maximum == 3


@pytest.mark.slow
def test_a_stage_leaves_its_frozen_weights_where_they_are(run_in: Path) -> None:
    path = config(run_in, 128 * 4)
    path.write_text(path.read_text() + 'frozen = ["state_vae.encoder"]\n')
    before = {name: weight.detach().clone() for name, weight in start(load(path)).objective.model.named_parameters()}
    train(path)
    state = torch.load("runs/tiny/state.pt")
    for name, weight in before.items():
        held = name.startswith("state_vae.encoder")
        assert torch.equal(weight, state["average"][f"module.{name}"]) == held
        assert torch.equal(weight, state["model"][name]) == held


PAIRS = """
[[stages]]
until = 1.0
steps = 1
batch = 256
live = [1, 2]
pairs = true
frozen = ["state_vae", "code_vae", "executor.reader"]
"""


@pytest.mark.slow
def test_a_stage_of_pairs_trains_the_trunk_alone(run_in: Path) -> None:
    halves = {}
    for stop in (150, 400):
        path = config(run_in, 128 * 650, f"stop_after = {stop}\nliterals = 0.0")
        path.write_text(path.read_text().replace("until = 1.0", f"until = {150 / 650}") + PAIRS)
        train(path)
        weights = start(load(path)).objective.model.named_parameters()
        halves[stop] = errors_of(path).mean(), {name: weight.detach() for name, weight in weights}
    (untrained, before), (trained, after) = halves.values()
    print(f"mean error of the operators: {untrained:.2f} before, {trained:.2f} after")
    assert trained < 0.8 * untrained
    moved = {name for name in after if not torch.equal(before[name], after[name])}
    assert {"executor.gather.weight", "executor.proposal.weight", "executor.status.weight"} <= moved
    assert not any(name.startswith(("state_vae", "code_vae", "executor.target", "executor.address")) for name in moved)
