"""Time of a core line, alone and in a batch: `python -m tests.benchmarks.latency`."""

from __future__ import annotations

import time

import numpy as np
import typer

from latent_repl.language.lower import lower
from latent_repl.language.parse import parse
from latent_repl.machine import Machine
from latent_repl.model.checkpoint import load

SOURCE = "i = 0\nwhile i < 40:\n    i += 1"


def main(model: str = "base", threads: int = 2, batch: int = 256) -> None:
    """Run a counting loop alone and in a batch; print milliseconds per core line, lines per second, their ratio."""
    interpreter = load(model)
    config = interpreter.config
    bounds = {"minimum": config.minimum, "maximum": config.maximum}
    program = lower(parse(SOURCE, **bounds), slots=config.slots, **bounds)
    rates = []
    for count in (1, batch):
        machine = Machine(interpreter)
        latents = np.repeat(machine.empty_state()[None], count, axis=0)
        machine.run([program] * count, latents, step_budget=500)
        started = time.perf_counter()
        runs = machine.run([program] * count, latents, step_budget=500)
        rates.append(sum(run.steps for run in runs) / (time.perf_counter() - started))
    alone, together = rates
    typer.echo(f"one program: {1000 / alone:.2f} ms a core line; {batch} at once: {together:.0f} core lines a second")
    typer.echo(f"ratio of the rates: {together / alone:.1f}")


if __name__ == "__main__":
    typer.run(main)
