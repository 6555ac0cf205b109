"""Train a checkpoint: `python -m training.train training/configs/base.toml`.

A run goes on from its own full state in `runs/NAME/` after any stop, and otherwise starts from the weights that
`--warm` names, or from random ones. `torchrun --nproc-per-node 2 -m training.train CONFIG` trains on two processes,
which share every batch; so on two cores, a GPU, or several machines. A run's curves are in `runs/NAME/log.jsonl`, and
for TensorBoard in `runs/NAME/tensorboard`.
"""

from __future__ import annotations

import time
from contextlib import closing, nullcontext
from pathlib import Path

import torch
import typer

from training.config import load
from training.progress import TrainingProgress
from training.trainer import Trainer, start


def main(path: Path, warm: str | None = None, threads: int = 2, compiled: bool = True) -> None:
    """Train the run that the config at PATH describes."""
    torch.set_num_threads(threads)
    trainer = start(load(path), warm, compiled=compiled)
    progress = TrainingProgress(trainer) if trainer.accelerator.is_main_process else None
    with closing(progress) if progress else nullcontext():
        train(trainer, progress)


def train(trainer: Trainer, progress: TrainingProgress | None) -> None:
    """Train to the end; the process that has something to tell also saves, now and then and at the end."""
    saved = time.monotonic()
    while not trainer.schedule.finished:
        advance(trainer, progress)
        if progress and time.monotonic() - saved >= 60 * trainer.run.save_minutes:
            trainer.save()
            saved = time.monotonic()
    if progress:
        trainer.save()
        progress.measure()


def advance(trainer: Trainer, progress: TrainingProgress | None) -> None:
    """Train on as much as is drawn at once, and tell of it now and then."""
    began = time.monotonic()
    for terms in trainer.steps():
        seconds, began = time.monotonic() - began, time.monotonic()
        trainer.minutes += seconds / 60
        if progress and trainer.schedule.step % trainer.run.report_steps == 0:
            progress.report(terms, trainer.schedule.stage.batch / seconds)
        if progress and trainer.schedule.step % trainer.run.measure_steps == 0:
            progress.measure()
            began = time.monotonic()


if __name__ == "__main__":
    typer.run(main)
