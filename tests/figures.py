"""The tables of the pages, from figures on record: checkpoints' metrics.json and the files of docs/records/.

Blocks of the pages call these functions by cog: `make figures` writes the tables, `make check` sees that they are
current.
"""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from latent_repl.model.checkpoint import locate
from latent_repl.repl.commands import COMMANDS
from latent_repl.synthesis.options import SEARCHES, Options
from latent_repl.synthesis.searches.base import load_search
from tests.benchmarks import records, synthesis
from tests.benchmarks.intervals import share_with_interval
from training.report import Metrics, figures_table, percent

RECORDS = Path(__file__).parent.parent / "docs" / "records"
SPEED = RECORDS / "speed.json"
BARRED = re.compile(r"`([^`]*\|[^`]*)`")
"""Code with a bar, which would end the cell of a table; how to write one is not the same everywhere."""
SUMS = ("sums-2d", "sums-10d", "sums-100d")


def metrics(checkpoint: str) -> Metrics:
    """Return what was measured of a checkpoint."""
    return json.loads((locate(checkpoint) / "metrics.json").read_text(encoding="utf-8"))


def record(name: str) -> Any:
    """Return what a JSON file of the records holds."""
    return json.loads((RECORDS / name).read_text(encoding="utf-8"))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    whole = [[BARRED.sub(_barred, cell) for cell in cells] for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in whole)


def _barred(code: re.Match[str]) -> str:
    return f"<code>{code[1].replace('|', '&#124;')}</code>"


def headline() -> str:
    """Return the figures that say most, one a row."""
    base, asked, speed = metrics("base"), record("cruxeval.json"), records.read(SPEED)
    suites = base["suites"].values()
    programs, right = (sum(suite[part] for suite in suites) for part in ("programs", "snap"))
    mine = [run for run in synthesis.read_runs(RECORDS / "synthesis.csv") if run.search == Options().search]
    families = {run.family for run in mine}  # each counts alike, however many runs it has
    shares = [statistics.mean(run.solved for run in mine if run.family == family) for family in families]
    rows = [
        ("one line, of 200,000 that training never saw: the whole state is right", percent(base["line"]["exact"])),
        ("64 lines in a row, each run on what the network made of the line before", _chained(base, "64")),
        ("whole programs of our suites: every line is right", f"{right:,} of {programs:,}"),
        ("functions of CRUXEval, by others, that are in the language: the value is right", _crux(asked)),
        (
            f"problems of {len(families)} families, from one number to whole lines: solved, and verified by Python",
            percent(statistics.mean(shares)),
        ),
        (
            f"{speed['line, snap'].what}; from start to prompt",
            f"{speed['line, snap'].shown}; {speed['prompt'].shown}",
        ),
    ]
    return table(("what", "figure"), rows)


def _chained(base: Metrics, length: str) -> str:
    return percent(base["chain"]["latent"][length])


def _crux(asked: dict[str, Any]) -> str:
    return f"{asked['right']} of {asked['accepted']}"


def checkpoint(name: str) -> str:
    """Return all tables of a checkpoint."""
    return figures_table(metrics(name))


def sums() -> str:
    """Return what was measured of the sums models, one a row."""
    head = (
        "",
        "exact sums",
        "reconstruction",
        "order of codes",
        "order of states",
        "two sums in a row; eight: latent mode, snap mode",
        "the best summand solves; within 2",
    )
    rows = []
    for name in SUMS:
        found = metrics(name)
        low, order = found["lowest_loss"], found["order"]
        best = f"{percent(low['exact'])}; {percent(low['within 2'])}"
        rebuilt = percent(min(found["reconstruction"].values()))
        rows.append(
            (
                f"`{name}`",
                percent(found["exact"]),
                rebuilt,
                f"{order['code']:.2f}",
                f"{order['state']:.2f}",
                "; ".join(_in_a_row(found["chain"], length) for length in ("2", "8")),
                best,
            )
        )
    return table(head, rows)


def _in_a_row(chain: dict[str, dict[str, float]], length: str) -> str:
    return ", ".join(percent(chain[mode][length]) for mode in ("latent", "snap"))


def rates() -> str:
    """Return how often each search solves the post's sums, a table a checkpoint."""
    from tests.benchmarks import sums as benchmark

    found = record("sums-rates.json")
    return "\n".join(benchmark.table(name, found[name]).replace("## ", "### ") for name in SUMS)


def cruxeval() -> str:
    """Return what became of the functions of CRUXEval, with Wilson's interval of the share that is right."""
    asked = record("cruxeval.json")
    share, low, high = share_with_interval([[place < asked["right"]] for place in range(asked["accepted"])])
    rows = [
        ("functions asked", f"{asked['rows']}"),
        ("of these in Lx", f"{asked['accepted']}"),
        ("of these right", f"{asked['right']}, {percent(share)} (95 %: {100 * low:.1f} to {100 * high:.1f})"),
    ]
    return table(("what", "figure"), rows)


def movement() -> str:
    """Return for each operator on rows how many of all its cases are decided wrong."""
    lines = (RECORDS / "movement.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if line.startswith('{"operator"')]
    rows = [(f"`{row['operator']}`", f"{row['cases']:,}", f"{row['wrong']:,}") for row in found if row["wrong"]]
    rest = [row for row in found if not row["wrong"]]
    others = "others" if rows else "operators"
    rows.append((f"the {len(rest)} {others}", f"{sum(row['cases'] for row in rest):,}", "0"))
    every = [sum(row[part] for row in found) for part in ("cases", "wrong")]
    return table(("operator", "cases", "wrong"), [*rows, ("all", *(f"{count:,}" for count in every))])


def values() -> str:
    """Return how many programs and routines on Python's own values are right, and which routines are not always."""
    rows = []
    for family, found in record("values.json").items():
        wrong = ", ".join(f"`{name}` {count}" for name, count in found.get("wrong", {}).items())
        rows.append((family, f"{found['right']:,} of {found['of']:,}", wrong or "-"))
    return table(("what", f"right, {found['mode']} mode", "wrong routines"), rows)


def speed() -> str:
    """Return how long things take."""
    return table(("what", "figure"), [(figure.what, figure.shown) for figure in records.read(SPEED).values()])


def searches(*names: str) -> str:
    """Return success within 64, 128 and 512 evaluations, and the median, of some searches; of all if none is named."""
    runs = synthesis.grouped(synthesis.read_runs(RECORDS / "synthesis.csv"))
    return synthesis.brief({key: each for key, each in runs.items() if key[1] in (names or key)})


SPACES = {"before": "as before", "stochastic": "stochastic", "ordered": "stochastic, ordered", "shipped": "as it ships"}
"""Checkpoints of `base` that differ in the code space alone, by their files of runs, and what they are called."""


def spaces(search: str) -> str:
    """Return how a search of each code space ended, family by family: solved of all runs, and the median."""
    tables = {name: synthesis.grouped(synthesis.read_runs(RECORDS / "order" / f"{name}.csv")) for name in SPACES}
    families = dict.fromkeys(family for each in tables.values() for family, ran in each if ran == search)
    rows = [[family, *(_solved(tables[name].get((family, search), [])) for name in SPACES)] for family in families]
    return table(("family", *SPACES.values()), rows)


def _solved(runs: Sequence[synthesis.Run]) -> str:
    if not runs:
        return "-"
    median = statistics.median(run.evaluations for run in runs)
    return f"{sum(run.solved for run in runs)} of {len(runs)}; {median:g}"


def sooner(search: str, *pairs: tuple[str, str]) -> str:
    """Return in how many problems a search needs fewer evaluations in the second code space of a pair.

    A problem's seeds count together. p is that of the sign test, two-sided. One operator is found in the first round
    everywhere, and is left out.
    """
    rows = []
    for first, second in pairs:
        before, after = _needed(first, search), _needed(second, search)
        both = dict[tuple[str, int], list[int]]()
        for family, problem, seed in before.keys() & after.keys():
            spent = both.setdefault((family, problem), [0, 0])
            spent[0] += before[family, problem, seed]
            spent[1] += after[family, problem, seed]
        less, more = sum(new < old for old, new in both.values()), sum(new > old for old, new in both.values())
        chance = binomtest(less, less + more).pvalue if less + more else 1.0
        share = statistics.geometric_mean(new / old for old, new in both.values())
        names = f"{SPACES[second]}, against {SPACES[first]}"
        rows.append((names, str(len(both)), f"{less}, {more}", f"{chance:.1g}", f"{share:.2f}"))
    return table(("code spaces", "problems", "sooner, later", "p", "evaluations"), rows)


def _needed(name: str, search: str) -> dict[tuple[str, int, int], int]:
    """Return the evaluations of each run; one that found nothing counts as the whole budget."""
    runs = synthesis.read_runs(RECORDS / "order" / f"{name}.csv")
    return {
        (run.family, run.problem, run.seed): run.evaluations if run.solved else synthesis.BUDGET
        for run in runs
        if run.search == search and run.family != "operator"
    }


def goals() -> str:
    """Return the default search on families whose goal is no literal, and on one that loops, with intervals."""
    runs = synthesis.grouped(synthesis.read_runs(RECORDS / "goals.csv"))
    return "\n".join([synthesis.HEAD, *(synthesis.table_row(*key, each) for key, each in runs.items())])


def every_search() -> str:
    """Return the whole table of the searches, with intervals."""
    runs = synthesis.grouped(synthesis.read_runs(RECORDS / "synthesis.csv"))
    rows = [synthesis.table_row(*key, each) for key, each in runs.items()]
    return "\n".join([synthesis.HEAD, *rows])


def commands() -> str:
    """Return the commands of the prompt, each in its own words."""
    rows = [(f"`{command.usage}`", command.summary) for command in COMMANDS]
    return table(("command", "what it does"), rows)


def search_names() -> str:
    """Return the searches by their names, each in the first line of its own words."""
    rows = [(f"`{name}`", (load_search(name).__doc__ or "").splitlines()[0]) for name in SEARCHES]
    return table(("search", "what it does"), rows)
