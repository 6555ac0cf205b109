"""A tiny run learns, saves, and goes on after a kill exactly as if there had been none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from grammar.core_lines.movement import Cases, every_case
from latent_repl.errors import UsageError
from latent_repl.language.operators import OPERATORS
from latent_repl.model.load import load_reference
from training.config import load
from training.operands import operand_values
from training.rows.objective import every
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
    shutil.rmtree("runs/tiny")
    stopped = []
    for _ in range(8 // steps):
        train(path, minutes=0)
        stopped.append(torch.load("runs/tiny/state.pt")["schedule"]["step"])
    assert stopped == [*range(steps, 9, steps)]
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
        assert torch.equal(weight, state["average"][name]) == held
        assert torch.equal(weight, state["model"][name]) == held


PAIRS = """
[[stages]]
until = 1.0
steps = 1
batch = 256
live = [1, 2]
pairs = true
frozen = ["state_vae", "code_vae"]
"""


@pytest.mark.slow
def test_a_stage_of_pairs_trains_the_trunk_alone(run_in: Path) -> None:
    path = config(run_in, 128 * 650, "literals = 0.0")
    path.write_text(path.read_text().replace("until = 1.0", f"until = {150 / 650}") + PAIRS)
    trainer, halves = start(load(path)), []
    for steps in (150, 250):
        for _ in range(steps):
            list(trainer.steps())
        weights = {name: weight.detach().clone() for name, weight in trainer.objective.model.named_parameters()}
        halves.append((trainer.objective.state()["errors"].mean(), weights))
    (untrained, before), (trained, after) = halves
    print(f"mean error of the operators: {untrained:.2f} before, {trained:.2f} after")
    assert trained < 0.8 * untrained
    moved = {name for name in after if not torch.equal(before[name], after[name])}
    assert {"executor.gather.weight", "executor.proposal.weight", "executor.status.weight"} <= moved
    assert not any(name.startswith(("state_vae", "code_vae")) for name in moved)


def test_an_expert_learns_alone_and_nothing_else_changes(run_in: Path) -> None:
    path = config(run_in, 128 * 20, "weight_decay = 0.0")
    sizes = path.read_text().replace("[model]", '[model]\nexperts = { "%" = 32, "" = 96 }')
    stage = PAIRS.replace("frozen", 'operators = ["%"]\nfrozen')
    path.write_text(sizes[: sizes.index("[[stages]]")] + stage)
    trainer = start(load(path))
    before = {name: weight.detach().clone() for name, weight in trainer.objective.model.named_parameters()}
    trainer.begin_stage()
    (batch,) = trainer.objective.draw(np.random.default_rng(0), 64, trainer.schedule)
    assert {OPERATORS[place] for place in batch.operators} == {"%"}
    for _ in range(3):
        list(trainer.steps())
    for name, weight in trainer.objective.model.named_parameters():
        moved = (weight != before[name]).detach()
        if ".DenseReluDense." not in name or not name.startswith("executor.trunk"):
            assert not moved.any(), name
        else:
            others, own = (moved[:, :96], moved[:, 96:]) if ".wo." in name else (moved[:96], moved[96:])
            assert own.any() and not others.any(), name


RECIPE = """
name = "whole"
kind = "recipe"
seed = 3
maximum = 130

[model]
slots = 3
limit = 130
state_latent = 48
code_latent = 16
width = 32
heads = 2
feed_forward = 32
executor_layers = 1
trunk_width = 32
trunk_layers = 1
rows = 3
cells = 3
mover_width = 32
mover_layers = 1

[[parts]]
name = "words"
kind = "rows"
lines = 64
bfloat16 = false
stages = [{ until = 1.0, batch = 32, moves = false, frozen = ["executor", "mover"] }]

[[parts]]
name = "arithmetic"
lines = 96
bfloat16 = false
STAGES
[[parts]]
name = "pairs"
lines = 64
bfloat16 = false
mine = true
runs = 2
beside = ["arithmetic"]
[[parts.stages]]
until = 1.0
batch = 32
steps = 1
live = [1, 3]
pairs = true
hard = 0.5
frozen = ["state_vae", "code_vae", "mover"]

[[parts]]
name = "movement"
kind = "rows"
lines = 64
hard = 0.5
bfloat16 = false
mine = true
stages = [{ until = 1.0, batch = 32, frozen = ["state_vae", "code_vae", "executor"] }]
"""
MOVES = ("len", "kind")
STAGES = """
stages = [
    { until = 0.5, batch = 32, steps = 1, live = [1, 3], pairs = true, frozen = ["state_vae", "code_vae", "mover"] },
    { until = 1.0, batch = 16, steps = 2, live = [1, 3], frozen = ["state_vae", "code_vae", "mover"] },
]
"""


def few_cases(operator: str, *given: Any) -> Cases:
    """Return the cases of two operators, and none of any other."""
    cases = every_case(operator if operator in MOVES else MOVES[0], *given, numbers=range(3))
    return cases if operator in MOVES else cases[np.arange(0)]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let there be few pairs and cases, so that all of them are looked through in a moment."""
    monkeypatch.setattr("training.scan.operand_values", lambda *given: operand_values(*given)[:6])
    monkeypatch.setattr("training.scan.ROWS", 8)
    monkeypatch.setattr("training.rows.scan.ROWS", 8)
    monkeypatch.setattr("training.mine.PairMiner.operators", ("//", "%"))
    monkeypatch.setattr("training.rows.mine.CaseMiner.operators", property(lambda _: MOVES))
    for module in ("objective", "mine"):
        monkeypatch.setattr(f"training.rows.{module}.every_case", few_cases)
    monkeypatch.setattr("training.rows.objective.MEASURED", 8)
    every.cache_clear()
    yield
    every.cache_clear()


@pytest.mark.slow
@pytest.mark.usefixtures("few")
def test_a_recipe_stopped_again_and_again_goes_from_random_weights_to_its_end(run_in: Path) -> None:
    path = run_in / "whole.toml"
    path.write_text(RECIPE.replace("STAGES", STAGES))
    train(path)
    whole = {name: weight.clone() for name, weight in load_reference("runs/whole/checkpoint").state_dict().items()}
    told = json.loads(Path("runs/whole/checkpoint/metrics.json").read_text())["training"]
    lines = {name: cost["lines"] for name, cost in told["parts"].items()}
    assert lines == {"words": 64, "arithmetic": 96, "pairs": 128, "movement": 64}
    states = {
        name: load_reference(f"runs/whole/{name}/checkpoint").state_dict()
        for name in ("arithmetic", "pairs/1", "pairs/2", "pairs")
    }
    name = "executor.gather.weight"
    mean = sum(states[each][name] for each in ("arithmetic", "pairs/1", "pairs/2")) / 3
    assert torch.allclose(states["pairs"][name], mean, atol=1e-3)
    hard = [np.load(f"runs/whole/{name}/hard.npy") for name in ("pairs/1", "pairs/2", "movement")]
    assert len(hard[0]) and (hard[0] == hard[1]).all() and len(hard[2])
    Path("runs/whole").rename("runs/once")
    pieces = 0
    while not Path("runs/whole/checkpoint").exists():
        train(path, minutes=0)
        pieces += 1
        assert pieces < 100
    assert pieces > 12
    pieced = load_reference("runs/whole/checkpoint").state_dict()
    assert all(torch.equal(weight, pieced[name]) for name, weight in whole.items())


def test_random_weights_are_not_mined(run_in: Path) -> None:
    with pytest.raises(UsageError, match="tiny is to mine, and has no weights to begin with; name some by --warm"):
        train(config(run_in, 128, "mine = true"))
