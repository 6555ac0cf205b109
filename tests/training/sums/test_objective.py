"""The sums are drawn from the whole table in range; a run that is stopped ends as if it had not been."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from msgspec import structs

from latent_repl.model.sums.network import SumsConfig, SumsModel
from training.config import Size, SumsRun, load
from training.schedule import Schedule
from training.sums.objective import Sums, lead, losses, next_sums, sums_in_range
from training.train import main
from training.trainer import Trainer, start

TINY = """
kind = "sums"
name = "tiny"
steps = 20
batch = 32
save_minutes = 0
[model]
limit = 3
maximum = 3
width = 16
feed_forward = 32
"""
SIZES: dict[str, Any] = {"limit": 3, "maximum": 3, "width": 16, "feed_forward": 32}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SumsRun:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.toml").write_text(TINY)
    made = load(tmp_path / "tiny.toml")
    assert isinstance(made, SumsRun)
    return made


def test_every_sum_in_range_and_no_other_is_data() -> None:
    table = sums_in_range(3)
    assert table.shape == (3, 37)
    assert torch.equal(table[0] + table[1], table[2])
    assert int(table.abs().max()) == 3
    assert len(torch.unique(table, dim=1)[0]) == 37


def test_a_batch_holds_sums_with_the_noise_and_the_weights_of_its_step(run: SumsRun) -> None:
    sums = Sums(run, torch.device("cpu"), compiled=False)
    for lines, noise, reconstruction in ((0, 0.1, 0.002), (run.lines, 0.01, 0.3)):
        (batch,) = sums.draw(np.random.default_rng(0), 32, Schedule(run, lines=lines))
        assert batch.sums.shape == (3, 32)
        assert float(batch.noise) == pytest.approx(noise)
        assert batch.weights["codes"] == pytest.approx(reconstruction)


def test_half_of_a_batch_are_sums_that_were_wrong_when_they_were_drawn_last(run: SumsRun) -> None:
    sums = Sums(structs.replace(run, hard=0.5), torch.device("cpu"), compiled=False)
    sums.restore({"hard": torch.arange(37) < 20})
    (batch,) = sums.draw(np.random.default_rng(0), 32, Schedule(run, lines=run.lines))
    assert len(set(batch.places[:16].tolist())) == 16 and int(batch.places[:16].max()) < 20
    assert torch.equal(batch.sums, sums._sums[:, batch.places])
    sums.loss(batch)
    untouched = ~torch.isin(torch.arange(37), batch.places)
    assert torch.equal(sums.state()["hard"][untouched], (torch.arange(37) < 20)[untouched])


def test_further_summands_are_all_that_leave_a_number_in_range() -> None:
    numbers = np.repeat(np.arange(-3, 4), 200)
    summands, results = next_sums(numbers, 3, np.random.default_rng(0))
    assert np.array_equal(numbers + summands, results)
    in_range = {(int(before), int(summand)) for before, summand, _ in sums_in_range(3).T}
    assert set(zip(numbers.tolist(), summands.tolist(), strict=True)) == in_range


def test_vaes_that_stand_still_learn_nothing_and_the_executor_does(run: SumsRun) -> None:
    vaes = ("state_vae", "code_vae")
    sizes: dict[str, Size] = {**run.model, "stochastic": True, "projected": True}
    trainer = start(structs.replace(run, steps=1, frozen=vaes, model=sizes))
    before = {name: weight.clone() for name, weight in trainer.objective.model.state_dict().items()}
    (terms,) = trainer.steps()
    assert [float(terms[name]) for name in ("codes", "filling", "divergence", "coverage")] == [0, 0, 0, 0]
    after = trainer.objective.model.state_dict()
    moved = {name.partition(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert moved == {"executor"}


def test_a_lead_is_that_over_the_likeliest_of_all_others() -> None:
    logits = torch.tensor([[1.0, 4.0, 2.0], [1.0, 4.0, 2.0]])
    assert lead(logits, torch.tensor([1, 2])).tolist() == [2.0, -2.0]


def test_the_figures_are_the_shares_of_sums_and_of_numbers_that_are_exact(run: SumsRun) -> None:
    torch.manual_seed(0)
    sums = Sums(run, torch.device("cpu"), compiled=False)
    figures = sums.measure(sums.model)
    assert 0 <= figures["exact"] < 0.6 and 0 <= figures["second"] < 0.6
    assert figures["reconstruction"].keys() == {"state", "code"}


def test_leaving_the_executor_out_of_the_regulariser_frees_its_outputs() -> None:
    """The gradient of the regulariser reaches the executor only where its outputs are in the batch."""
    torch.manual_seed(0)
    model = SumsModel(SumsConfig(**SIZES))
    batch = model.number_ids(sums_in_range(3))
    reached = {}
    for pooled in (True, False):
        terms = losses(model, batch, torch.tensor(0.01), torch.tensor(1.0), pooled=pooled)
        gradient = torch.autograd.grad(terms["mmd"], [model.executor.to_latent.weight], allow_unused=True)[0]
        reached[pooled] = gradient is not None and bool(gradient.abs().max() > 0)
    assert reached == {True: True, False: False}


@pytest.mark.slow
def test_a_run_that_was_killed_ends_as_if_it_had_not_been(run: SumsRun, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("tiny.toml")
    main(path, threads=1, compiled=False)
    whole = torch.load("runs/tiny/state.pt")
    shutil.rmtree("runs")

    def killed(trainer: Trainer) -> None:
        save(trainer)
        if trainer.schedule.step == 7:
            raise KeyboardInterrupt

    save = Trainer.save
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            main(path, threads=1, compiled=False)
    main(path, threads=1, compiled=False)
    resumed = torch.load("runs/tiny/state.pt")
    for part in ("model", "average"):
        assert all(torch.equal(resumed[part][name], tensor) for name, tensor in whole[part].items())
