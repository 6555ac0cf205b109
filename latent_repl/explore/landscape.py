"""The loss of a synthesis problem over a plane of code latent space, with its known fillings.

Every point of the plane is executed as it is: the executor gets the latent itself, decoded or not.
Source: the post in its figure of 71 + ? = 18, which has two latent dimensions and needs no plane.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from latent_repl.explore.code_space import CodeSpace
from latent_repl.explore.explored import Explored
from latent_repl.explore.maps import principal
from latent_repl.machine import Watch, unwatched
from latent_repl.model.interface import Array
from latent_repl.shapes import Float
from latent_repl.synthesis.objective import Score
from latent_repl.synthesis.problem.domains import Filling

ROWS = 256
"""Programs in one batch. Chosen."""
MARGIN = 0.08
"""How far the picture goes beyond the known fillings, as a share of their extent. Chosen."""


@dataclass(frozen=True)
class Landscape:
    """Losses in nats over a plane: loss[row, column] at y[row], x[column]; the known fillings with their own losses."""

    problem: str
    x: Float[np.ndarray, " W"]
    y: Float[np.ndarray, " H"]
    loss: Float[np.ndarray, "H W"]
    points: Float[np.ndarray, "N 2"]
    texts: tuple[str, ...]
    known: Float[np.ndarray, " N"]
    explained: float


def survey(session: Explored, text: str, *, size: int = 61, watch: Watch = unwatched) -> Landscape:
    """Score a grid of size x size points around the known fillings of a problem.

    The plane passes through the filling with the least loss and spans the two directions in which the fillings differ
    most. watch: is told how many steps a batch has taken. Raises what `CodeSpace` raises.
    """
    space = CodeSpace(session, text)
    space.machine.watch = watch
    known = _in_batches(space.objective.score, space.fillings)
    plane = principal(space.latents)
    if plane.explained < 1:
        plane = replace(plane, origin=space.latents[int(known.argmin())])
    points = plane(space.latents)
    best = points[known.argmin()]
    x, y = (_axis(points[:, place], size, through=float(best[place])) for place in (0, 1))
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    loss = _in_batches(space.objective.score_points, space.within(plane.latents(grid))).reshape(size, size)
    texts = tuple(", ".join(space.problem.fills(filling)) for filling in space.fillings)
    return Landscape(text, x, y, loss, points, texts, known, plane.explained)


def _in_batches(score: Callable[[Any], list[Score]], every: Sequence[Filling] | Array) -> Float[np.ndarray, " N"]:
    """Return the losses of fillings or of points."""
    batches = (every[first : first + ROWS] for first in range(0, len(every), ROWS))
    return np.array([each.loss for batch in batches for each in score(batch)])


def _axis(values: Float[np.ndarray, " N"], size: int, *, through: float) -> Float[np.ndarray, " K"]:
    """Return places along an axis, one of them at `through`: where the loss is least must not fall between two."""
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * max(high - low, 1e-6)
    places = np.linspace(low - margin, high + margin, size)
    return places - places[np.abs(places - through).argmin()] + through
