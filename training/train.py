"""Train a checkpoint: `python -m training.train training/configs/base.toml`.

A run goes on from its own full state in `runs/NAME/` after any stop, and otherwise starts from the weights that
`--warm` names, or from random ones. A recipe's parts are such runs, one after another (`recipe.py`). `--minutes 7`
stops in time and keeps what was learnt; the same command goes on. `torchrun --nproc-per-node 2 -m training.train
CONFIG` trains on two processes, which share every batch; so on two cores, a GPU, or several machines. A run's curves
are in `runs/NAME/log.jsonl`, and for TensorBoard in `runs/NAME/tensorboard`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import torch
import typer
from transformers.utils.logging import disable_progress_bar

from latent_repl.errors import UsageError
from training.config import AnyRun, LinesRun, RowsRun
from training.device import the_accelerator
from training.mean import save_mean
from training.mine import PairMiner
from training.mined import MinedRows, gather
from training.progress import TrainingProgress, telling
from training.recipe import Recipe, RecipePart, is_done, load, publish
from training.rows.mine import CaseMiner
from training.trainer import Trainer, start

Late = Callable[[], bool]
"""Whether the time is up, by this process's clock."""


def main(
    path: Path, warm: str | None = None, threads: int = 2, compiled: bool = True, minutes: float | None = None
) -> None:
    """Train the run, or all runs of the recipe, that the config at PATH describes."""
    torch.set_num_threads(threads)
    disable_progress_bar()  # there is one bar, the training's
    until = float("inf") if minutes is None else time.monotonic() + 60 * minutes
    follow(load(path), warm, lambda: time.monotonic() >= until, compiled=compiled)


def anywhere(fact: bool) -> bool:
    """Return whether something holds on any process; they wait for one another, and are told the same."""
    accelerator = the_accelerator()
    if accelerator.num_processes == 1:
        return fact
    return bool(accelerator.reduce(torch.tensor(float(fact), device=accelerator.device)) > 0)


class Beginning(NamedTuple):
    """What a run of a recipe begins with: a checkpoint's weights, or random ones, and what runs before it have found.

    title: what it is called; late: whether time is up; compiled: whether its objective is.
    """

    warm: str | None
    earlier: tuple[AnyRun, ...]
    title: str
    late: Late
    compiled: bool


def follow(recipe: Recipe, warm: str | None, late: Late, *, compiled: bool) -> None:
    """Train what is not done of a recipe's parts, each from what the one before it has come to, until time is up."""
    earlier: tuple[AnyRun, ...] = ()
    for place, part in enumerate(recipe.parts, 1):
        title = f"part {place} of {len(recipe.parts)}, {part.name}"
        for count, run in enumerate(part.runs, 1):
            which = f", run {count} of {len(part.runs)}" if len(part.runs) > 1 else ""
            beginning = Beginning(warm, earlier, title + which, late, compiled)
            if not is_done(run) and (not train_run(run, beginning) or anywhere(late())):
                return
            earlier += (run,)
        warm = _come_to(part)
    if the_accelerator().is_main_process:
        publish(recipe)


def train_run(run: AnyRun, beginning: Beginning) -> bool:
    """Find what is hard if the run asks for it, then train until its end or until time is up; return whether that was
    its end."""
    torch.compiler.reset()  # what other runs have compiled counts against a limit
    if not _mined(run, beginning):
        return False
    trainer = start(run, beginning.warm, compiled=beginning.compiled)
    progress = TrainingProgress(trainer, beginning.title) if trainer.accelerator.is_main_process else None
    with closing(progress) if progress else nullcontext():
        train(trainer, progress, beginning.late)
    trainer.accelerator.wait_for_everyone()
    return trainer.schedule.finished


def train(trainer: Trainer, progress: TrainingProgress | None, late: Late) -> None:
    """Train to the end, or until time is up; the process that has something to tell also saves, now and then and at
    the end."""
    saved = time.monotonic()
    while not trainer.schedule.finished:
        advance(trainer, progress)
        if anywhere(late()):
            break
        if progress and time.monotonic() - saved >= 60 * trainer.run.save_minutes:
            trainer.save()
            saved = time.monotonic()
    if progress:
        trainer.save()
        if trainer.schedule.finished:
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


def _mined(run: AnyRun, beginning: Beginning) -> bool:
    """Put what is hard into the folder of a run that has not begun; return False if time is up before all is found."""
    accelerator, found = the_accelerator(), True
    if accelerator.is_main_process and isinstance(run, LinesRun | RowsRun) and not (run.folder / "state.pt").exists():
        found = _mine(run, beginning, accelerator.device)
    return not anywhere(not found)


def _mine(run: LinesRun | RowsRun, beginning: Beginning, device: torch.device) -> bool:
    """Add what runs of the same kind have found before, and, if the run asks for it, what its weights are unsure of."""
    kind: type[PairMiner] | type[CaseMiner] = PairMiner if isinstance(run, LinesRun) else CaseMiner
    hard = MinedRows(run.folder / "hard.npy", kind.dtype)
    for before in beginning.earlier:
        rows = MinedRows(before.folder / "hard.npy", kind.dtype).read() if type(before) is type(run) else None
        if rows is not None:
            hard.add(rows)
    if not run.mine:
        return True
    if beginning.warm is None:
        raise UsageError(f"{run.name} is to mine, and has no weights to begin with; name some by --warm")
    options: dict[str, Any] = {} if isinstance(run.mine, bool) else {"operators": run.mine}
    miner = kind(beginning.warm, device, compiled=beginning.compiled, **options)
    with telling(f"{beginning.title}: what is hard", len(miner.operators)) as tell:
        return gather(miner, run.folder / "mined", hard, tell, beginning.late)


def _come_to(part: RecipePart) -> str:
    """Return the checkpoint of a part whose runs are done: the mean of several, and of what is beside them."""
    accelerator = the_accelerator()
    if (len(part.runs) > 1 or part.beside) and accelerator.is_main_process:
        ends = [*(run.folder / "checkpoint" for run in part.runs), *part.beside]
        save_mean(part.checkpoint, [str(end) for end in ends])
    accelerator.wait_for_everyone()
    return str(part.checkpoint)


if __name__ == "__main__":
    typer.run(main)
