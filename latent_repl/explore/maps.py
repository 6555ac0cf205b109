"""Two-dimensional maps of the latent spaces: where values and core lines lie, and which way a session took.

latents --principal--> Projection --> points in the plane        latents of 2 dimensions stay as they are
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from latent_repl.errors import UsageError
from latent_repl.language.operators import ADD, BINARY_OPERATORS, COMPARISONS, EQUAL, LESS
from latent_repl.language.program import CoreLine, Slot
from latent_repl.language.values import Value
from latent_repl.machine import Machine
from latent_repl.model.interface import Interpreter
from latent_repl.shapes import Float

if TYPE_CHECKING:
    from latent_repl.explore.explored import Explored

Plane = Literal["pca", "tsne"]
MAPPED_OPERATORS = tuple(symbol for symbol in BINARY_OPERATORS if symbol not in COMPARISONS or symbol in (EQUAL, LESS))
"""Of the comparisons two: all of them would hide each other."""

ON_A_LINE = 1e-6
"""Distance below which a point lies on a line, in latents' units. Chosen."""


@dataclass(frozen=True)
class Projection:
    """A plane in latent space. explained: the share of the variance that it shows, 1 where nothing is lost."""

    origin: Float[np.ndarray, " D"]
    axes: Float[np.ndarray, "2 D"]
    explained: float

    def __call__(self, latents: Float[np.ndarray, "N D"]) -> Float[np.ndarray, "N 2"]:
        """Return where the latents lie in the plane."""
        return (latents - self.origin) @ self.axes.T

    def latents(self, points: Float[np.ndarray, "N 2"]) -> Float[np.ndarray, "N D"]:
        """Return the latents that lie at these points of the plane."""
        return self.origin + points @ self.axes


@dataclass(frozen=True)
class Map:
    """Known points in a plane: their texts, their numbers (for colour), and how the plane came about."""

    points: Float[np.ndarray, "N 2"]
    texts: tuple[str, ...]
    numbers: tuple[int, ...]
    plane: str


@dataclass(frozen=True)
class Trajectory:
    """The numbers' map, and each variable's values along a session with their points on it."""

    numbers: Map
    ways: Mapping[str, tuple[tuple[Value, ...], Float[np.ndarray, "K 2"]]]


def principal(latents: Float[np.ndarray, "N D"]) -> Projection:
    """Return the plane of the two largest principal components; two dimensions are kept as they are.

    Dimensions in which all latents are the same do not count.
    """
    moving = np.flatnonzero(np.ptp(latents, axis=0))
    if len(moving) <= 2:
        axes = np.zeros((2, latents.shape[1]))
        axes[range(len(moving)), moving] = 1
        return Projection(latents[0] * (1 - axes.sum(0)), axes, 1.0)
    origin = latents.mean(0)
    _, _, axes = np.linalg.svd(latents - origin, full_matrices=False)
    return Projection(origin, axes[:2], _explained(axes[:2], latents))


def plane_through(corners: Float[np.ndarray, "3 D"], latents: Float[np.ndarray, "N D"]) -> Projection:
    """Return the plane through three points, and the share of the latents' variance that it shows.

    The first point is its origin, the second lies on its first axis. Raises UsageError for points on one straight line.
    """
    first, second = corners[1:] - corners[0]
    length = np.linalg.norm(first)
    along = first / max(float(length), 1e-12)
    across = second - (second @ along) * along
    if length < ON_A_LINE or np.linalg.norm(across) < ON_A_LINE:
        raise UsageError("the three lines lie on one straight line, which is no plane: choose others")
    axes = np.stack([along, across / np.linalg.norm(across)])
    return Projection(corners[0], axes, _explained(axes, latents))


def _explained(axes: Float[np.ndarray, "2 D"], latents: Float[np.ndarray, "N D"]) -> float:
    centred = latents - latents.mean(0)
    return float(np.square(centred @ axes.T).sum() / max(np.square(centred).sum(), 1e-12))


def state_map(model: Interpreter, plane: Plane = "pca") -> Map:
    """Return where the latent of a slot lies for each number of the range."""
    numbers = range(model.config.minimum, model.config.maximum + 1)
    points, described = _flatten(value_latents(model, numbers), plane)
    return Map(points, tuple(map(str, numbers)), tuple(numbers), described)


def code_map(model: Interpreter, operators: Sequence[str] = (ADD,), plane: Plane = "pca") -> dict[str, Map]:
    """Return where `b = a OPERATOR n` lies for each n, by operator, all in one plane."""
    numbers = range(model.config.minimum, model.config.maximum + 1)
    lines = [CoreLine(Slot(1), operator, Slot(0), number) for operator in operators for number in numbers]
    points, described = _flatten(Machine(model).code_latents(lines), plane)
    parts = np.split(points, len(operators))
    texts = tuple(map(str, numbers))
    return {name: Map(part, texts, tuple(numbers), described) for name, part in zip(operators, parts, strict=True)}


def mapped_operators(model: Interpreter) -> tuple[str, ...]:
    """Return the operators that a map of the code space shows, of those that the checkpoint has words for."""
    return tuple(symbol for symbol in MAPPED_OPERATORS if symbol in model.vocabulary.operators)


def value_latents(model: Interpreter, values: Sequence[Value]) -> Float[np.ndarray, "N D"]:
    """Return the latent of a slot that holds each value."""
    rest = [None] * (model.config.slots - 1)
    return Machine(model).encode([[value, *rest] for value in values])[:, 0]


def trajectory(session: Explored) -> Trajectory:
    """Return the way of each current variable over the map of the numbers, from the session's own latents."""
    latents = value_latents(session.model, range(session.model.config.minimum, session.model.config.maximum + 1))
    plane = principal(latents)
    passed = [(point, point.state) for point in session.timeline.passed]
    ways = {}
    for name in session.timeline.now.state:
        held = [(state[name], point.latents[point.names[name].index]) for point, state in passed if name in state]
        ways[name] = (tuple(value for value, _ in held), plane(np.stack([latent for _, latent in held])))
    return Trajectory(state_map(session.model), ways)


def draw_in_characters(path: Trajectory, width: int, height: int = 16) -> str:
    """Return the map as lines of text: a dot for each number, a variable's first letter where it has been.

    The last letter that falls into a place is shown. width, height: columns and lines, legend not counted.
    """
    every = np.concatenate([path.numbers.points, *(points for _, points in path.ways.values())])
    low, extent = every.min(0), np.maximum(np.ptp(every, axis=0), 1e-9)
    grid = [[" "] * width for _ in range(height)]

    def mark(points: Float[np.ndarray, "K 2"], character: str) -> None:
        places = np.rint((points - low) / extent * (width - 1, height - 1)).astype(int)
        for column, row in places.tolist():
            grid[height - 1 - row][column] = character

    mark(path.numbers.points, "·")
    for name, (_, points) in path.ways.items():
        mark(points, name[0])
    legend = [f"{name}  {' → '.join(map(str, values))}" for name, (values, _) in path.ways.items()]
    return "\n".join(["".join(row).rstrip() for row in grid] + (legend or ["no variables"]))


def _flatten(latents: Float[np.ndarray, "N D"], plane: Plane) -> tuple[Float[np.ndarray, "N 2"], str]:
    """Return the points in the plane, and how it came about."""
    if plane == "tsne" and latents.shape[1] > 2:
        return _neighbours(latents), "t-SNE"
    projection = principal(latents.astype(np.float64))
    share = f"PCA, {projection.explained:.0%} of the variance" if latents.shape[1] > 2 else "as it is"
    return projection(latents), share


def _neighbours(latents: Float[np.ndarray, "N D"]) -> Float[np.ndarray, "N 2"]:
    try:
        from openTSNE import TSNE
    except ImportError as error:
        raise UsageError("t-SNE needs openTSNE: pip install 'latent-repl[figures]', or take --plane pca") from error
    return np.asarray(TSNE(random_state=0).fit(latents))
