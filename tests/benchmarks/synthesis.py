"""How many evaluations each search needs, on ten families of problems: one table, and one plot.

    python -m tests.benchmarks.synthesis                             a sample: 4 problems a family, 1 seed, 4 searches
    python -m tests.benchmarks.synthesis --full --plot success.png   20 problems a family, 5 seeds, every search
    python -m tests.benchmarks.synthesis --read a.jsonl --read b.jsonl --plot success.png      of runs put on record

Every search sees the same problems. Success is verified success; its interval (95 %) is a bootstrap over the problems.
"""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from grammar.problems import FAMILIES, draw_problem
from latent_repl import Session
from latent_repl.errors import SynthesisError
from latent_repl.synthesis.search import SEARCHES, solve

BUDGET = 512
WITHIN = (16, 32, 64, 128, 256, 512)
SAMPLE = ("gp", "random", "shuffled", "hill")
RESAMPLES = 1_000

Record = dict[str, Any]


def run_all(
    session: Session,
    families: Sequence[str],
    searches: Sequence[str],
    problems: int,
    seeds: int,
    timeout: float,
    maximum: int,
) -> Iterator[Record]:
    """Yield one record for each problem, search and seed; a problem's numbers lie in [-maximum, maximum]."""
    for family in families:
        generator = random.Random(family)
        texts = [draw_problem(family, generator, maximum).text for _ in range(problems)]
        for search in searches:
            for place, text in enumerate(texts):
                for seed in range(seeds):
                    try:
                        found = solve(text, session=session, search=search, seed=seed, budget=BUDGET, timeout=timeout)
                    except SynthesisError:
                        continue  # z3 and gradients are not for every program
                    yield {
                        "family": family,
                        "search": search,
                        "problem": place,
                        "seed": seed,
                        "solved": found.verified,
                        "evaluations": found.evaluations,
                        "oracle_runs": found.oracle_runs,
                        "refuted": found.refuted,
                        "seconds": found.seconds,
                    }


def success(records: Sequence[Record], within: int) -> tuple[float, float, float]:
    """Return the share solved within so many evaluations, and its interval over the problems."""
    solved: dict[int, list[bool]] = {}
    for record in records:
        solved.setdefault(record["problem"], []).append(record["solved"] and record["evaluations"] <= within)
    shares = np.array([statistics.mean(runs) for runs in solved.values()])
    resampled = np.random.default_rng(0).choice(shares, (RESAMPLES, len(shares))).mean(1)
    return float(shares.mean()), *map(float, np.quantile(resampled, (0.025, 0.975)))


def table_row(family: str, search: str, records: Sequence[Record]) -> str:
    """Return one row: success at each number of evaluations, then medians, p95 of the seconds, and refuted beliefs."""
    shares = [success(records, within) for within in WITHIN]
    cells = [f"{share:.0%}" for share, _, _ in shares[:-1]]
    cells.append("{:.0%} [{:.0%}, {:.0%}]".format(*shares[-1]))
    evaluations = statistics.median(record["evaluations"] for record in records)
    oracle_runs = max(record["oracle_runs"] for record in records)
    seconds = [record["seconds"] for record in records]
    cells += [f"{evaluations:g}", str(oracle_runs), f"{statistics.median(seconds):.2f}"]
    cells += [f"{np.quantile(seconds, 0.95):.2f}", str(sum(record["refuted"] for record in records))]
    return f"| {family} | {search} | {' | '.join(cells)} |"


def brief(records: Sequence[Record]) -> str:
    """Return a table of a row a family and a column a search: success within 64, 128, 512, and the median."""
    searches, families = distinct(records, "search"), distinct(records, "family")
    rows = [f"| family | {' | '.join(f'`{search}`' for search in searches)} |", "| --- " * (len(searches) + 1) + "|"]
    for family in families:
        cells = []
        for search in searches:
            found = [record for record in records if (record["family"], record["search"]) == (family, search)]
            shares = ", ".join(f"{success(found, within)[0]:.0%}" for within in (64, 128, 512)) if found else ""
            cells.append(f"{shares}; {statistics.median(each['evaluations'] for each in found):g}" if found else "-")
        rows.append(f"| {family} | {' | '.join(cells)} |")
    return "\n".join(rows)


def distinct(records: Sequence[Record], key: str) -> list[str]:
    """Return the values of a key in the order in which they first come."""
    return list(dict.fromkeys(record[key] for record in records))


def plot(records: Sequence[Record], path: Path) -> None:
    """Draw success against evaluations, one panel a family, one line a search; the first one's with its interval."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    searches = distinct(records, "search")
    colours = dict(zip(searches, ["black", *pyplot.get_cmap("tab10").colors, "olive"], strict=False))
    figure, axes = pyplot.subplots(2, 5, figsize=(16, 6.5), sharex=True, sharey=True, squeeze=False)
    for axis, family in zip(axes.flat, distinct(records, "family"), strict=False):
        for search in searches:
            rows = [record for record in records if (record["family"], record["search"]) == (family, search)]
            if not rows:
                continue
            first = search == searches[0]
            shares = np.array([success(rows, within) for within in WITHIN])
            axis.plot(WITHIN, shares[:, 0], marker=".", color=colours[search], linewidth=2.5 if first else 1.2)
            if first:
                axis.fill_between(WITHIN, shares[:, 1], shares[:, 2], color=colours[search], alpha=0.12)
        axis.set(title=family, xscale="log", ylim=(-0.02, 1.04))
        axis.set_xticks(WITHIN, labels=[str(within) for within in WITHIN])
        axis.minorticks_off()
    lines = [pyplot.Line2D([], [], color=colours[search], label=search) for search in searches]
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
    records_file: Annotated[Path | None, typer.Option("--records", help="Write every run as JSON lines.")] = None,
    plot_file: Annotated[Path | None, typer.Option("--plot", help="Write the plot.")] = None,
    read: Annotated[list[Path] | None, typer.Option(help="Records to tell of, instead of running.")] = None,
) -> None:
    """Print the table, one row a family and search, and a brief one."""
    print(f"| family | search | {' | '.join(map(str, WITHIN))} | evaluations | oracle | seconds | p95 | refuted |")
    print("| --- " * (len(WITHIN) + 7) + "|")
    records: list[Record] = []
    if read:
        records = [json.loads(line) for path in read for line in path.read_text(encoding="utf-8").splitlines()]
        for name in distinct(records, "family"):
            of_family = [record for record in records if record["family"] == name]
            for one in distinct(of_family, "search"):
                print(table_row(name, one, [record for record in of_family if record["search"] == one]))
    else:
        session = Session(model, check=False)
        solve("a = 1; a + ? == 3", session=session)  # the libraries are loaded now
        searches = search or (list(SEARCHES) if full else list(SAMPLE))
        counts = (problems or (20 if full else 4), seeds or (5 if full else 1))
        for name in family or FAMILIES:
            for one in searches:
                rows = list(run_all(session, [name], [one], *counts, timeout, maximum or session.model.config.maximum))
                records += rows
                if rows:
                    print(table_row(name, one, rows), flush=True)
    print(f"\n{brief(records)}")
    if records_file is not None:
        records_file.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    if plot_file is not None:
        plot(records, plot_file)


if __name__ == "__main__":
    typer.run(main)
