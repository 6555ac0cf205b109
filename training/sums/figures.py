"""Draw the sums models' spaces, as the post draws its own: `python -m training.sums.figures`.

Writes to docs/pictures/: positions of codes and states in 2 dimensions, with and without the post's bug; t-SNE of both
in 10 dimensions at five perplexities; the loss of 71 + ? = 18 over the 2-dimensional code box. The shipped checkpoints
are drawn, and for the bug the runs of training/configs/sums-2d-unpooled.toml and of its control, sums-2d-pooled.toml.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import matplotlib
import numpy as np
import typer
from jaxtyping import Float
from matplotlib import pyplot
from matplotlib.axes import Axes
from sklearn.manifold import TSNE

from latent_repl.model.interface import Array
from latent_repl.model.sums.inference import NumpySums, SumsVAE
from training.sums.evaluate import after, load_sums

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
# Two short runs, which do not ship: what the bug does shows between them.
SHORT = {"2,000 steps": "sums-2d-pooled", "2,000 steps with the bug": "sums-2d-unpooled"}
RUNS = Path("runs")
PERPLEXITIES = (2, 5, 30, 50, 100)
BEFORE, WANTED = 71, 18
# Points along each side of the landscape. Chosen.
GRID = 300
COLOURS = "viridis"


def scatter(axes: Axes, points: Float[Array, "N 2"], vae: SumsVAE, title: str) -> None:
    """Draw numbers at points, coloured by value, every ninth with its name."""
    axes.scatter(points[:, 0], points[:, 1], c=vae.numbers, cmap=COLOURS, s=16, zorder=2)
    for place in range(0, len(vae.numbers), 9):
        name = str(vae.numbers[place])
        axes.annotate(name, points[place], xytext=(3, 3), textcoords="offset points", fontsize=7, zorder=3)
    axes.set(title=title, aspect="equal", xticks=[], yticks=[])


def executed_states(model: NumpySums) -> Float[Array, "N 2"]:
    """Return the executor's output for every sum in range."""
    first, second = np.indices((len(model.numbers), len(model.numbers)))
    kept = np.abs(model.numbers[first] + model.numbers[second]) <= model.config.maximum
    return after(model, model.state_vae.table[first[kept]], model.code_vae.table[second[kept]])


def draw_positions(models: dict[str, NumpySums], path: Path) -> None:
    """Draw codes and states in 2 dimensions, one row a model; the executor's outputs are the grey haze."""
    _, rows = pyplot.subplots(len(models), 2, figsize=(10, 5.3 * len(models)), squeeze=False)
    for row, (name, model) in zip(rows, models.items(), strict=True):
        scatter(row[0], model.code_vae.table, model.code_vae, f"code, {name}")
        haze = executed_states(model)
        row[1].scatter(haze[:, 0], haze[:, 1], s=1, color="0.8", zorder=1, rasterized=True)
        scatter(row[1], model.state_vae.table, model.state_vae, f"state, {name}")
        for axes in row:
            axes.set(xlim=(-1.05, 1.05), ylim=(-1.05, 1.05))
    _finish(path)


def draw_tsne(model: NumpySums, path: Path) -> None:
    """Draw t-SNE of codes and of states. Source: van der Maaten and Hinton, 2008, by scikit-learn."""
    _, rows = pyplot.subplots(2, len(PERPLEXITIES), figsize=(3.6 * len(PERPLEXITIES), 7.6))
    for row, (name, vae) in zip(rows, (("code", model.code_vae), ("state", model.state_vae)), strict=True):
        for axes, perplexity in zip(row, PERPLEXITIES, strict=True):
            points = TSNE(perplexity=perplexity, init="pca", random_state=0).fit_transform(vae.table)
            scatter(axes, points, vae, f"{name}, perplexity {perplexity}")
            axes.set_aspect("auto")
    _finish(path)


def landscape(model: NumpySums) -> Float[Array, "G G"]:
    """Return the nats of the wanted number over a grid of the code box, rows from below."""
    axis = np.linspace(-1, 1, GRID, dtype=np.float32)
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    return np.concatenate([losses_at(model, part) for part in np.array_split(points, 30)]).reshape(GRID, GRID)


def losses_at(model: NumpySums, codes: Float[Array, "B 2"]) -> Float[Array, " B"]:
    """Return the nats of the wanted number after adding what stands at each point of the code box."""
    states = np.repeat(model.state_vae.table[[BEFORE + model.config.maximum]], len(codes), axis=0)
    logits = model.state_vae.number_logits(after(model, states, codes)).astype(np.float64)
    return np.logaddexp.reduce(logits, axis=1) - logits[:, WANTED + model.config.maximum]


def draw_landscape(model: NumpySums, path: Path) -> None:
    """Draw the loss of BEFORE + ? = WANTED, each summand at its code, the solution and the best encoded one marked."""
    figure, axes = pyplot.subplots(figsize=(9.5, 8.5))
    shown = axes.imshow(
        np.log1p(landscape(model)), origin="lower", extent=(-1, 1, -1, 1), cmap="Blues", interpolation="nearest"
    )
    figure.colorbar(shown, label="log(1 + nats)", shrink=0.8)
    codes, vae = model.code_vae.table, model.code_vae
    for number, point in zip(vae.numbers, codes, strict=True):
        axes.text(point[0], point[1], str(number), fontsize=6.5, ha="center", va="center", color="black")
    best = int(losses_at(model, codes).argmin())
    solution = int(np.flatnonzero(vae.numbers == WANTED - BEFORE)[0])
    axes.scatter(
        codes[solution, 0],
        codes[solution, 1],
        s=220,
        facecolors="none",
        edgecolors="red",
        label=f"solution, {WANTED - BEFORE}",
    )
    axes.scatter(
        codes[best, 0], codes[best, 1], s=120, marker="s", facecolors="none", edgecolors="orange", linewidths=1.5,
                 label=f"least loss of the encoded, {vae.numbers[best]}")  # fmt: skip
    axes.set(title=f"Loss of {BEFORE} + ? = {WANTED}: lighter is less", xticks=[], yticks=[])
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=2, frameon=False)
    _finish(path)


def _finish(path: Path) -> None:
    pyplot.tight_layout()
    pyplot.savefig(path, dpi=110)
    pyplot.close()
    typer.echo(f"{path}")


def main(
    write: Annotated[Path, typer.Option(help="Folder of the pictures.")] = PICTURES,
    runs: Annotated[Path, typer.Option(help="Folder of the two short runs; one that is missing is left out.")] = RUNS,
) -> None:
    """Draw every picture."""
    matplotlib.use("Agg")
    write.mkdir(exist_ok=True)
    plane = load_sums("sums-2d")
    models = {"sums-2d": plane}
    checkpoints = {title: runs / name / "checkpoint" for title, name in SHORT.items()}
    models |= {title: load_sums(folder) for title, folder in checkpoints.items() if folder.is_dir()}
    draw_positions(models, write / "sums-positions.png")
    draw_landscape(plane, write / "sums-landscape.png")
    draw_tsne(load_sums("sums-10d"), write / "sums-tsne.png")


if __name__ == "__main__":
    typer.run(main)
