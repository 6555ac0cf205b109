"""The fillings of a problem's holes, and the points in code latent space where they lie."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Protocol, runtime_checkable

import numpy as np

from latent_repl.language.program import CoreLine
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.shapes import Float, Int
from latent_repl.synthesis.problem.domains import Domain, Fill, Filling
from latent_repl.synthesis.problem.template import Template

# Draws after which a filling that is not sound is taken as well. Chosen.
DRAWS = 100


@runtime_checkable
class CodeEncoder(Protocol):
    """What a space needs of the model."""

    vocabulary: Vocabulary

    def encode_code(self, ids: Int[np.ndarray, "B T"]) -> Float[np.ndarray, "B C"]:
        """Return the code latents of core lines."""

    def code_logits(self, latents: Float[np.ndarray, "B C"]) -> Float[np.ndarray, "B T A"]:
        """Return the logits of a core line's four tokens."""


@dataclass(frozen=True)
class Space:
    """Every filling of a program's holes.

    domains: what may fill each hole, likeliest first.
    templates: the core lines that hold holes; each hole stands in one of them.
    sound: whether a filling assigns what it reads, as far as that is plain before it runs.
    """

    domains: tuple[Domain, ...]
    templates: tuple[Template, ...]
    sound: Callable[[Filling], bool] = field(default=lambda filling: True, compare=False)
    _nats: dict[tuple[int, Fill], float] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def size(self) -> int:
        """Number of fillings."""
        return prod(len(domain) for domain in self.domains)

    def at(self, index: int) -> Filling:
        """Return one filling, 0 <= index < size; the last hole changes fastest."""
        places = []
        for domain in reversed(self.domains):
            index, place = divmod(index, len(domain))
            places.append(domain[place])
        return tuple(reversed(places))

    def __iter__(self) -> Iterator[Filling]:
        return (self.at(index) for index in range(self.size))

    def uniform(self, generator: random.Random) -> Filling:
        """Draw a filling; all are equally likely."""
        return tuple(domain[generator.randrange(len(domain))] for domain in self.domains)

    def likely(self, generator: random.Random) -> Filling:
        """Draw each fill as programs use them, until they are sound together."""
        for _ in range(DRAWS):
            filling = tuple(domain.likely(generator) for domain in self.domains)
            if self.sound(filling):
                break
        return filling

    def spread(self, shares: Sequence[float]) -> Filling:
        """Return the filling whose fills lie so far through their domains, each share in [0, 1)."""
        return tuple(domain.spread(share) for domain, share in zip(self.domains, shares, strict=True))

    def log_probability(self, filling: Filling) -> float:
        """Return how probable that draw is, in nats."""
        known = self._nats
        for each in enumerate(filling):
            if each not in known:  # many fillings share a fill
                known[each] = self.domains[each[0]].log_probability(each[1])
        return sum(known[each] for each in enumerate(filling))

    def crossed(self, filling: Filling, other: Filling, line: int) -> Filling:
        """Return a filling whose fills of one line are another one's."""
        fills = list(filling)
        for hole in self.templates[line].holes:
            fills[hole.number] = other[hole.number]
        return tuple(fills)

    def latents(self, fillings: Sequence[Filling], model: CodeEncoder) -> Float[np.ndarray, "N F"]:
        """Return the code latents of the filled core lines, one after the other, in float64."""
        columns = [encode([template.filled(filling) for filling in fillings], model) for template in self.templates]
        return np.concatenate(columns, axis=1).astype(np.float64)


def encode(lines: Sequence[CoreLine], model: CodeEncoder) -> Float[np.ndarray, "N C"]:
    """Return the code latents of core lines, encoding equal lines once."""
    places = {line: place for place, line in enumerate(dict.fromkeys(lines))}
    ids = np.array([model.vocabulary.core_line_ids(line) for line in places])
    return model.encode_code(ids)[[places[line] for line in lines]]
