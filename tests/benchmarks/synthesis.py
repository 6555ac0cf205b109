"""How many evaluations each search needs, on each family of problems: one table, and one plot.

    python -m tests.benchmarks.synthesis                             a sample: 4 problems a family, 1 seed, 5 searches
    python -m tests.benchmarks.synthesis --full --plot success.png   20 problems a family, 5 seeds, every search

Every search sees the same problems. Success is verified success; its interval (95 %) is Wilson's, problems as clusters.
`--records FILE` puts each run on record as it ends, and runs nothing that is there already: a command that was stopped
goes on, several may share one file, and one that finds every run there only prints and draws.
"""

from __future__ import annotations

import csv
import random
import statistics
from collections.abc import Sequence
from functools import partial
from itertools import product
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import typer

from grammar.suites.problems import FAMILIES, draw_problem
from latent_repl import Session
from latent_repl.cli.pieces import Warm
from latent_repl.cli.workers import Workers
from latent_repl.errors import SynthesisError
from latent_repl.synthesis.options import SEARCHES
from tests.benchmarks.intervals import share_with_interval

BUDGET = 512
WITHIN = (16, 32, 64, 128, 256, 512)
# Panels side by side.
ACROSS = 5
SAMPLE = ("auto", "gp", "random", "shuffled", "hill")
HEAD = (
    f"| family | search | runs | {' | '.join(map(str, WITHIN))} | evaluations | oracle | seconds | p95 | refuted |\n"
    f"{'| --- ' * (len(WITHIN) + 8)}|"
)


class Run(NamedTuple):
    """How one search ended on one problem with one seed."""

    family: str
    search: str
    problem: int
    seed: int
    solved: int
    evaluations: int
    oracle_runs: int
    refuted: int
    seconds: float


# The runs of each family and search.
Table = dict[tuple[str, str], list[Run]]


class Problem(NamedTuple):
    """One search on one problem with one seed."""

    family: str
    search: str
    problem: int
    seed: int
    text: str


def problems_left(family: str, search: str, counts: tuple[int, int], maximum: int, had: Sequence[Run]) -> list[Problem]:
    """Return what the runs at hand lack. counts: problems and seeds. maximum: of the numbers' sizes in a problem."""
    done, generator = {run[:4] for run in had}, random.Random(family)
    texts = [draw_problem(family, generator, maximum).text for _ in range(counts[0])]
    every = (
        Problem(family, search, place, seed, text) for place, text in enumerate(texts) for seed in range(counts[1])
    )
    return [problem for problem in every if problem[:4] not in done]


def run_one(warm: Warm, timeout: float, problem: Problem) -> Run | None:
    """Search for what solves a problem; None where the search (z3, gradients) is not for it."""
    try:
        found = warm.session.synth(
            problem.text, search=problem.search, seed=problem.seed, budget=BUDGET, timeout=timeout
        )
    except SynthesisError:
        return None
    counted = int(found.verified), found.evaluations, found.oracle_runs, found.refuted
    return Run(*problem[:4], *counted, round(found.seconds, 3))


def opened(model: str) -> Session:
    """Return a session whose libraries are loaded."""
    session = Session(model, check=False)
    session.synth("a = 1; a + ? == 3")
    return session


def read_runs(path: Path) -> list[Run]:
    """Return the runs on record, none if there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Run._make([family, search, *map(int, rest[:-1]), float(rest[-1])])
            for family, search, *rest in csv.reader(file)
        ]


def grouped(runs: Sequence[Run]) -> Table:
    """Return runs by family and search, in the order of the families and of the searches."""
    table: Table = {}
    for family, search in product(FAMILIES, SEARCHES):
        mine = [run for run in runs if (run.family, run.search) == (family, search)]
        table.update({(family, search): mine} if mine else {})
    return table


def append_run(path: Path, run: Run) -> None:
    """Put a run on record."""
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(run)


def success(runs: Sequence[Run], within: int) -> tuple[float, float, float]:
    """Return the share solved within so many evaluations, and its interval over the problems."""
    solved: dict[int, list[bool]] = {}
    for run in runs:
        solved.setdefault(run.problem, []).append(bool(run.solved) and run.evaluations <= within)
    return share_with_interval([*solved.values()])


def table_row(family: str, search: str, runs: Sequence[Run]) -> str:
    """Return one row: how many runs, success at each number of evaluations and its interval, then medians, p95 of the
    seconds, and refuted candidates."""
    shares = [success(runs, within) for within in WITHIN]
    cells = [f"{share:.0%} [{100 * low:.0f}, {100 * high:.0f}]" for share, low, high in shares]
    evaluations = statistics.median(run.evaluations for run in runs)
    oracle_runs = max(run.oracle_runs for run in runs)
    seconds = [run.seconds for run in runs]
    cells += [f"{evaluations:g}", str(oracle_runs), f"{statistics.median(seconds):.2f}"]
    cells += [f"{np.quantile(seconds, 0.95):.2f}", str(sum(run.refuted for run in runs))]
    return f"| {family} | {search} | {len(runs)} | {' | '.join(cells)} |"


def brief(table: Table) -> str:
    """Return a table of a row a family and a column a search: success within 64, 128, 512, and the median."""
    families, searches = (list(dict.fromkeys(names)) for names in zip(*table, strict=True))
    rows = [f"| family | {' | '.join(f'`{search}`' for search in searches)} |", "| --- " * (len(searches) + 1) + "|"]
    for family in families:
        cells = []
        for search in searches:
            runs = table.get((family, search), [])
            shares = ", ".join(f"{success(runs, within)[0]:.0%}" for within in (64, 128, 512)) if runs else ""
            cells.append(f"{shares}; {statistics.median(run.evaluations for run in runs):g}" if runs else "-")
        rows.append(f"| {family} | {' | '.join(cells)} |")
    return "\n".join(rows)


def plot(table: Table, path: Path) -> None:
    """Draw success against evaluations, one panel a family, one line a search; the first one's with its interval."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import colormaps, pyplot
    from matplotlib.lines import Line2D

    families, searches = (list(dict.fromkeys(names)) for names in zip(*table, strict=True))
    colours = [colormaps["tab10"](place) for place in range(10)]
    # One black, nine solid, and the controls, which come last, dotted.
    styles = [("black", "-"), *product(colours[:9], "-"), *product(colours, ":")]
    looks: dict[str, Any] = {
        search: {"color": colour, "linestyle": style} for search, (colour, style) in zip(searches, styles, strict=False)
    }
    rows = -(-len(families) // ACROSS)
    inches = (16, 0.8 + 2.9 * rows)
    figure, axes = pyplot.subplots(rows, ACROSS, figsize=inches, sharex=True, sharey=True, squeeze=False)
    for empty in axes.flat[len(families) :]:
        empty.set_visible(False)
    for axis, family in zip(axes.flat, families, strict=False):
        for search in searches:
            if (family, search) not in table:
                continue
            first = search == searches[0]
            shares = np.array([success(table[family, search], within) for within in WITHIN])
            axis.plot(WITHIN, shares[:, 0], marker=".", linewidth=2.5 if first else 1.3, clip_on=False, **looks[search])
            if first:
                axis.fill_between(WITHIN, shares[:, 1], shares[:, 2], color=looks[search]["color"], alpha=0.12)
        axis.set(title=family, xscale="log", ylim=(0, 1))
        axis.set_xticks(WITHIN, labels=[str(within) for within in WITHIN])
        axis.minorticks_off()
    lines = [Line2D([], [], label=search, **looks[search]) for search in searches]
    figure.supxlabel("evaluations")
    figure.supylabel("verified")
    figure.tight_layout(rect=(0.015, 0.015, 0.92, 1))
    figure.legend(handles=lines, loc="center right")
    figure.savefig(path, dpi=120)


def main(
    model: Annotated[str, typer.Option(help="The checkpoint.")] = "base",
    full: Annotated[bool, typer.Option("--full", help="20 problems, 5 seeds, every search.")] = False,
    family: Annotated[list[str] | None, typer.Option(help="Families; all if not given.")] = None,
    search: Annotated[list[str] | None, typer.Option(help="Searches.")] = None,
    problems: Annotated[int | None, typer.Option(help="Problems a family.")] = None,
    seeds: Annotated[int | None, typer.Option(help="Seeds a problem.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds a problem.")] = 30.0,
    maximum: Annotated[
        int | None, typer.Option(help="Largest number in a problem; the checkpoint's if not given.")
    ] = None,
    records: Annotated[Path | None, typer.Option(help="Put each run on record, in a CSV file.")] = None,
    plot_file: Annotated[Path | None, typer.Option("--plot", help="Write the plot.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes that share the work; their seconds are not one alone's.")] = 1,
) -> None:
    """Print the table, one row a family and search, and a brief one."""
    warm = Warm(partial(opened, model))
    counts = (problems or (20 if full else 4), seeds or (5 if full else 1))
    largest = maximum or warm.session.model.config.maximum
    had = read_runs(records) if records else []
    table: Table = {}
    print(HEAD)
    for name, one in product(family or FAMILIES, search or (SEARCHES if full else SAMPLE)):
        runs = [run for run in had if (run.family, run.search) == (name, one)]
        left = problems_left(name, one, counts, largest, runs)
        for run in filter(None, Workers(jobs=jobs).results(partial(run_one, warm, timeout), left)):
            runs.append(run)
            if records:
                append_run(records, run)
        if runs:
            table[name, one] = runs
            print(table_row(name, one, runs), flush=True)
    print(f"\n{brief(table)}")
    if plot_file is not None:
        plot(table, plot_file)


if __name__ == "__main__":
    typer.run(main)
