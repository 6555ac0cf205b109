"""Lines a second, and their share of the machine's matrix products: `python -m tests.benchmarks.training`.

In training a step is forward, backward and optimiser, with its lines drawn; in inference a core line of 256 programs at
once, executed and decoded. Floating-point operations are counted by torch, in inference those of each line by itself:
what lines of a batch have in common is computed once, so the share may be above 1. The peak is the better of a large
product in bfloat16 and in float32, on the same threads, measured in the same run.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

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
from training.config import AnyRun
from training.trainer import start

PARTS = ("words", "codes", "arithmetic")
"""What is timed if nothing is named: lines, code latents alone, pairs of operands. The mover lists its cases first."""

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


def parts_of(path: Path, names: Sequence[str]) -> dict[str, AnyRun]:
    """Return the first run of each part of a recipe that bears one of the names. Raises KeyError if one is missing."""
    runs = {part.name: part.runs[0] for part in recipe.load(path).parts}
    return {name: runs[name] for name in names}


def in_training(run: AnyRun, steps: int, *, compiled: bool) -> tuple[float, float, float]:
    """Return operations and seconds of a step of a run's first stage, drawing included, and its lines."""
    with FlopCounterMode(display=False) as counter:
        list(start(run).steps())
    trainer = start(run, compiled=compiled)
    list(trainer.steps())  # compiles
    seconds = seconds_each(lambda: list(trainer.steps()), steps)
    return counter.get_total_flops(), seconds, trainer.schedule.stage.batch


def in_inference(batch: int, steps: int) -> tuple[float, float, float]:
    """Return operations and seconds of one step of `batch` programs as the package takes it, and their number."""
    model = load_reference("base")
    mixture = Mixture(maximum=model.config.maximum)
    chain = sample(np.random.default_rng(0), mixture, model.vocabulary, count=batch, steps=1)
    fresh = [freeze(model) for _ in range(steps + 1)]  # what one has computed, it keeps
    states, codes = fresh[0].encode_states(chain.states[0]), fresh[0].encode_code(chain.lines[0])

    def step() -> None:
        frozen = fresh.pop()
        frozen.decode_states(frozen.execute(states, codes))

    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        model.state_logits(model.execute(torch.from_numpy(states), torch.from_numpy(codes)))
    return counter.get_total_flops(), seconds_each(step, steps), batch


def main(
    path: Path = Path("training/configs/base.toml"),
    threads: int = 1,
    steps: int = 5,
    compiled: bool = True,
    part: list[str] = [],  # noqa: B006, typer makes its own
    records: Path | None = None,
) -> None:
    """Time `steps` optimiser steps of parts of the recipe at PATH, and the shipped checkpoint."""
    torch.set_num_threads(threads)
    config, most = path.absolute(), peak()
    table = Table("what", "lines a second", "operations a line", "share of a large matrix product's speed")
    with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch):  # no run's state is read or written
        runs = parts_of(config, part or PARTS)
        measured = {f"training, {name}": in_training(run, steps, compiled=compiled) for name, run in runs.items()}
    measured["inference, 256 programs"] = in_inference(256, steps)
    for name, (operations, seconds, lines) in measured.items():
        per_line = f"{operations / lines / 1e6:,.1f} M"
        put(records, {name: Figure(name, lines / seconds, "a second")})
        table.add_row(name, f"{lines / seconds:,.0f}", per_line, f"{operations / seconds / most:.1%}")
    Console().print(table)
    Console().print(f"a large matrix product: {most / 1e9:,.0f} thousand million operations a second")


if __name__ == "__main__":
    typer.run(main)
