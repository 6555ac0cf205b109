"""Figures of a checkpoint's metrics: `python -m training.evaluation.plots base`, into docs/pictures/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")  # files only, no window
import typer
from matplotlib import pyplot
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from latent_repl.model.checkpoint import locate


def chain_figure(metrics: dict[str, Any]) -> Figure:
    """Return exact match of the whole state against chain length, in both modes."""
    figure, axes = pyplot.subplots(figsize=(6, 3.6), layout="constrained")
    for mode, marker in (("latent", "o"), ("snap", "s")):
        lengths = metrics["chain"][mode]
        rates = list(lengths.values())
        axes.plot([int(length) for length in lengths], rates, marker=marker, label=mode, clip_on=False)
    lowest = min(rate for rates in metrics["chain"].values() for rate in rates.values())
    axes.set(xscale="log", xlabel="core lines in a chain", ylabel="whole state exact", ylim=(min(lowest, 0.99), 1))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.set_xticks([int(length) for length in metrics["chain"]["latent"]], list(metrics["chain"]["latent"]))
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend(title="mode", loc="lower left")
    return figure


def drift_figure(metrics: dict[str, Any]) -> Figure:
    """Return what a thousand steps do to an untouched and to a rewritten variable."""
    figure, (exact, distance) = pyplot.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    for name, rows in metrics["drift"].items():
        steps = [int(step) for step in rows]
        exact.plot(steps, [row["exact"] for row in rows.values()], marker="o", label=name, clip_on=False)
        distance.plot(steps, [row["distance"] for row in rows.values()], marker="o", label=name)
    exact.set(xscale="log", xlabel="steps", ylabel="still decodes to its value", ylim=(0, 1))
    exact.yaxis.set_major_formatter(PercentFormatter(1))
    distance.set(xscale="log", xlabel="steps", ylabel="distance moved / distance of neighbours")
    for axes in (exact, distance):
        axes.grid(alpha=0.3)
    exact.legend()
    return figure


def main(checkpoint: str) -> None:
    """Draw the figures of CHECKPOINT from its metrics.json."""
    folder = locate(checkpoint)
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    pictures = Path("docs") / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for name, draw in (("chains", chain_figure), ("drift", drift_figure)):
        draw(metrics).savefig(pictures / f"{folder.name}-{name}.png", dpi=150)


if __name__ == "__main__":
    typer.run(main)
