"""Ten whole programs: steps, seconds, what was recalled, and CPython beside: `python -m tests.benchmarks.programs`.

    --without               each result computed anew
    --against PYTHON        another release in the same run: the Python of its environment, or a checkout to run from

Programs run in fresh processes of one thread, the releases in turn, round after round; the fastest round counts.
Seconds are the processor's, for a machine that others use as well, and leave out loading. `--jobs N` runs N programs at
once, which is for results and not for seconds.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from latent_repl.cli.workers import Workers

PROGRAMS = {path.stem.replace("_", " "): path.read_text() for path in sorted(Path(__file__).parent.glob("*.lx"))}
"""The programs by name; CPython runs them as well."""

ONE = """
import json, sys, time
from latent_repl import Session
text, options = json.load(sys.stdin)
session = Session(check=False, step_budget=100_000, **options)
session.run("a = 1")
session.reset()
started = time.process_time()
result = session.run(text)
seconds = time.process_time() - started
costs = getattr(result, "costs", None)
costs = costs and [costs.results, costs.recalled]
print(json.dumps([result.steps, seconds, list(result.output), costs, str(result.error)]))
"""
"""What each release is asked; it needs nothing but `Session`."""


class Measured(NamedTuple):
    """How a program ran: executor steps, seconds of the processor, lines of output, results asked for and recalled."""

    steps: int
    seconds: float
    output: list[str]
    costs: list[int] | None
    error: str


def measure(release: Path | None, options: dict[str, bool], text: str) -> Measured:
    """Run a program in a fresh process of a release: an environment's Python, a checkout, or None for this one."""
    python, folder = sys.executable, Path.cwd()
    if release is not None:
        python, folder = (sys.executable, release) if (release / "latent_repl").is_dir() else (_python(release), folder)
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = str(folder) if python == sys.executable else ""
    given = json.dumps([text, options])
    command = [python, "-c", ONE]
    # Python finds the package in the folder that it runs in first.
    ended = subprocess.run(
        command, input=given, text=True, capture_output=True, check=True, env=environment, cwd=folder
    )
    return Measured(*json.loads(ended.stdout))


def fastest(repeats: int, release: Path | None, without: bool, text: str) -> tuple[Measured, Measured | None]:
    """Run a program in both releases in turn and return the fastest run of each."""
    options = {"memory": False} if without else {}
    mine, theirs = [], []
    for _ in range(repeats):
        mine.append(measure(None, options, text))
        theirs += [] if release is None else [measure(release, {}, text)]
    return min(mine, key=lambda run: run.seconds), min(theirs, key=lambda run: run.seconds, default=None)


def seconds_of_python(text: str) -> tuple[float, list[str]]:
    """Return how long CPython takes, and what it prints."""
    printed = io.StringIO()
    started = time.process_time()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "<program>", "exec"), {})
    return time.process_time() - started, printed.getvalue().splitlines()


def main(
    against: Annotated[Path | None, typer.Option(help="Another release: its environment, or a checkout.")] = None,
    without: Annotated[bool, typer.Option("--without", help="Compute each result anew.")] = False,
    program: Annotated[list[str] | None, typer.Option(help="Only these.")] = None,
    repeats: int = 3,
    jobs: int = 1,
) -> None:
    """Print a row a program."""
    names = program or [*PROGRAMS]
    print("| program | right | steps | seconds | recalled | CPython | ratio |\n" + "| --- " * 7 + "|")
    runs = Workers(jobs=jobs).results(partial(fastest, repeats, against, without), [PROGRAMS[name] for name in names])
    for name, (mine, theirs) in zip(names, runs, strict=True):
        exact, output = seconds_of_python(PROGRAMS[name])
        right = "yes" if mine.output == output else f"no: {mine.error}"
        recalled = "" if mine.costs is None else f"{mine.costs[1] / max(mine.costs[0], 1):.0%}"
        ratio = "" if theirs is None else f"{theirs.seconds / mine.seconds:.1f}"
        cells = (name, right, mine.steps, f"{mine.seconds:.3f}", recalled, f"{exact:.6f}", ratio)
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


def _python(environment: Path) -> str:
    found = [environment / "bin" / "python", environment / "Scripts" / "python.exe", environment]
    return str(next(path for path in found if path.is_file()))


if __name__ == "__main__":
    typer.run(main)
