"""Train a checkpoint: `python -m training.train training/configs/base.toml`.

A run goes on from its own full state in `runs/NAME/` after any stop, and otherwise starts from the weights that
`--warm` names, or from random ones. Under `torchrun` several processes share every batch. Its curves are in
`runs/NAME/log.jsonl`, and for TensorBoard in `runs/NAME/tensorboard`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import typer

from grammar.sample import Chain, Mixture, sample
from latent_repl.language.nodes import OPERATORS
from training import config as configuration
from training import parallel, sums
from training.losses import losses
from training.progress import Progress
from training.trainer import Trainer, start

Objective = Callable[..., Any]


def main(path: Path, warm: str | None = None, threads: int = 2, compiled: bool = True) -> None:
    """Train the run that the config at PATH describes."""
    torch.set_num_threads(threads)
    if configuration.kind(path) == sums.KIND:
        sums.train(path, compiled=compiled)
        return
    config = configuration.load(path)
    trainer = start(config, warm)
    progress = Progress(trainer) if trainer.accelerator.is_main_process else None
    objective = torch.compile(losses, dynamic=False) if compiled else losses
    saved = time.monotonic()
    while trainer.lines < config.lines and trainer.step != config.stop_after:
        train_chain(trainer, objective, progress)
        if progress and time.monotonic() - saved > 60 * config.save_minutes:
            saved = time.monotonic()
            trainer.save()
    if progress:
        trainer.save()
        progress.measure()
        progress.close()


def train_chain(trainer: Trainer, objective: Objective, progress: Progress | None) -> None:
    """Train on chains of the stage's length, one optimiser step a line; each line starts where the last one led."""
    began = time.monotonic()
    trainer.freeze()
    chain = draw(trainer)
    drift = torch.zeros(*chain.states.shape[1:], trainer.model.config.state_latent, device=trainer.accelerator.device)
    for place in range(len(chain.lines)):
        terms, drift = train_step(trainer, chain, place, drift, objective)
        lines, seconds, began = trainer.advance(), time.monotonic() - began, time.monotonic()
        trainer.minutes += seconds / 60
        if progress and trainer.step % 50 == 0:
            progress.report(terms, lines / seconds)
        if progress and trainer.step % trainer.config.measure_steps == 0:
            progress.measure()
            began = time.monotonic()


def draw(trainer: Trainer) -> Chain:
    """Return this process's share of the step's batch, which depends on seed, step and rank alone."""
    generator = np.random.default_rng([trainer.config.seed, trainer.step, trainer.accelerator.process_index])
    count = trainer.stage.batch // trainer.accelerator.num_processes
    return sample(generator, mixture(trainer), trainer.model.vocabulary, count=count, steps=trainer.stage.steps)


def mixture(trainer: Trainer) -> Mixture:
    """Return what to draw now: operators that still fail more often come up more often."""
    failing = np.maximum(trainer.errors, 0.003)
    adapt = trainer.config.adapt
    weights = (1 - adapt) / len(failing) + adapt * failing / failing.sum()
    return Mixture(
        maximum=trainer.config.maximum,
        live=trainer.stage.live,
        literals=trainer.config.literals,
        weights=tuple(weights),
    )


def train_step(
    trainer: Trainer, chain: Chain, place: int, drift: torch.Tensor, objective: Objective
) -> tuple[dict[str, float], torch.Tensor]:
    """Take one optimiser step on line `place` of the chains; return the loss's terms, and the drift for the next."""
    device, config = trainer.accelerator.device, trainer.config
    states, lines, targets, status = chain.states, chain.lines, chain.targets, chain.status
    arrays = (states[place], lines[place], states[place + 1], targets[place], status[place])
    with torch.autocast(device.type, torch.bfloat16):
        tensors = [torch.from_numpy(array).to(device) for array in arrays]
        total, terms = objective(trainer.model, *tensors, drift, trainer.anchors, config.weights)
    total.backward()
    parallel.average_gradients(trainer.model, trainer.accelerator)
    torch.nn.utils.clip_grad_norm_(trainer.model.parameters(), config.clip)
    for group in trainer.optimiser.param_groups:
        group["lr"] = trainer.rate()
    trainer.optimiser.step()
    trainer.optimiser.zero_grad()
    trainer.update_average()
    note_errors(trainer, chain.operators[place], terms["exact"].cpu().numpy())
    drift = terms.pop("drift")
    return {name: float(term.float().mean()) for name, term in terms.items()}, drift


def note_errors(trainer: Trainer, operators: np.ndarray, exact: np.ndarray) -> None:
    """Move each operator's running share of errors towards this batch's."""
    for operator in range(len(OPERATORS)):
        rows = operators == operator
        if rows.any():
            trainer.errors[operator] += 0.02 * (1 - exact[rows].mean() - trainer.errors[operator])


if __name__ == "__main__":
    typer.run(main)
