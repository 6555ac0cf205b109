"""Results that are kept: a network is a pure function, so equal inputs, to the bit, have equal outputs.

memory = Memory(2)
memory.results(["a", "b", "a"], lambda places: [...])     is asked for places 0 and 1, each distinct key once
memory.counts                                             Counts(results=3, recalled=1)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

import numpy as np

from latent_repl.shapes import Float

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Counts:
    """Results that were asked for, and those of them that were not computed anew."""

    results: int
    recalled: int

    def __add__(self, other: Counts) -> Counts:
        """Return both together."""
        return Counts(self.results + other.results, self.recalled + other.recalled)

    def __sub__(self, earlier: Counts) -> Counts:
        """Return what has been added since."""
        return Counts(self.results - earlier.results, self.recalled - earlier.recalled)

    @property
    def record(self) -> dict[str, int]:
        """The counts by their names, for a summary."""
        return {"results": self.results, "recalled": self.recalled}


NO_COUNTS = Counts(0, 0)


def keys_of(latents: Float[np.ndarray, "*N D"]) -> list[bytes]:
    """Return the bytes of what an array holds at each place of its first axis."""
    if not len(latents):
        return []
    whole = latents.tobytes()
    size = len(whole) // len(latents)
    return [whole[first : first + size] for first in range(0, len(whole), size)]


class Memory(Generic[K, V]):
    """Keeps at most so many results and drops the oldest half when it is full.

    most: how many; 0 keeps none from one request to the next.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: dict[K, V] = {}
        self._asked = self._computed = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def counts(self) -> Counts:
        """Of all that was asked so far."""
        return Counts(self._asked, self._asked - self._computed)

    def results(self, keys: Sequence[K], compute: Callable[[list[int]], Sequence[V]]) -> list[V]:
        """Return the result of each key. compute: is given the places of keys that are not kept, each distinct once."""
        self._asked += len(keys)
        try:
            return [self._kept[key] for key in keys]
        except KeyError:
            return self._with_new(keys, compute)

    def _with_new(self, keys: Sequence[K], compute: Callable[[list[int]], Sequence[V]]) -> list[V]:
        # Taken at once: what computes may keep more, and drop these.
        known = {key: self._kept[key] for key in keys if key in self._kept}
        new = {key: place for place, key in enumerate(keys) if key not in known}
        self._computed += len(new)
        computed = dict(zip(new, compute([*new.values()]), strict=True))
        self._keep(computed)
        known |= computed
        return [known[key] for key in keys]

    def add(self, keys: Sequence[K], results: Sequence[V]) -> None:
        """Keep results that nobody has asked for yet; those that are kept already stay."""
        self._keep({key: result for key, result in zip(keys, results, strict=True) if key not in self._kept})

    def turn_off(self) -> None:
        """Drop all results and keep none from now on."""
        self.most = 0
        self._kept.clear()

    def _keep(self, computed: dict[K, V]) -> None:
        self._kept |= computed
        if len(self._kept) > self.most:
            left = min(len(self._kept) - self.most // 2, len(self._kept)) if self.most else len(self._kept)
            for key in [*islice(self._kept, left)]:
                del self._kept[key]
