"""How often each search solves the post's sums: `python -m tests.benchmarks.sums [--models sums-2d]`.

Problems `a + ? == b`, all solvable; one evaluation is one point scored by executor and decoder. The model believes in a
point if its state is the wanted one; the point is verified if the summand that it decodes to is a solution as well.
Prints each row as it is measured, writes every figure to pictures/sums-rates.json, in the place of an earlier one, and
from that the tables in sums-rates.md and the plot sums-rates.svg beside it.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer

from latent_repl.model.network.backend import load_reference
from tests.benchmarks.sums_landscape import Floats, Landscape, Problems, draw_problems
from tests.benchmarks.sums_searches import NAMES, BatchSearch, searches
from training.sums.evaluate import load_sums

BUDGETS = (8, 16, 32, 64, 128, 256)
SHIPPED = ["sums-2d", "sums-10d", "sums-100d"]
RESAMPLES = 2000
PICTURES = Path(__file__).resolve().parents[2] / "pictures"


def solve(search: BatchSearch, landscape: Landscape, problems: Problems, budget: int) -> Floats:
    """Return how many evaluations each problem took, 2 x R: until the oracle verified, until the model believed.

    Infinity stands where the budget did not suffice.
    """
    taken = np.full((2, len(problems)), np.inf)
    left, spent = np.arange(len(problems)), 0
    while len(left) and spent < budget:
        points = search.propose()[:, : budget - spent]
        if points.shape[1] == 0:
            break
        scores = landscape.score(problems[left], points)
        solved = scores.verified.any(1)
        for row_taken, hits in zip(taken, (scores.verified, scores.believed), strict=True):
            first = hits.any(1) & np.isinf(row_taken[left])
            row_taken[left[first]] = spent + 1 + hits[first].argmax(1)
        spent += points.shape[1]
        if spent < budget:
            search.observe(points, scores)
            search.keep(~solved)
        left = left[~solved]
    return taken


def rates(taken: Floats) -> dict[str, Any]:
    """Return success at each budget with 95 % intervals, and the median, for S x N evaluations of N problems.

    The intervals are bootstrapped over problems, whose seeds stay together.
    """
    generator = np.random.default_rng(0)
    drawn = generator.integers(taken.shape[1], size=(RESAMPLES, taken.shape[1]))
    within = {}
    for budget in BUDGETS:
        share = (taken <= budget).mean(0)
        low, high = np.percentile(share[drawn].mean(1), [2.5, 97.5])
        within[str(budget)] = [float(share.mean()), float(low), float(high)]
    medians = np.median(taken[:, drawn].swapaxes(0, 1).reshape(RESAMPLES, -1), axis=1)
    ends = [float(np.median(taken)), *(float(end) for end in np.percentile(medians, [2.5, 97.5], method="nearest"))]
    return {"within": within, "median": [None if np.isinf(end) else end for end in ends]}


def measure(name: str, problems: int, seeds: int, only: list[str]) -> dict[str, Any]:
    """Return the rates of every search on one checkpoint."""
    landscape = Landscape(load_sums(name))
    posed = draw_problems(problems, landscape.maximum, seed=0)
    results = {}
    for search, maker in searches(load_reference(name)).items():
        if only and search not in only:
            continue
        began = time.process_time()
        each = [solve(maker(landscape, posed, seed), landscape, posed, BUDGETS[-1]) for seed in range(seeds)]
        verified, believed = np.stack(each, axis=1)
        spent = {"problems": problems, "seeds": seeds, "seconds": round(time.process_time() - began, 1)}
        results[search] = {**rates(verified), "believed": rates(believed), **spent}
        typer.echo(row(search, results[search]))
    return results


def row(search: str, result: dict[str, Any]) -> str:
    """Return one search's row of the table."""
    cells = [f"{100 * rate:.1f} ({100 * low:.1f}-{100 * high:.1f})" for rate, low, high in result["within"].values()]
    median = "> 256" if result["median"][0] is None else f"{result['median'][0]:g}"
    milliseconds = 1000 * result["seconds"] / (result["problems"] * result["seeds"])
    believed = f"{100 * result['believed']['within'][str(BUDGETS[-1])][0]:.1f}"
    runs = f"{result['problems']} x {result['seeds']}"
    return f"| {search} | {runs} | {' | '.join(cells)} | {median} | {believed} | {milliseconds:.0f} |"


def table(name: str, found: dict[str, Any] | None) -> str:
    """Return a checkpoint's table in Markdown."""
    head = f"| search | problems x seeds | {' | '.join(map(str, BUDGETS))} | median | believed | ms |"
    rule = "| --- " * (len(BUDGETS) + 5) + "|"
    return "\n".join([f"## {name}\n", head, rule, *(row(*item) for item in (found or {}).items()), ""])


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
            panel.plot(BUDGETS, middle, style, marker="o", markersize=3, label=search, color=f"C{number}")
            panel.fill_between(BUDGETS, low, high, alpha=0.15, color=f"C{number}", linewidth=0)
        panel.set(xscale="log", title=name, xlabel="evaluations", ylim=(0, 101))
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
    write: Annotated[Path, typer.Option(help="Folder of the figures and the plot.")] = PICTURES,
) -> None:
    """Print the tables; write the figures and the plot."""
    torch.set_num_threads(1)
    write.mkdir(exist_ok=True)
    file = write / "sums-rates.json"
    results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for name in models or SHIPPED:
        found = {**results.get(name, {}), **measure(name, problems, seeds, search or [])}
        results[name] = {one: found[one] for one in NAMES if one in found}
        file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (write / "sums-rates.md").write_text("\n".join(map(table, SHIPPED, map(results.get, SHIPPED))), encoding="utf-8")
    draw({name: results[name] for name in SHIPPED if name in results}, write / "sums-rates.svg")


if __name__ == "__main__":
    typer.run(main)
