"""What a run tells of itself: rows in its log, curves for TensorBoard, figures of the averaged weights now and then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import torch
from rich.console import Console
from torch.utils.tensorboard import SummaryWriter

from training.trainer import Trainer


class TrainingProgress:
    """Prints, and writes `log.jsonl` and `tensorboard/` in the run's folder."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer, self.console = trainer, Console()
        self.log = (trainer.run.folder / "log.jsonl").open("a", encoding="utf-8")
        self.board = SummaryWriter(str(trainer.run.folder / "tensorboard"))

    def report(self, terms: Mapping[str, torch.Tensor], speed: float) -> None:
        """Tell the terms of the loss and the lines a second."""
        named = {
            ("decoded" if name == "step" else name): round(float(term.float().mean()), 4)
            for name, term in terms.items()
        }
        self._tell({"minutes": round(self.trainer.minutes, 2), "speed": round(speed), **named})

    def measure(self) -> None:
        """Tell the figures of the averaged weights."""
        self._tell(self.trainer.objective.measure(self.trainer.average.module))

    def close(self) -> None:
        """Close both files."""
        self.log.close()
        self.board.close()

    def _tell(self, figures: dict[str, Any]) -> None:
        schedule = self.trainer.schedule
        row = {"step": schedule.step, "lines": schedule.lines, **figures}
        self.console.print(json.dumps(row), soft_wrap=True)
        self.log.write(json.dumps(row) + "\n")
        self.log.flush()
        for name, value in figures.items():
            for part, number in value.items() if isinstance(value, dict) else [("", value)]:
                self.board.add_scalar(f"{name}/{part}".rstrip("/"), number, schedule.lines)
