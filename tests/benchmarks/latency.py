"""Time of a core line in both modes, alone and in a batch: `OMP_NUM_THREADS=1 python -m tests.benchmarks.latency`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, get_args

import numpy as np
import typer

from latent_repl.language.lowering.lower import lower
from latent_repl.language.parsing.parse import parse
from latent_repl.machine import Machine
from latent_repl.model.load import load
from latent_repl.modes import Mode
from tests.benchmarks.records import Figure, put

# Each program has a line and a number of its own: what is equal in a batch is done once.
SOURCE = "i = 0\nx = {own} - 128\nwhile i < 40:\n    i += 1\n    x = {own} - x"


def core_lines_per_second(model: str, batch: int, mode: Mode) -> float:
    """Run a counting loop in `batch` different programs at once, after a first run that fills the caches."""
    interpreter = load(model)
    bounds: dict[str, Any] = {"minimum": interpreter.config.minimum, "maximum": interpreter.config.maximum}
    sources = [SOURCE.format(own=place % 256) for place in range(batch)]
    programs = [lower(parse(source, **bounds), slots=interpreter.config.slots, **bounds) for source in sources]
    machine = Machine(interpreter, mode)
    latents = np.repeat(machine.empty_state()[None], batch, axis=0)
    machine.run(programs, latents, step_budget=500)
    started = time.perf_counter()
    runs = machine.run(programs, latents, step_budget=500)
    return sum(run.steps for run in runs) / (time.perf_counter() - started)


def main(model: str = "base", batch: int = 256, records: Path | None = None) -> None:
    """Print milliseconds per core line alone, lines per second in a batch, and the ratio of the rates."""
    for mode in get_args(Mode):
        alone, together = core_lines_per_second(model, 1, mode), core_lines_per_second(model, batch, mode)
        typer.echo(
            f"{mode}: one program {1000 / alone:.2f} ms a core line; {batch} at once {together:.0f} lines a second"
        )
        typer.echo(f"    ratio of the rates: {together / alone:.1f}")
        one = Figure(f"a core line, alone, {mode} mode", 1000 / alone, "ms")
        many = Figure(f"core lines, {batch} different programs at once, {mode} mode", together, "a second")
        put(records, {f"line, {mode}": one, f"lines, {mode}": many})


if __name__ == "__main__":
    typer.run(main)
