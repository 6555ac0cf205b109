"""What a run tells of itself: rows in its log, curves for TensorBoard, figures of the averaged weights now and then."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from torch.utils.tensorboard import SummaryWriter

from training.trainer import Trainer


class TrainingProgress:
    """Prints, shows how far the run is, and writes `log.jsonl` and `tensorboard/` in the run's folder."""

    def __init__(self, trainer: Trainer, title: str) -> None:
        """title: what the run is called beside its bar."""
        self.trainer, self.title, self.bar = trainer, title, bar()
        self.task = self.bar.add_task(title, total=trainer.run.lines)
        self.stage: int | None = None
        self.bar.start()
        self.move()
        self.log = (trainer.run.folder / "log.jsonl").open("a", encoding="utf-8")
        self.board = SummaryWriter(str(trainer.run.folder / "tensorboard"))

    def move(self) -> None:
        """Move the bar to where the run is; say which stage it is when it becomes another one."""
        schedule = self.trainer.schedule
        told = f"{self.title}: stage {schedule.stage_index + 1} of {len(self.trainer.run.stages)}"
        if self.stage != schedule.stage_index:
            self.bar.console.print(told, highlight=False)
        self.stage = schedule.stage_index
        self.bar.update(self.task, completed=schedule.lines, description=told)

    def report(self, terms: Mapping[str, torch.Tensor], speed: float) -> None:
        """Tell the terms of the loss and the lines a second."""
        named = {
            ("decoded" if name == "step" else name): round(float(term.float().mean()), 4)
            for name, term in terms.items()
        }
        self._tell({"minutes": round(self.trainer.minutes, 2), "speed": round(speed), **named})

    def measure(self) -> None:
        """Tell the figures of the averaged weights."""
        self._tell(self.trainer.objective.measure(self.trainer.average))

    def close(self) -> None:
        """Close both files and the bar."""
        self.bar.stop()
        self.log.close()
        self.board.close()

    def _tell(self, figures: dict[str, Any]) -> None:
        schedule = self.trainer.schedule
        row = {"step": schedule.step, "lines": schedule.lines, **figures}
        self.move()
        self.bar.console.print(json.dumps(row), soft_wrap=True)
        self.log.write(json.dumps(row) + "\n")
        self.log.flush()
        for name, value in figures.items():
            for part, number in value.items() if isinstance(value, dict) else [("", value)]:
                self.board.add_scalar(f"{name}/{part}".rstrip("/"), number, schedule.lines)


def bar() -> Progress:
    """Return a bar for a terminal, with what it says beside it; there is none where output goes elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console()
    return Progress(*columns, console=console, disable=not console.is_terminal)


@contextmanager
def telling(title: str, total: int) -> Iterator[Callable[[str], None]]:
    """Show how many of some things are done; what is yielded is to be called with the name of each."""
    with bar() as progress:
        task = progress.add_task(title, total=total)

        def tell(name: str) -> None:
            progress.advance(task)
            progress.console.print(f"{title}, {name}", highlight=False, markup=False)

        yield tell
