"""Start-up and latency beside Python's own and IPython's: `OMP_NUM_THREADS=1 python -m tests.benchmarks.startup`.

Wall clock of cold processes on a warm disk, the median of several; the prompt is timed in a pseudo-terminal.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pexpect
import typer
from rich.console import Console
from rich.table import Table

from tests.benchmarks.latency import core_lines_per_second
from tests.benchmarks.records import Figure, put

LATENT_REPL = (sys.executable, "-m", "latent_repl")
COMMANDS: dict[str, tuple[Sequence[str], str]] = {
    "python -c pass": ((sys.executable, "-c", "pass"), ""),
    "ipython -c 1": ((sys.executable, "-m", "IPython", "-c", "1"), ""),
    "latent-repl --help": ((*LATENT_REPL, "--help"), ""),
    "echo '6 * 7' | latent-repl": (LATENT_REPL, "6 * 7\n"),
    "import torch": ((sys.executable, "-c", "import torch"), ""),
}


PROMPT = "latent-repl, to the prompt"


def main(repeats: int = 7, records: Path | None = None) -> None:
    """Print the median seconds of each command and its ratio to `python -c pass`."""
    timers: dict[str, Callable[[], float]] = {name: _runs(*command) for name, command in COMMANDS.items()}
    timers[PROMPT] = seconds_to_prompt
    medians = {name: statistics.median(timer() for _ in range(repeats)) for name, timer in timers.items()}
    table = Table("command", "seconds", "ratio")
    for name, median in medians.items():
        table.add_row(name, f"{median:.2f}", f"{median / medians['python -c pass']:.0f}")
    line = 1 / core_lines_per_second("base", 1, "snap").lines
    table.add_row("one core line, snap mode", f"{line:.4f}", f"{line / medians['python -c pass']:.2f}")
    Console().print(table)
    keys = {name: "prompt" if name == PROMPT else name for name in medians}
    told = {name: "`latent-repl`, to the prompt" if name == PROMPT else f"`{name}`" for name in medians}
    put(records, {key: Figure(told[name], medians[name], "s") for name, key in keys.items()})


def _runs(command: Sequence[str], text: str) -> Callable[[], float]:
    def seconds() -> float:
        started = time.perf_counter()
        subprocess.run(command, input=text, text=True, check=True, capture_output=True)
        return time.perf_counter() - started

    return seconds


def seconds_to_prompt() -> float:
    """Return the wall clock from the start of the process to the prompt in a terminal."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        terminal = pexpect.spawn(sys.executable, ["-m", "latent_repl"], env={"HOME": home, "TERM": "xterm"})
        terminal.expect_exact(">>>", timeout=60)
        seconds = time.perf_counter() - started
        terminal.close(force=True)
    return seconds


if __name__ == "__main__":
    typer.run(main)
