"""Fillings and their code latents."""

from __future__ import annotations

import random

import numpy as np
from jaxtyping import Float, Int

from latent_repl.language.program import CoreLine, Hole, Slot
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.synthesis.problem.domains import Atoms
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.template import Template

VALUES = Atoms(("a",), (0, 1, -1, 2, -2))
SLOTS = (("a", Slot(0)),)
SUM, PRODUCT = CoreLine(Slot(1), "+", Slot(0), Hole(0)), CoreLine(Slot(1), "*", Hole(1), Hole(0))
ONE_HOLE = Space((VALUES,), (Template(SUM, SUM.holes, SLOTS),))
TWO_HOLES = Space((VALUES, VALUES), (*ONE_HOLE.templates, Template(PRODUCT, PRODUCT.holes, SLOTS)))


class IdentityEncoder:
    """A code latent that is the four ids themselves."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary.fresh(12, 99)

    def encode_code(self, ids: Int[np.ndarray, "B T"]) -> Float[np.ndarray, "B C"]:
        return ids.astype(np.float32)

    def code_logits(self, latents: Float[np.ndarray, "B C"]) -> Float[np.ndarray, "B T A"]:
        tokens = np.arange(self.vocabulary.active(99))
        return -np.abs(latents[:, :, None] - tokens).astype(np.float32)


def test_a_space_holds_every_filling_once() -> None:
    fillings = list(TWO_HOLES)
    assert len(fillings) == TWO_HOLES.size == 36
    assert len(set(fillings)) == 36
    assert fillings[:2] == [("a", "a"), ("a", 0)]


def test_latents_of_several_lines_stand_side_by_side() -> None:
    encoder = IdentityEncoder()
    latents = TWO_HOLES.latents([(1, -2), ("a", 1)], encoder)
    lines = [CoreLine(Slot(1), "+", Slot(0), 1), CoreLine(Slot(1), "*", -2, 1)]
    expected = [identifier for line in lines for identifier in encoder.vocabulary.core_line_ids(line)]
    assert latents.dtype == np.float64
    assert latents.shape == (2, 8)
    assert latents[0].tolist() == expected


def test_likely_fills_come_from_the_front_and_reach_everywhere() -> None:
    space = Space((Atoms((), tuple(range(200))),), ONE_HOLE.templates)
    generator = random.Random(0)
    drawn = [fill for _ in range(4000) for fill in space.likely(generator) if isinstance(fill, int)]
    assert set(drawn) == set(range(200))
    assert sum(fill < 10 for fill in drawn) > sum(fill >= 190 for fill in drawn) * 3


def test_draws_are_the_generators_alone() -> None:
    first = [TWO_HOLES.likely(random.Random(7)) for _ in range(3)]
    assert first == [TWO_HOLES.likely(random.Random(7))] * 3
