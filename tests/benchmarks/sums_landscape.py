"""The problems `a + ? == b` of a sums checkpoint, many at once: what each point of the code box leads to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latent_repl.model.sums.inference import NumpySums
from training.sums.evaluate import after

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]
Flags = NDArray[np.bool_]

# Points in one pass through the network: more do not fit the cache. Chosen.
CHUNK = 4096


@dataclass(frozen=True)
class Problems:
    """R problems: the number before and the number wanted, both in the model's range, their difference too."""

    before: Ints
    wanted: Ints

    def __len__(self) -> int:
        return len(self.before)

    def __getitem__(self, rows: Ints | Flags) -> Problems:
        return Problems(self.before[rows], self.wanted[rows])

    def repeat(self, count: int) -> Problems:
        """Return each problem `count` times in a row."""
        return Problems(self.before.repeat(count), self.wanted.repeat(count))


@dataclass(frozen=True)
class Scores:
    """What one evaluation of each point yields.

    losses: nats of the wanted number. believed: the executor's state decodes to the wanted number. verified: that, and
    the summand that the point itself decodes to is, by Python's own addition, a solution.
    """

    losses: Floats
    believed: Flags
    verified: Flags

    @property
    def refuted(self) -> Flags:
        """What the model believes in and the oracle does not."""
        return self.believed & ~self.verified


def draw_problems(count: int, maximum: int, seed: int) -> Problems:
    """Return so many solvable problems; each pair of numbers whose difference is in range is equally likely."""
    numbers = np.arange(-maximum, maximum + 1)
    before, wanted = (axis.ravel() for axis in np.meshgrid(numbers, numbers))
    solvable = np.flatnonzero(np.abs(wanted - before) <= maximum)
    drawn = np.random.default_rng(seed).choice(solvable, count, replace=False)
    return Problems(before[drawn], wanted[drawn])


class Landscape:
    """Scores points of the code box by executor and decoder."""

    def __init__(self, model: NumpySums) -> None:
        self.model, self.maximum = model, model.config.maximum
        self.dimensions, self.strings = model.config.code_latent, model.code_vae.table

    def score(self, problems: Problems, points: Floats) -> Scores:
        """Score R x Q points, Q for each of R problems."""
        rows, count = points.shape[:2]
        each, flat = problems.repeat(count), points.reshape(rows * count, -1).astype(np.float32)
        parts = [self._score(each[part], flat[part]) for part in _parts(len(flat))]
        columns = [np.concatenate(column).reshape(rows, count) for column in zip(*parts, strict=True)]
        return Scores(*columns)

    def _score(self, problems: Problems, points: Floats) -> tuple[Floats, Flags, Flags]:
        states = self.model.state_vae.table[problems.before + self.maximum]
        logits = self.model.state_vae.number_logits(after(self.model, states, points))
        highest = logits.max(1)
        normaliser = highest + np.log(np.exp(logits - highest[:, None]).sum(1))
        losses = normaliser - logits[np.arange(len(points)), problems.wanted + self.maximum]
        believed = logits.argmax(1) - self.maximum == problems.wanted
        right = problems.before + self.model.code_vae.decode(points) == problems.wanted
        return losses, believed, believed & right


def _parts(count: int) -> list[Ints]:
    return np.split(np.arange(count), range(CHUNK, count, CHUNK))
