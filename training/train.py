"""Train a checkpoint: `python -m training.train training/configs/base.toml`.

A run goes on from its own full state in `runs/NAME/` after any stop, and otherwise starts from the weights that
`--warm` names, or from random ones. Under `torchrun` several processes share every batch. Its curves are in
`runs/NAME/log.jsonl`, and for TensorBoard in `runs/NAME/tensorboard`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import typer

from grammar.core_lines.pairs import hard_pairs, sample_pairs
from grammar.core_lines.sample import Mixture, sample
from latent_repl.language.operators import OPERATORS
from latent_repl.language.vocabulary import Vocabulary
from training import config as configuration
from training import parallel
from training.losses import losses, pair_losses
from training.progress import Progress
from training.sums.train import KIND as SUMS_KIND
from training.sums.train import train as train_sums
from training.trainer import Trainer, start

Objective = Callable[..., Any]
Terms = dict[str, torch.Tensor]


def main(path: Path, warm: str | None = None, threads: int = 2, compiled: bool = True) -> None:
    """Train the run that the config at PATH describes."""
    torch.set_num_threads(threads)
    if configuration.kind(path) == SUMS_KIND:
        train_sums(path, compiled=compiled)
        return
    config = configuration.load(path)
    trainer = start(config, warm)
    progress = Progress(trainer) if trainer.accelerator.is_main_process else None
    objectives = [torch.compile(each, dynamic=False) if compiled else each for each in (losses, pair_losses)]
    saved = time.monotonic()
    while trainer.lines < config.lines and trainer.step != config.stop_after:
        advance(trainer, objectives, progress)
        if progress and time.monotonic() - saved > 60 * config.save_minutes:
            saved = time.monotonic()
            trainer.save()
    if progress:
        trainer.save()
        progress.measure()
        progress.close()


def advance(trainer: Trainer, objectives: Sequence[Objective], progress: Progress | None) -> None:
    """Train on as much as is drawn at once, count it, and tell of it now and then."""
    began = time.monotonic()
    trainer.freeze()
    lines, pairs = objectives
    for terms in train_pairs(trainer, pairs) if trainer.stage.pairs else train_chain(trainer, lines):
        count, seconds, began = trainer.advance(), time.monotonic() - began, time.monotonic()
        trainer.minutes += seconds / 60
        if progress and trainer.step % 50 == 0:
            progress.report(terms, count / seconds)
        if progress and trainer.step % trainer.config.measure_steps == 0:
            progress.measure()
            began = time.monotonic()


def train_chain(trainer: Trainer, objective: Objective) -> Iterator[Terms]:
    """Train on chains of the stage's length, one optimiser step a line; each line starts where the last one led."""
    generator, mixed, vocabulary, count = drawing(trainer)
    chain = sample(generator, mixed, vocabulary, count=count, steps=trainer.stage.steps)
    drift = torch.zeros(*chain.states.shape[1:], trainer.model.config.state_latent, device=trainer.accelerator.device)
    arrays = (chain.states, chain.lines, chain.states[1:], chain.targets, chain.status)
    for place in range(len(chain.lines)):
        tensors = [torch.from_numpy(array[place]).to(drift.device) for array in arrays]
        terms = train_step(trainer, objective, *tensors, drift, trainer.anchors)
        drift = terms.pop("drift")
        note_errors(trainer, chain.operators[place], terms["exact"])
        yield terms


def train_pairs(trainer: Trainer, objective: Objective) -> Iterator[Terms]:
    """Train on the arithmetic of lines, one optimiser step."""
    generator, mixed, vocabulary, count = drawing(trainer)
    hard = trainer.hard()
    chosen = hard[generator.integers(0, len(hard), round(count * trainer.stage.hard))] if len(hard) else hard
    drawn = sample_pairs(generator, mixed, vocabulary, count - len(chosen))
    mined = hard_pairs(generator, mixed, vocabulary, chosen)
    names = ("lines", "operands", "results")
    arrays = [np.concatenate([getattr(drawn, name), getattr(mined, name)]) for name in names]
    tensors = [torch.from_numpy(array).to(trainer.accelerator.device) for array in arrays]
    terms = train_step(trainer, objective, trainer.latent_table(), *tensors)
    terms["hard"] = 1 - terms["exact"][len(drawn.lines) :].float().mean()
    note_errors(trainer, drawn.operators, terms["exact"][: len(drawn.lines)])
    yield terms


def drawing(trainer: Trainer) -> tuple[np.random.Generator, Mixture, Vocabulary, int]:
    """Return how this process draws its share of the step's batch, which depends on seed, step and rank alone."""
    generator = np.random.default_rng([trainer.config.seed, trainer.step, trainer.accelerator.process_index])
    count = trainer.stage.batch // trainer.accelerator.num_processes
    return generator, mixture(trainer), trainer.model.vocabulary, count


def mixture(trainer: Trainer) -> Mixture:
    """Return what to draw now: operators that still fail more often come up more often."""
    failing = np.maximum(trainer.errors, 0.003)
    adapt = trainer.config.adapt
    weights = (1 - adapt) / len(failing) + adapt * failing / failing.sum()
    return Mixture(
        maximum=trainer.config.maximum,
        live=trainer.stage.live,
        literals=trainer.config.literals,
        bools=trainer.config.bools,
        steep=trainer.config.steep,
        near=trainer.config.near,
        errors=trainer.config.errors,
        weights=tuple(weights),
    )


def train_step(trainer: Trainer, objective: Objective, *inputs: torch.Tensor | None) -> Terms:
    """Take one optimiser step; return the loss's terms."""
    with torch.autocast(trainer.accelerator.device.type, torch.bfloat16):
        total, terms = objective(trainer.model, *inputs, trainer.config.weights)
    total.backward()
    parallel.average_gradients(trainer.model, trainer.accelerator)
    torch.nn.utils.clip_grad_norm_(trainer.model.parameters(), trainer.config.clip)
    for group in trainer.optimiser.param_groups:
        group["lr"] = trainer.rate()
    trainer.optimiser.step()
    trainer.optimiser.zero_grad()
    trainer.update_average()
    return dict(terms)


def note_errors(trainer: Trainer, operators: np.ndarray, exact: torch.Tensor) -> None:
    """Move each operator's running share of errors towards this batch's."""
    right = exact.cpu().numpy()
    for operator in range(len(OPERATORS)):
        rows = operators == operator
        if rows.any():
            trainer.errors[operator] += 0.02 * (1 - right[rows].mean() - trainer.errors[operator])


if __name__ == "__main__":
    typer.run(main)
