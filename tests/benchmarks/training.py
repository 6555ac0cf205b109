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

import msgspec
import numpy as np
import torch
import typer
from rich.console import Console
from rich.table import Table
from torch.utils.flop_counter import FlopCounterMode

from grammar.core_lines.sample import Mixture, sample
from latent_repl.model.load import load_reference
from latent_repl.model.network.backend import freeze
from tests.benchmarks.records import Figure, put
from training import recipe
from training.config import LinesRun
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


def in_training(path: Path, steps: int, *, pairs: bool, compiled: bool) -> tuple[float, float, float]:
    """Return operations, seconds and lines of the first stage with or without pairs, drawing included."""
    runs = [run for part in recipe.load(path).parts for run in part.runs if isinstance(run, LinesRun)]
    config, stage = next((run, stage) for run in runs for stage in run.stages if stage.pairs == pairs)
    config = msgspec.structs.replace(config, stages=(stage,))
    with FlopCounterMode(display=False) as counter:
        list(start(config).steps())
    trainer = start(config, compiled=compiled)
    list(trainer.steps())  # compiles
    seconds = seconds_each(lambda: list(trainer.steps()), steps)
    return counter.get_total_flops(), seconds, stage.batch * stage.steps


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
    path: Path = Path("training/configs/base.toml"),
    threads: int = 1,
    steps: int = 5,
    compiled: bool = True,
    records: Path | None = None,
) -> None:
    """Time `steps` optimiser steps of the run that the config at PATH describes, and the shipped checkpoint."""
    torch.set_num_threads(threads)
    config, most = path.absolute(), peak()
    table = Table("what", "lines a second", "operations a line", "share of a large matrix product's speed")
    with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch):  # no run's state is read or written
        measured = {
            name: in_training(config, steps, pairs=pairs, compiled=compiled)
            for name, pairs in (("training, lines", False), ("training, pairs", True))
        }
    measured["inference, 256 programs"] = in_inference(256, steps)
    for name, (operations, seconds, lines) in measured.items():
        per_line = f"{operations / lines / 1e6:,.1f} M"
        put(records, {name: Figure(name, lines / seconds, "a second")})
        table.add_row(name, f"{lines / seconds:,.0f}", per_line, f"{operations / seconds / most:.1%}")
    Console().print(table)
    Console().print(f"a large matrix product: {most / 1e9:,.0f} thousand million operations a second")


if __name__ == "__main__":
    typer.run(main)
