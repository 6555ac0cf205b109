"""How often each search solves the post's sums: `python -m tests.benchmarks.sums [--models sums-2d]`.

Problems `a + ? == b`, all solvable, and the package's own searches, by the names that `--search` takes. Of `box`, the
Gaussian process, and `uniform`, random draws, one evaluation is one point of the whole box, scored at the point itself.
What the model believed in, of points that decode to no solution, stands in the runs on record alone.
Prints each row as it is measured, writes every figure to records/sums-rates.json in the folder of `--write`, in the
place of an earlier one, and from that the plot pictures/sums-rates.svg.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer

from latent_repl import Session
from tests.benchmarks.intervals import share_with_interval
from training.sums.evaluate import load_sums

BUDGETS = (8, 16, 32, 64, 128, 256)
SHIPPED = ["sums-2d", "sums-10d", "sums-100d"]
DOCS = Path(__file__).resolve().parents[2] / "docs"
SEARCHES = ("box", "uniform", "latents", "gradient", "cma", "cem", "shuffled")
BUDGET = BUDGETS[-1]


def draw_problems(count: int, maximum: int, seed: int) -> list[str]:
    """Return so many solvable problems; each pair of numbers whose difference is in range is equally likely."""
    numbers = np.arange(-maximum, maximum + 1)
    before, after = (axis.ravel() for axis in np.meshgrid(numbers, numbers))
    solvable = np.flatnonzero(np.abs(after - before) <= maximum)
    drawn = np.random.default_rng(seed).choice(solvable, count, replace=False)
    return [f"a = {before[place]}; a = a + ?; a == {after[place]}" for place in drawn]


def rates(taken: Any) -> dict[str, Any]:
    """Return success at each budget with 95 % intervals, and the median, for S x N evaluations of N problems."""
    within = {str(budget): list(share_with_interval((taken <= budget).T.tolist())) for budget in BUDGETS}
    median = float(np.median(taken))
    return {"within": within, "median": [None if np.isinf(median) else median]}


def measure(name: str, problems: int, seeds: int, only: list[str]) -> dict[str, Any]:
    """Return the rates of every search on one checkpoint."""
    session = Session(load_sums(name), mode="latent", check=False)
    texts = draw_problems(problems, session.model.config.maximum, seed=0)
    results = {}
    for search in only or SEARCHES:
        began = time.process_time()
        verified = np.full((seeds, problems), np.inf)
        for seed in range(seeds):
            for place, text in enumerate(texts):
                own = seed * problems + place  # else all problems would be tried at the same points
                found = session.synth(text, search=search, seed=own, budget=BUDGET, timeout=3600)
                verified[seed, place] = found.evaluations if found.verified else np.inf
        spent = {"problems": problems, "seeds": seeds, "seconds": round(time.process_time() - began, 1)}
        results[search] = {**rates(verified), **spent}
        typer.echo(row(search, results[search]))
    return results


def row(search: str, result: dict[str, Any]) -> str:
    """Return one search's row of the table."""
    cells = [f"{100 * rate:.1f} ({100 * low:.1f}-{100 * high:.1f})" for rate, low, high in result["within"].values()]
    median = "> 256" if result["median"][0] is None else f"{result['median'][0]:g}"
    milliseconds = 1000 * result["seconds"] / (result["problems"] * result["seeds"])
    believed = f"{100 * result['believed']['within'][str(BUDGETS[-1])][0]:.1f}" if "believed" in result else "-"
    runs = f"{result['problems']} x {result['seeds']}"
    return f"| {search} | {runs} | {' | '.join(cells)} | {median} | {believed} | {milliseconds:.0f} |"


def table(name: str, found: dict[str, Any]) -> str:
    """Return a checkpoint's table in Markdown."""
    head = f"| search | problems x seeds | {' | '.join(map(str, BUDGETS))} | median | believed | ms |"
    rule = "| --- " * (len(BUDGETS) + 5) + "|"
    return "\n".join([f"## {name}\n", head, rule, *(row(*item) for item in found.items()), ""])


def draw(results: dict[str, Any], path: Path) -> None:
    """Draw success against evaluations, one panel a checkpoint."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, len(results), figsize=(4.6 * len(results), 4.2), sharey=True, squeeze=False)
    for panel, (name, found) in zip(panels[0], results.items(), strict=True):
        for number, (search, result) in enumerate(found.items()):
            middle, low, high = (100 * np.array(list(result["within"].values()))).T
            style = "-" if number < 2 else "--"
            panel.plot(
                BUDGETS, middle, style, marker="o", markersize=3, label=search, color=f"C{number}", clip_on=False
            )
            panel.fill_between(BUDGETS, low, high, alpha=0.15, color=f"C{number}", linewidth=0)
        panel.set(xscale="log", title=name, xlabel="evaluations", ylim=(0, 100))
        panel.set_xticks(BUDGETS, labels=[str(budget) for budget in BUDGETS])
        panel.minorticks_off()
        panel.grid(alpha=0.3)
    panels[0][0].set_ylabel("verified, % of problems")
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="lower center", ncols=5, frameon=False)
    figure.tight_layout(rect=(0, 0.11, 1, 1))
    figure.savefig(path)


def main(
    models: Annotated[list[str] | None, typer.Option(help="Checkpoints; the shipped ones if not given.")] = None,
    problems: Annotated[int, typer.Option(help="Problems.")] = 500,
    seeds: Annotated[int, typer.Option(help="Seeds of each search.")] = 5,
    search: Annotated[list[str] | None, typer.Option(help="Searches; all if not given.")] = None,
    write: Annotated[Path, typer.Option(help="Folder of the records and the pictures.")] = DOCS,
) -> None:
    """Print the rows; write the figures and the plot."""
    torch.set_num_threads(1)
    for folder in ("records", "pictures"):
        (write / folder).mkdir(parents=True, exist_ok=True)
    file = write / "records" / "sums-rates.json"
    results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for name in models or SHIPPED:
        found = {**results.get(name, {}), **measure(name, problems, seeds, search or [])}
        results[name] = found
        file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    draw({name: results[name] for name in SHIPPED if name in results}, write / "pictures" / "sums-rates.svg")


if __name__ == "__main__":
    typer.run(main)
