"""What the explorer's page is told, as objects of JSON: points, lines, rounds, states."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from latent_repl.explore.code_space import CodeExecution, CodeReading
from latent_repl.explore.explored import Explored
from latent_repl.explore.maps import Trajectory
from latent_repl.explore.rounds import Round
from latent_repl.language.python_values import shown
from latent_repl.results import Result
from latent_repl.shapes import Float
from latent_repl.synthesis.result import Solution

BATCH = 32
"""Points in one batch of the model: a click waits for one at most. Chosen; twice as many take a third less each."""
PATIENCE = 0.08
"""Seconds after which an answer in parts ends: a click must not wait for a map. Chosen."""
MARGIN = 0.06
"""How far a map goes beyond its points, as a share of their extent. Chosen."""

Answer = dict[str, Any]
T = TypeVar("T")


def patiently(
    part_of: Callable[[slice], Sequence[T]], first: int, count: int, hurried: Callable[[], bool] = lambda: False
) -> list[T]:
    """Return what lies at places from `first` on, batch by batch, until time is up or nothing is left.

    hurried: says whether somebody waits for this to end; one batch there is all the same.
    """
    found, begun = list[T](), time.monotonic()
    while first + len(found) < count and (not found or (not hurried() and time.monotonic() - begun < PATIENCE)):
        start = first + len(found)
        found += part_of(slice(start, min(start + BATCH, count)))
    return found


def rounded(numbers: Iterable[float]) -> list[float | None]:
    """Return numbers of four digits; JSON has none that is not finite."""
    return [float(f"{number:.4g}") if math.isfinite(number) else None for number in numbers]


def bounds(points: Float[np.ndarray, "N 2"], *, box: bool) -> list[float]:
    """Return left, bottom, right and top of a square map: the box [-1, 1], or what holds the points."""
    if box:
        return [-1.0, -1.0, 1.0, 1.0]
    middle = (points.min(0) + points.max(0)) / 2
    half = max(float(np.ptp(points, axis=0).max()), 1e-6) * (0.5 + MARGIN)
    return [float(edge) for edge in (*(middle - half), *(middle + half))]


def grid(bounds: Sequence[float], size: int) -> Float[np.ndarray, "N 2"]:
    """Return size x size points row by row, from left and bottom to right and top, ends included."""
    left, bottom, right, top = bounds
    columns, rows = np.linspace(left, right, size), np.linspace(bottom, top, size)
    return np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)


def described(text: str, reading: CodeReading, execution: CodeExecution) -> Answer:
    """Return what lies at a point; text: the line in the user's names."""
    return {
        "line": text,
        "confidence": round(reading.confidence, 4),
        "loss": round(reading.loss, 4),
        "agrees": reading.agrees,
        "state": {name: shown(value) for name, value in execution.state.items()},
        "value": None if execution.value is None else shown(execution.value),
        "target": shown(execution.target),
        "sure": round(execution.confidence, 4),
        "failed": execution.error,
    }


def of_round(each: Round, points: Float[np.ndarray, "N 2"], texts: Sequence[str]) -> Answer:
    """Return what was tried in a round, and what the processes held of every known line, or of the plane's places."""
    answer: Answer = {"points": np.round(points, 5).tolist(), "texts": list(texts), "losses": rounded(each.losses)}
    if each.posterior is not None:
        answer["of"] = each.posterior.of
        answer["mean"] = rounded(each.posterior.mean.tolist())
        answer["spread"] = rounded(each.posterior.spread.tolist())
        answer["acquisition"] = rounded(each.posterior.acquisition.tolist())
    return answer


def of_solution(solution: Solution) -> Answer:
    """Return how a search ended; a program is there only where CPython has verified it."""
    return {
        "solved": solution.solved,
        "program": solution.program,
        "excerpt": solution.best,
        "reason": solution.reason,
        "evaluations": solution.evaluations,
        "seconds": round(solution.seconds, 2),
        "search": solution.search,
    }


def of_states(trajectory: Trajectory, session: Explored, ran: Result | None) -> Answer:
    """Return the map of the numbers with the session's way; ran: what has just been run."""
    numbers = trajectory.numbers
    answer: Answer = {
        "points": np.round(numbers.points, 5).tolist(),
        "texts": numbers.texts,
        "plane": numbers.plane,
        "bounds": bounds(numbers.points, box=False),
        "ways": {
            name: {"values": [shown(value) for value in values], "points": np.round(points, 5).tolist()}
            for name, (values, points) in trajectory.ways.items()
        },
        "state": {name: shown(value) for name, value in session.timeline.now.state.items()},
        "history": session.history,
    }
    if ran is not None:
        error = None if ran.error is None else str(ran.error)
        answer["ran"] = {"output": list(ran.output), "failed": error, "cpython": ran.match}
    return answer
