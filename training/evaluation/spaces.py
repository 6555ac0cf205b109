"""Draw agreement over the box, before and after: `python -m training.evaluation.spaces`, into docs/pictures.

Before: the checkpoints without stochastic code encoders, on record in docs/records/spaces-before.json. After:
the shipped ones' metrics.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")  # files only, no window
import typer
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from latent_repl.model.checkpoint import locate

DOCS = Path(__file__).resolve().parents[2] / "docs"


def spaces_figure(before: dict[str, Any], after: dict[str, Any]) -> Figure:
    """Return agreement against noise, a panel a checkpoint; crosses: uniform points, triangles: midpoints."""
    figure, panels = pyplot.subplots(
        1, len(before), figsize=(3.6 * len(before), 3.6), sharey=True, squeeze=False, layout="constrained"
    )
    for axes, name in zip(panels[0], before, strict=True):
        for label, figures, style in (("before", before[name], "--"), ("now", after.get(name), "-")):
            if figures:
                _curves(axes, figures, label, style)
        axes.set(title=name, xlabel="noise on each dimension", ylim=(0, 1))
        axes.set_xticks(
            [*map(float, before[name]["noise"]), 0.65, 0.75], [*before[name]["noise"], "mid", "any"], rotation=60
        )
        axes.yaxis.set_major_formatter(PercentFormatter(1))
        axes.grid(alpha=0.3)
    panels[0][0].set_ylabel("points that agree")
    panels[0][0].legend(fontsize=8)
    return figure


def _curves(axes: Axes, figures: dict[str, Any], label: str, style: str) -> None:
    noise = [float(deviation) for deviation in figures["noise"]]
    rows = figures["noise"].values()
    (line,) = axes.plot(
        noise,
        [row["agreement"] for row in rows],
        style,
        marker="o",
        markersize=4,
        label=f"agree, {label}",
        clip_on=False,
    )
    axes.plot(
        noise, [row["kept"] for row in rows], ":", color=line.get_color(), label=f"same line, {label}", clip_on=False
    )
    axes.plot(0.65, figures["midpoints"]["agreement"], "^", color=line.get_color(), clip_on=False)
    axes.plot(0.75, figures["uniform"]["agreement"], "x", color=line.get_color(), clip_on=False)


def main() -> None:
    """Draw the picture."""
    before = json.loads((DOCS / "records" / "spaces-before.json").read_text(encoding="utf-8"))
    after = {}
    for name in before:
        metrics = json.loads((locate(name) / "metrics.json").read_text(encoding="utf-8"))
        after[name] = metrics.get("box") or metrics.get("space", {}).get("box")
    spaces_figure(before, after).savefig(DOCS / "pictures" / "spaces.png", dpi=110)


if __name__ == "__main__":
    typer.run(main)
