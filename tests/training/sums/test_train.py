"""A tiny table of sums is learnt, saved, measured and run as a program."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from latent_repl import Session
from latent_repl.errors import UsageError
from latent_repl.model.sums.network import SumsConfig, SumsModel
from training.sums import evaluate, train
from training.train import main

TINY = """
kind = "sums"
name = "tiny"
steps = {steps}
batch = 64
rate = 1e-2
{extra}
[model]
limit = 3
maximum = 3
state_latent = 4
code_latent = 4
width = 16
feed_forward = 32
executor_layers = 1
"""


def config(folder: Path, steps: int, extra: str = "") -> Path:
    path = folder / "tiny.toml"
    path.write_text(TINY.format(steps=steps, extra=extra))
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint of a run on all sums in [-3, 3], by the command that trains every checkpoint."""
    folder = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        main(config(folder, 400, "average = 0.98"), threads=1, compiled=False)
    return folder / "runs" / "tiny" / "checkpoint"


def test_a_tiny_run_learns_every_sum(trained: Path) -> None:
    figures = evaluate.figures(evaluate.load_sums(trained))
    print(figures)
    assert figures["sums"] == 37
    assert figures["exact"] > 0.9
    assert figures["reconstruction"] == {"state": 1.0, "code": 1.0}


def test_a_run_that_was_killed_ends_as_if_it_had_not_been(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = config(tmp_path, 200)
    whole = load_file(train.train(path, compiled=False) / "model.safetensors")
    shutil.rmtree("runs")

    def killed(*arguments: object) -> None:
        keep(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    keep = train.keep
    monkeypatch.setattr(train, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        train.train(path, compiled=False)
    monkeypatch.setattr(train, "keep", keep)
    resumed = load_file(train.train(path, compiled=False) / "model.safetensors")
    assert all(torch.equal(resumed[name], tensor) for name, tensor in whole.items())


def test_the_checkpoint_is_an_interpreter(trained: Path) -> None:
    session = Session(trained)
    assert session.run("a = 1").state == {"a": 1}
    assert session.run("a = a + 2").state == {"a": 3}
    assert session.run("a + -2").output == ("1",)


def test_every_sum_in_range_and_no_other_is_data() -> None:
    table = train.sums_in_range(3)
    assert table.shape == (3, 37)
    assert torch.equal(table[0] + table[1], table[2])
    assert int(table.abs().max()) == 3
    assert len(torch.unique(table, dim=1)[0]) == 37


def test_noise_and_weights_move_geometrically_and_then_stay() -> None:
    run = train.SumsRun(kind="sums", name="x", steps=100, settled=0.5, noise=(0.1, 0.001))
    assert [round(run.between(run.noise, step), 6) for step in (0, 25, 50, 99)] == [0.1, 0.01, 0.001, 0.001]


def test_leaving_the_executor_out_of_the_regulariser_frees_its_outputs() -> None:
    """The gradient of the regulariser reaches the executor only where its outputs are in the batch."""
    torch.manual_seed(0)
    model = SumsModel(SumsConfig(limit=3, maximum=3, width=16, feed_forward=32))
    batch = model.number_ids(train.sums_in_range(3))
    reached = {}
    for pooled in (True, False):
        terms = train.losses(model, batch, torch.tensor(0.01), pooled=pooled)
        gradient = torch.autograd.grad(terms["mmd"], [model.executor.to_latent.weight], allow_unused=True)[0]
        reached[pooled] = gradient is not None and bool(gradient.abs().max() > 0)
    assert reached == {True: True, False: False}


def test_order_is_the_rank_correlation_of_distances(trained: Path) -> None:
    vae = evaluate.load_sums(trained).code_vae
    vae.table = vae.numbers[:, None] * np.ones((1, 4))
    assert evaluate.order(vae, vae.numbers) == pytest.approx(1)


def test_the_summand_of_least_loss_is_compared_with_the_solution() -> None:
    numbers = np.arange(-1, 2)
    nats = np.full((3, 3, 3), -5.0)
    for before in range(3):
        for summand in range(3):
            wanted = before + summand - 1
            if 0 <= wanted < 3:
                nats[before, summand, wanted] = -1
    assert evaluate.lowest_loss(nats, numbers) == {"exact": 1, "within 1": 1, "within 2": 1}
    nats[1, 2, 1] = -0.5  # 0 + 1 is taken for 0
    assert evaluate.lowest_loss(nats, numbers)["exact"] == pytest.approx(6 / 7)
    assert evaluate.lowest_loss(nats, numbers)["within 1"] == 1
    assert evaluate.exact(nats, numbers).tolist() == [True, True, True, True, False, True, True]


def test_a_checkpoint_of_another_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="no sums model"):
        evaluate.load_sums("base")


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="learning_rate"):
        train.load(config(tmp_path, 1, "learning_rate = 1"))
