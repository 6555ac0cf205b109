"""The base model's objective: what is drawn, what is noted, what is measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from grammar.core_lines.pairs import HARD
from latent_repl.errors import UsageError
from training.config import LinesRun
from training.core_lines import CoreLines
from training.schedule import Schedule
from training.trainer import start

Make = Callable[..., LinesRun]


def objective(run: LinesRun) -> CoreLines:
    torch.manual_seed(0)
    made = CoreLines(run, torch.device("cpu"), compiled=False)
    made.begin(run.stages[0])
    return made


def test_each_line_of_a_chain_starts_from_the_latents_that_the_last_one_left(tiny: Make) -> None:
    chains = objective(tiny(stage={"steps": 3}))
    batches = chains.draw(np.random.default_rng(0), 16, Schedule(chains.run))
    assert len(batches) == 3
    first, second = batches[:2]
    assert torch.equal(first.tensors[3], second.tensors[0])  # the state after one line is that before the next
    drifts = []

    def left_over(_: object, *given: Any) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        drifts.append(given[5])
        return torch.zeros(()), {"exact": torch.ones(16, dtype=torch.bool), "drift": given[5] + 1}

    chains.line_losses = left_over
    for batch in batches:
        chains.loss(batch)
    assert [float(drift.max()) for drift in drifts] == [0, 1, 2]


def test_hard_pairs_that_lie_in_the_folder_are_drawn_as_soon_as_they_do(tiny: Make) -> None:
    run = tiny(stage={"pairs": True, "hard": 0.5})
    run.folder.mkdir(parents=True)
    pairs = objective(run)
    batch = pairs.draw(np.random.default_rng(0), 16, Schedule(run))[0]
    assert len(batch.operators) == 16
    assert "hard" not in pairs.loss(batch)[1]
    two = pairs.model.vocabulary.value_id(2)
    np.save(run.folder / "hard.npy", np.array([(0, 2, 2, 0)], HARD))
    batch = pairs.draw(np.random.default_rng(0), 16, Schedule(run))[0]
    assert len(batch.operators) == 8
    assert (batch.tensors[1][8:] == two).all()
    assert 0 <= float(pairs.loss(batch)[1]["hard"]) <= 1


def test_operands_are_read_where_the_executor_last_left_their_value(tiny: Make) -> None:
    pairs = objective(tiny(stage={"pairs": True, "drift": 1.0}))
    batch = pairs.draw(np.random.default_rng(0), 64, Schedule(pairs.run))[0]
    left, tokens = torch.full((64, 8), 0.5), pairs.model.state_vae.tokens.active
    given = []

    def two_right(_: object, __: object, drifts: torch.Tensor, *rest: Any) -> tuple[torch.Tensor, dict[str, Any]]:
        given.append((drifts.clone(), rest[3]))
        right = torch.arange(64) < 2
        return torch.zeros(()), {"exact": right, "kept": right, "drift": left}

    pairs.pair_losses = two_right
    for _ in range(2):
        pairs.loss(batch)
    (first, drifted), (second, _) = given
    assert drifted.all() and not first.any()
    moved = second.any(1).nonzero()[:, 0].tolist()
    assert moved == sorted({*batch.tensors[2][:2, 0].tolist(), tokens})


def test_without_drift_every_operand_is_read_at_its_place(tiny: Make) -> None:
    pairs = objective(tiny(stage={"pairs": True, "drift": 0.0}))
    batch = pairs.draw(np.random.default_rng(0), 64, Schedule(pairs.run))[0]
    assert not batch.tensors[3].any()


def test_a_file_that_holds_no_hard_pairs_is_refused(tiny: Make) -> None:
    run = tiny(stage={"pairs": True, "hard": 0.5})
    run.folder.mkdir(parents=True)
    np.save(run.folder / "hard.npy", np.zeros((1, 4), np.int64))
    with pytest.raises(UsageError, match="remove it and mine anew"):
        objective(run).draw(np.random.default_rng(0), 16, Schedule(run))


def test_operators_that_fail_come_up_more_often(tiny: Make) -> None:
    lines = objective(tiny(adapt=0.8))
    lines.errors[:] = 0
    lines.errors[2] = 0.5
    weights = lines.shares().tolist()
    assert sum(weights) == pytest.approx(1)
    assert weights[2] > 0.5 > 10 * weights[1]


def test_errors_move_towards_those_of_the_batch_and_are_kept_for_a_resumed_run(tiny: Make) -> None:
    lines = objective(tiny())
    lines.note_errors(torch.tensor([0, 0, 1]), torch.tensor([True, True, False]))
    assert lines.errors[:3].tolist() == pytest.approx([0.98, 1, 1])
    other = objective(tiny())
    other.restore(lines.state())
    assert other.errors.tolist() == lines.errors.tolist()


def test_the_figures_are_one_line_eight_each_operators_error_and_the_regulariser(tiny: Make) -> None:
    lines = objective(tiny())
    figures = lines.measure(lines.model)
    assert 0 <= figures["one"] <= 1
    assert 0 <= figures["eight"] <= 1
    assert figures["errors"]["+"] == 1
    assert figures["mmd"]["collapsed"] > figures["mmd"]["prior"]


@pytest.mark.slow
def test_anchors_pull_the_state_encoder_to_their_places(tiny: Make) -> None:
    run = tiny(lines=128 * 60, weights={"anchor": 10.0}, model={"state_latent": 48})
    trainer = start(run)
    lines = trainer.objective
    assert isinstance(lines, CoreLines)
    assert lines.anchors is not None
    distances = []
    for steps in (0, 60):
        for _ in range(steps):
            list(trainer.steps())
        distances.append(float((lines.model.state_vae.latent_table() - lines.anchors).detach().square().mean()))
    assert distances[1] < distances[0] / 2


def test_anchors_of_another_size_are_refused(tiny: Make) -> None:
    with pytest.raises(UsageError, match="anchors need state_latent = 48, the config has 8"):
        objective(tiny(weights={"anchor": 10.0}))
