"""Time of a core line on programs that never ran before: `OMP_NUM_THREADS=1 python -m tests.benchmarks.latency`.

Results of the network are kept and recalled, so a program that runs again, or resembles another, takes less; the share
that was recalled is told with each figure.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
import typer

from latent_repl.language.lowering.lower import lower
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Program
from latent_repl.machine import Machine
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.modes import Mode
from tests.benchmarks.records import Figure, put

# Each program has lines and numbers of its own, as those that users type; the counting is the same in all.
SOURCE = "i = 0\nx = {own}\nwhile i < 40:\n    i += 1\n    x = (x + {own}) % 631"
ALONE = 16
"""Programs that run one after another, where each runs alone. Chosen."""


class Rate(NamedTuple):
    """Core lines a second of the processor, and the share of their results that was recalled."""

    lines: float
    recalled: float


def core_lines_per_second(model: str, batch: int, mode: Mode) -> Rate:
    """Run loops in `batch` different programs at once, after another program that loads what is loaded once."""
    interpreter = load(model)
    machine = Machine(interpreter, mode)
    programs = [_program(interpreter, own) for own in range(max(batch, ALONE if batch == 1 else 0))]
    _steps(machine, [_program(interpreter, 300)] * 2)
    started, before = time.process_time(), interpreter.memory.counts
    parts = range(0, len(programs), batch)
    steps = sum(_steps(machine, programs[first : first + batch]) for first in parts)
    seconds, counts = time.process_time() - started, interpreter.memory.counts - before
    return Rate(steps / seconds, counts.recalled / max(counts.results, 1))


def _program(interpreter: Interpreter, own: int) -> Program:
    bounds: dict[str, Any] = {"minimum": interpreter.config.minimum, "maximum": interpreter.config.maximum}
    return lower(parse(SOURCE.format(own=own), **bounds), slots=interpreter.config.slots, **bounds)


def _steps(machine: Machine, programs: list[Program]) -> int:
    latents = np.repeat(machine.empty_state()[None], len(programs), axis=0)
    return sum(run.steps for run in machine.run(programs, latents, step_budget=500))


def main(model: str = "base", batch: int = 256, records: Path | None = None) -> None:
    """Print milliseconds per core line alone, lines per second in a batch, and the ratio of the rates."""
    for mode in get_args(Mode):
        alone, together = core_lines_per_second(model, 1, mode), core_lines_per_second(model, batch, mode)
        typer.echo(
            f"{mode}: one program {1000 / alone.lines:.2f} ms a core line, {alone.recalled:.0%} recalled; "
            f"{batch} at once {together.lines:.0f} lines a second, {together.recalled:.0%} recalled"
        )
        typer.echo(f"    ratio of the rates: {together.lines / alone.lines:.1f}")
        one = (
            f"a core line of a program that never ran, alone, {mode} mode; {alone.recalled:.0%} of its results recalled"
        )
        many = f"core lines, {batch} such programs at once, {mode} mode; {together.recalled:.0%} recalled"
        figures = {f"line, {mode}": Figure(one, 1000 / alone.lines, "ms")}
        figures[f"lines, {mode}"] = Figure(many, together.lines, "a second")
        put(records, figures)


if __name__ == "__main__":
    typer.run(main)
