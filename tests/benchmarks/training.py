"""Lines a second, and their share of the machine's matrix products: `python -m tests.benchmarks.training`.

In training a step is forward, backward and optimiser, with its lines drawn; in inference a core line of 256 programs at
once, executed and decoded. Floating-point operations are counted by torch; the peak is the better of a large product in
bfloat16 and in float32, on the same threads, measured in the same run.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
import typer
from rich.console import Console
from rich.table import Table
from torch.utils.flop_counter import FlopCounterMode

from grammar.sample import Mixture, sample
from latent_repl.model.reference import freeze, load_reference
from training import config as configuration
from training.losses import losses
from training.train import draw, train_step
from training.trainer import start

SIDE = 2048
"""Rows and columns of the matrices whose product is taken for the peak. Chosen."""


def seconds_each(work: Callable[[], object], count: int) -> float:
    """Return the seconds of one call, the fastest of `count`."""
    fastest = float("inf")
    for _ in range(count):
        began = time.perf_counter()
        work()
        fastest = min(fastest, time.perf_counter() - began)
    return fastest


def peak() -> float:
    """Return floating-point operations a second in a large matrix product."""
    matrices = [torch.rand(SIDE, SIDE, dtype=kind) for kind in (torch.bfloat16, torch.float32)]
    return max(2 * SIDE**3 / seconds_each(partial(torch.matmul, matrix, matrix), 5) for matrix in matrices)


def in_training(path: Path, steps: int, *, compiled: bool) -> tuple[float, float, float]:
    """Return operations and seconds of an optimiser step from random weights, and the lines that it trains on."""
    trainer = start(configuration.load(path), None)
    objective = torch.compile(losses, dynamic=False) if compiled else losses
    chain = draw(trainer)
    drift = torch.zeros(*chain.states.shape[1:], trainer.model.config.state_latent)
    with FlopCounterMode(display=False) as counter:
        train_step(trainer, chain, 0, drift, losses)
    train_step(trainer, chain, 0, drift, objective)  # compiles
    step = seconds_each(lambda: train_step(trainer, chain, 0, drift, objective), steps)
    return counter.get_total_flops(), step + seconds_each(lambda: draw(trainer), steps), chain.lines.shape[1]


def in_inference(batch: int, steps: int) -> tuple[float, float, float]:
    """Return operations and seconds of one step of `batch` programs as the package takes it, and their number."""
    model = load_reference("base")
    mixture = Mixture(maximum=model.config.maximum)
    chain = sample(np.random.default_rng(0), mixture, model.vocabulary, count=batch, steps=1)
    frozen = freeze(model)
    states, codes = frozen.encode_states(chain.states[0]), frozen.encode_code(chain.lines[0])

    def step() -> None:
        frozen.decode_states(frozen.execute(states, codes))

    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        model.state_logits(model.execute(torch.from_numpy(states), torch.from_numpy(codes)))
    return counter.get_total_flops(), seconds_each(step, steps), batch


def main(
    path: Path = Path("training/configs/base.toml"), threads: int = 1, steps: int = 5, compiled: bool = True
) -> None:
    """Time `steps` optimiser steps of the run that the config at PATH describes, and the shipped checkpoint."""
    torch.set_num_threads(threads)
    config, most = path.absolute(), peak()
    table = Table("what", "lines a second", "operations a line", "share of a large matrix product's speed")
    with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch):  # no run's state is read or written
        measured = {"training": in_training(config, steps, compiled=compiled)}
    measured["inference, 256 programs"] = in_inference(256, steps)
    for name, (operations, seconds, lines) in measured.items():
        per_line = f"{operations / lines / 1e6:,.1f} M"
        table.add_row(name, f"{lines / seconds:,.0f}", per_line, f"{operations / seconds / most:.1%}")
    Console().print(table)
    Console().print(f"a large matrix product: {most / 1e9:,.0f} thousand million operations a second")


if __name__ == "__main__":
    typer.run(main)
