"""A run's log holds a row for each report and each measure."""

from __future__ import annotations

import json
from collections.abc import Callable

import torch

from training.config import LinesRun
from training.progress import TrainingProgress
from training.trainer import start


def test_reports_and_figures_are_rows_of_the_log_and_curves(tiny: Callable[..., LinesRun]) -> None:
    trainer = start(tiny())
    progress = TrainingProgress(trainer, "part 2 of 3, sums")
    list(trainer.steps())
    progress.report({"step": torch.tensor(0.5), "exact": torch.tensor([True, False])}, 12.3)
    progress.measure()
    progress.close()
    told, measured = (json.loads(row) for row in (trainer.run.folder / "log.jsonl").read_text().splitlines())
    assert told == {"step": 1, "lines": 128, "minutes": 0.0, "speed": 12, "decoded": 0.5, "exact": 0.5}
    assert (measured["step"], measured["lines"]) == (1, 128)
    assert {"one", "eight", "errors", "mmd"} <= measured.keys()
    assert list((trainer.run.folder / "tensorboard").iterdir())
