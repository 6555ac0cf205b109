"""A run on rows trains words, then the mover, and goes on where it was stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from grammar.core_lines.movement import every_case
from training.config import RowsRun
from training.mined import MinedRows
from training.schedule import Schedule
from training.trainer import Trainer, start

pytestmark = pytest.mark.slow


def finished(trainer: Trainer) -> list[dict[str, Any]]:
    told = []
    while not trainer.schedule.finished:
        told += [{name: float(term) for name, term in terms.items()} for terms in trainer.steps()]
    return told


def test_words_are_placed_before_the_mover_learns(tiny_rows: Callable[..., RowsRun]) -> None:
    told = finished(start(tiny_rows()))
    assert ["placed" in terms for terms in told] == [True] * 4 + [False] * 4
    assert all({"placed", "state", "code", "mmd", "misread"} == terms.keys() for terms in told[:4])
    assert all({"moves", "gates", "following", "wrong"} <= terms.keys() for terms in told[4:])
    assert told[3]["placed"] < told[0]["placed"]


def test_both_vaes_learn_first_and_then_the_mover_alone(tiny_rows: Callable[..., RowsRun]) -> None:
    trainer, changed = start(tiny_rows()), []
    for _ in range(2):
        before = {name: weight.clone() for name, weight in trainer.objective.model.state_dict().items()}
        for _ in range(4):
            list(trainer.steps())
        after = trainer.objective.model.state_dict()
        changed.append(
            {name.partition(".")[0] for name, weight in after.items() if not torch.equal(weight, before[name])}
        )
    assert changed == [{"state_vae", "code_vae"}, {"mover"}]


def test_a_stopped_run_ends_where_one_does_that_was_not(tiny_rows: Callable[..., RowsRun]) -> None:
    whole = start(tiny_rows(name="whole"))
    finished(whole)
    first = start(tiny_rows(name="parts"))
    for _ in range(6):
        list(first.steps())
    first.save()
    second = start(tiny_rows(name="parts"))
    assert second.schedule.step == 6
    finished(second)
    for name, weight in whole.objective.model.state_dict().items():
        assert torch.equal(weight, second.objective.model.state_dict()[name]), name


def test_hard_cases_are_kept_and_measured(tiny_rows: Callable[..., RowsRun]) -> None:
    trainer = start(tiny_rows())
    finished(trainer)
    assert len(trainer.objective.state()["hard"]) > 0
    figures = trainer.objective.measure(trainer.average)
    assert 0 < figures["wrong_cases"] <= figures["cases"]


def test_cases_that_were_mined_are_drawn_again_and_told_apart(tiny_rows: Callable[..., RowsRun]) -> None:
    run = tiny_rows(hard=0.5)
    objective = start(run).objective
    model: Any = objective.model
    mined = every_case("len", model.vocabulary, 3, np.random.default_rng(0))
    MinedRows(run.folder / "hard.npy", np.int16).add(mined.packed())
    objective.begin(run.stages[1])
    batch = objective.draw(np.random.default_rng(0), 64, Schedule(run))[0]
    assert (len(batch.rows), batch.hard) == (64, 32)
    drawn = objective._cases[batch.rows.numpy()]  # type: ignore[attr-defined]
    assert (drawn.operators[32:] == mined.operators[0]).all()
    assert len({*drawn.operators[:32].tolist()}) > 5
    assert 0 <= float(objective.loss(batch)[1]["hard"]) <= 1


def test_figures_of_words_are_lines_misread_and_tokens_misdecoded(tiny_rows: Callable[..., RowsRun]) -> None:
    trainer = start(tiny_rows())
    list(trainer.steps())
    figures = trainer.objective.measure(trainer.average)
    assert 0 < figures["misread_lines"] <= figures["read"]
    assert figures["misdecoded"] > 0
