"""What the explorer's page asks, and the answers: objects of JSON in, objects of JSON out.

    explorer.answer({"ask": "point", "at": {"x": 0.1, "y": -0.4}})    the line decoded there, where it leads, ...

Everything is the model's, decoded by it, but what stands under `cpython`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from latent_repl.errors import LatentReplError, UsageError
from latent_repl.explore import answers
from latent_repl.explore.answers import Answer
from latent_repl.explore.code_space import CodeSpace
from latent_repl.explore.explored import Explored
from latent_repl.explore.maps import plane_through, principal, trajectory
from latent_repl.explore.message import Message
from latent_repl.explore.rounds import Recording, Round
from latent_repl.explore.turns import Turns
from latent_repl.language.program import CoreLine
from latent_repl.shapes import Float
from latent_repl.synthesis.options import MAXIMUM_SEED, SEARCHES, Options

PROBLEM = "a=71; a+? == 18"
"""What is shown where nothing else is asked for: the post's problem."""
SEARCH = "gp"
"""The search that the page begins with: one that has something to show."""
NEAREST = 8
"""Nearest lines shown. Chosen."""
STEPS = 11
"""Points on the way between two clicks, ends included. Chosen."""
LARGEST = 201
"""Rows and columns of a layer at most. Chosen."""
HELD = 51
"""Rows and columns of places of the map at which is told what a search of the box holds of them. Chosen."""

T = TypeVar("T")


class Explorer:
    """Answers one page, on one session. What it keeps: the problem shown, the plane laid, the search on it."""

    def __init__(self, session: Explored, problem: str | None = None) -> None:
        self.session = session
        self.recording: Recording | None = None
        self._turns = Turns()
        self._pose(problem or PROBLEM)

    def answer(self, fields: Any) -> Answer:
        """Return the answer to a message, {"error": text} where there is none."""
        try:
            message = Message(fields)
            asked = message.text("ask")
            if asked not in _ANSWERS:
                raise UsageError(f"nothing answers {asked!r}; ask for one of {', '.join(_ANSWERS)}")
            with self._turns:
                return _ANSWERS[asked](self, message)
        except LatentReplError as error:
            return {"error": str(error)}

    def close(self) -> None:
        """End the search under way, after its round."""
        if self.recording is not None:
            self.recording.stop()

    def _pose(self, problem: str) -> None:
        space = CodeSpace(self.session, problem)
        self.close()
        self.space, self.recording = space, None
        self.fills = [", ".join(space.problem.fills(filling)) for filling in space.fillings]
        self.lines: dict[CoreLine | None, int] = {}
        self._lay("")

    def _lay(self, fills: str) -> None:
        """Lay the plane through three fills, as `-53, 0, 40`; along the principal axes through one, or without any.

        Where there are several holes, a semicolon stands between fillings: `1, 2; 3, 4; 5, 6`.
        """
        separator = ";" if len(self.space.problem.space.domains) > 1 else ","
        latents, names = self.space.latents, [part.strip() for part in fills.split(separator) if part.strip()]
        if len(names) not in (0, 1, 3) or not set(names) <= set(self.fills):
            example = f"{separator} ".join(self.fills[:3])
            raise UsageError(f"got {fills!r}: write one fill or three, such as {example}")
        corners, axes = latents[[self.fills.index(name) for name in names]], principal(latents)
        self.described = "the box itself" if axes.explained == 1 else "principal axes"
        if len(names) == 3:
            self.plane, self.described = plane_through(corners, latents), f"through {', '.join(names)}"
        elif names:
            self.plane, self.described = replace(axes, origin=corners[0]), f"principal axes through {names[0]}"
        else:
            self.plane = axes

    def open(self, message: Message) -> Answer:
        """Pose another problem, or lay another plane, where the message has one; return the map."""
        if "problem" in message:
            self._pose(message.text("problem"))
        if "through" in message:
            self._lay(message.text("through"))
        latents, model = self.space.latents, self.session.model
        folder = getattr(model, "folder", None)
        return {
            "problem": self.space.problem.text,
            "model": folder.name if folder else "a model",
            "parameters": model.parameters,
            "dimensions": int(np.count_nonzero(np.ptp(latents, axis=0))),
            "plane": self.described,
            "explained": round(self.plane.explained, 4),
            "bounds": self._bounds,
            "points": np.round(self.plane(latents), 5).tolist(),
            "texts": self.fills,
            "fillings": self.space.problem.space.size,
            "held": HELD,
            "searches": list(SEARCHES),
            "search": SEARCH,
        }

    def known(self, message: Message) -> Answer:
        """Return the losses of the known lines from the first asked for on, as many as there is time for."""
        count = len(self.space.fillings)
        first = message.whole("first", 0, count)
        losses = self._patiently(lambda part: self.space.loss(self.space.latents[part]).tolist(), first, count)
        return {"first": first, "losses": answers.rounded(losses)}

    def layer(self, message: Message) -> Answer:
        """Return what lies at a grid's points, row by row from the first asked for on, as many as there is time for."""
        size = message.whole("size", 2, LARGEST)
        first = message.whole("first", 0, size * size)
        grid = answers.grid((*message.point("from"), *message.point("to")), size)
        readings = self._patiently(lambda part: self.space.read(self._latents(grid[part])), first, len(grid))
        known, lines = len(self.lines), [each.line for each in readings]
        places = [self.lines.setdefault(line, len(self.lines)) for line in lines]
        new = list(self.lines)[known:]
        return {
            "first": first,
            "losses": answers.rounded([each.loss for each in readings]),
            "confidence": answers.rounded([each.confidence for each in readings]),
            "agrees": [int(each.agrees) for each in readings],
            "lines": places,
            "known": known,
            "texts": [*map(self.space.text, new)],
            "places": [self.space.places.get(line, -1) if line else -1 for line in new],
        }

    def point(self, message: Message) -> Answer:
        """Return what lies at a point: the line, where it leads, the nearest lines; and what CPython says of it."""
        latent = self._latents(np.array([message.point("at")]))
        [reading], [execution] = self.space.read(latent), self.space.run(latent)
        distances = np.linalg.norm(self.space.latents - latent, axis=1)
        nearest = distances.argsort(kind="stable")[:NEAREST].tolist()
        excerpts = [self.space.problem.excerpt(self.space.fillings[place]) for place in nearest]
        return {
            **answers.described(self.space.text(reading.line), reading, execution),
            "nearest": [
                {"text": text, "distance": round(float(distances[place]), 4), "place": place}
                for text, place in zip(excerpts, nearest, strict=True)
            ],
            "cpython": self.space.holds(reading.line),
        }

    def way(self, message: Message) -> Answer:
        """Return what lies on the straight way between two points, ends included."""
        shares = np.linspace(0, 1, STEPS)
        latents = self._latents(np.outer(1 - shares, message.point("from")) + np.outer(shares, message.point("to")))
        pairs = zip(shares.tolist(), self.space.read(latents), self.space.run(latents), strict=True)
        return {
            "steps": [
                {"share": round(share, 3), **answers.described(self.space.text(reading.line), reading, execution)}
                for share, reading, execution in pairs
            ]
        }

    def search(self, message: Message) -> Answer:
        """Begin a search on the problem; `rounds` tells how it goes."""
        options = Options(search=message.text("search"), seed=message.whole("seed", 0, MAXIMUM_SEED))
        recording = Recording(self.space, options, self._turns, self._latents(answers.grid(self._bounds, HELD)))
        self.close()
        self.recording = recording
        recording.begin()
        return {}

    def rounds(self, message: Message) -> Answer:
        """Return the rounds after so many, and how the search has ended, if it has."""
        if self.recording is None:
            raise UsageError("no search has begun")
        ended, rounds = self.recording.ended, list(self.recording.rounds)
        since = message.whole("since", 0, len(rounds))
        latents = [self._tried(each) for each in rounds[since:]]
        return {
            "since": since,
            "rounds": [
                answers.of_round(each, self.plane(lie), [*map(self.space.problem.excerpt, each.tried)])
                for each, lie in zip(rounds[since:], latents, strict=True)
            ],
            "ended": ended,
            "solution": answers.of_solution(self.recording.solution) if self.recording.solution else None,
            "failed": self.recording.error,
        }

    def stop(self, message: Message) -> Answer:
        """End the search under way, after its round."""
        self.close()
        return {}

    def states(self, message: Message) -> Answer:
        """Return the map of the states with the session's way on it; run a text of Lx first, where there is one."""
        ran = self.session.run(message.text("run")) if "run" in message else None
        return answers.of_states(trajectory(self.session), self.session, ran)

    @property
    def _bounds(self) -> list[float]:
        return answers.bounds(self.plane(self.space.latents), box=self.plane.explained == 1)

    def _patiently(self, part_of: Callable[[slice], Sequence[T]], first: int, count: int) -> list[T]:
        """Return what there is time for: little where a click or a search waits for the model."""
        return answers.patiently(part_of, first, count, lambda: self._turns.awaited)

    def _tried(self, each: Round) -> Float[np.ndarray, "B F"]:
        space = self.space.problem.space
        return space.latents(each.tried, self.session.model) if each.latents is None else each.latents

    def _latents(self, points: Float[np.ndarray, "N 2"]) -> Float[np.ndarray, "N F"]:
        return self.space.within(self.plane.latents(points))


_ANSWERS: dict[str, Callable[[Explorer, Message], Answer]] = {
    "open": Explorer.open,
    "known": Explorer.known,
    "layer": Explorer.layer,
    "point": Explorer.point,
    "way": Explorer.way,
    "search": Explorer.search,
    "rounds": Explorer.rounds,
    "stop": Explorer.stop,
    "states": Explorer.states,
}
