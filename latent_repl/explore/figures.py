"""Pictures: maps of the latent spaces and loss landscapes. The only module that knows matplotlib."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from latent_repl.errors import UsageError
from latent_repl.explore.maps import Map, Plane, Trajectory, code_map, mapped_operators, state_map
from latent_repl.language.operators import ADD

if TYPE_CHECKING:
    from latent_repl.explore.landscape import Landscape
    from latent_repl.model.interface import Interpreter

SUFFIXES = (".png", ".svg", ".pdf")
LABELS = 40
"""Known points that get a text at most: more would cover each other. Chosen."""
LABEL = (0.035, 0.022)
"""Width and height within which two labels touch, as shares of the points' extent. Chosen."""
SAME_COLOUR = 0.1
"""The share of the scale within which two colours look the same. Chosen."""
FLOOR = 1e-3
"""Nats below which losses look alike: the scale is logarithmic. Chosen."""


def draw_maps(model: Interpreter, path: Path, *, plane: Plane = "pca") -> Path:
    """Write the maps of the state space and of the code space as one picture, and return its path.

    Raises UsageError where matplotlib is missing or the file cannot be written.
    """
    with _picture(path, columns=3) as panels:
        values, sums = state_map(model, plane), code_map(model, (ADD,), plane)[ADD]
        colour = _scatter(panels[0], values, "States: a slot's latent, by its value")
        _scatter(panels[1], sums, "Code: b = a + n, by n")
        panels[1].figure.colorbar(colour, ax=list(panels[:2]), label="value, or n", shrink=0.8)
        _by_operator(panels[2], code_map(model, mapped_operators(model), plane))
    return path


def draw_landscape(landscape: Landscape, path: Path) -> Path:
    """Write the loss over the plane with the known fillings, and return its path.

    Raises UsageError as draw_maps does.
    """
    with _picture(path, columns=1) as (panel,):
        from matplotlib.colors import LogNorm

        scale = LogNorm(FLOOR, max(float(landscape.loss.max()), 10 * FLOOR))
        mesh = panel.pcolormesh(
            landscape.x, landscape.y, landscape.loss.clip(FLOOR), norm=scale, cmap="coolwarm", shading="gouraud"
        )
        panel.figure.colorbar(mesh, ax=panel, label="loss in nats", shrink=0.9)
        best = int(landscape.known.argmin())
        order = [best, *(place for place in landscape.known.argsort().tolist() if place != best)]
        _label(
            panel,
            landscape.points,
            landscape.texts,
            [place for place in order if _has_its_colour(landscape, place, scale)],
        )
        panel.plot(*landscape.points[best], "o", mfc="none", mec="black", ms=16, mew=1.5)
        panel.set_title(
            f"{landscape.problem}\nbest known: {landscape.texts[best]} ({_what_is_shown(landscape)})", fontsize=11
        )
    return path


def _what_is_shown(landscape: Landscape) -> str:
    if landscape.explained == 1:
        return "the plane as it is"
    return (
        f"a slice through it, {landscape.explained:.0%} of the variance)\n"
        "(labels are projections onto the slice: only those that have its colour there"
    )


def _has_its_colour(landscape: Landscape, place: int, scale: Any) -> bool:
    """Return whether the plane has a known filling's own colour wherever its label would lie: it may lie beside it."""
    points, (width, height) = landscape.points, LABEL
    extent = np.ptp(points, axis=0).clip(1e-9)
    off = [
        np.abs(axis - at) / size
        for axis, at, size in zip((landscape.x, landscape.y), points[place], extent, strict=True)
    ]
    covered = landscape.loss[np.ix_(off[1] <= max(height, off[1].min()), off[0] <= max(width, off[0].min()))]
    own = scale(landscape.known[place].clip(FLOOR))
    return bool((np.abs(scale(covered.clip(FLOOR)) - own) <= SAME_COLOUR).all())


def draw_trajectory(trajectory: Trajectory, path: Path) -> Path:
    """Write a session's way over the map of the numbers, and return its path.

    Raises UsageError as draw_maps does.
    """
    with _picture(path, columns=1) as (panel,):
        panel.scatter(*trajectory.numbers.points.T, s=12, c="lightgrey")
        _label(panel, trajectory.numbers.points, trajectory.numbers.texts, range(0, len(trajectory.numbers.texts), 9))
        for name, (values, points) in trajectory.ways.items():
            panel.plot(*points.T, marker="o", ms=5, label=f"{name}: {' → '.join(map(str, values[-6:]))}")
        if trajectory.ways:
            panel.legend(fontsize=9, frameon=False)
        panel.set_title(f"The session's variables among the numbers\n({trajectory.numbers.plane})", fontsize=11)
    return path


def check_picture(path: Path) -> None:
    """Raise UsageError where no such picture can be drawn: by its name, or because matplotlib is missing."""
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{path}: no picture, write a name that ends in {', '.join(SUFFIXES)}")
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise UsageError("pictures need matplotlib: pip install 'latent-repl[figures]'") from error


def _scatter(panel: Any, shown: Map, title: str) -> Any:
    drawn = panel.scatter(*shown.points.T, c=shown.numbers, cmap="viridis", s=18)
    _label(panel, shown.points, shown.texts, range(0, len(shown.texts), max(1, len(shown.texts) // LABELS)))
    panel.set_title(f"{title}\n({shown.plane})", fontsize=11)
    return drawn


def _by_operator(panel: Any, shown: dict[str, Map]) -> None:
    # In any order: drawn one operator after another, the last would hide the others.
    points = np.concatenate([part.points for part in shown.values()])
    colours = np.repeat([f"C{number}" for number in range(len(shown))], [len(part.points) for part in shown.values()])
    order = np.random.default_rng(0).permutation(len(points))
    panel.scatter(*points[order].T, s=5, c=colours[order], linewidths=0)
    for number, operator in enumerate(shown):
        panel.scatter([], [], s=8, color=f"C{number}", label=operator)
    panel.legend(fontsize=11, markerscale=2, ncols=9, loc="upper center", columnspacing=0.8, handletextpad=0.1)
    panel.margins(y=0.15)
    panel.set_title(f"Code: b = a ∘ n, by operator\n({next(iter(shown.values())).plane})", fontsize=11)


def _label(panel: Any, points: Any, texts: Sequence[str], order: Sequence[int]) -> None:
    """Write texts at points, in that order, as long as they do not fall upon earlier ones."""
    from matplotlib.patheffects import withStroke

    low, high = points.min(0), points.max(0)
    kept: list[Any] = []
    for place in order:
        at = (points[place] - low) / (high - low).clip(1e-9)
        if all(abs(at[0] - other[0]) > LABEL[0] or abs(at[1] - other[1]) > LABEL[1] for other in kept):
            kept.append(at)
            halo = [withStroke(linewidth=2, foreground="white", alpha=0.7)]
            panel.text(*points[place], texts[place], fontsize=8, ha="center", va="center", path_effects=halo)


@contextmanager
def _picture(path: Path, *, columns: int) -> Iterator[Any]:
    """Yield panels to draw on, and write them to the file at the end."""
    check_picture(path)
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2 * columns if columns > 1 else 9, 6.6), layout="constrained")
    panels = figure.subplots(1, columns, squeeze=False)[0]
    for panel in panels:
        panel.set_xlabel("first direction")
        panel.set_ylabel("second direction")
    yield panels
    try:
        with rc_context({"svg.fonttype": "none"}):  # text stays text: small, and found by a search
            figure.savefig(path, dpi=140)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
