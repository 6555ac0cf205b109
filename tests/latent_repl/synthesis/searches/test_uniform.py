"""Draws from the box."""

from __future__ import annotations

import numpy as np

from latent_repl.synthesis.searches.base import BATCH
from latent_repl.synthesis.searches.uniform import UniformPoints
from tests.latent_repl.synthesis.conftest import PerfectInterpreter, setting_of
from tests.latent_repl.synthesis.searches.conftest import SPACE


def test_points_are_drawn_from_the_box_and_by_the_seed_alone(perfect: PerfectInterpreter) -> None:
    drawn = []
    for seed in (1, 1, 2):
        search = UniformPoints(setting_of(SPACE, perfect, seed))
        first = search.propose({})
        assert len({point.filling for point in first}) == len(first) == 1  # this box means one and the same everywhere
        points = [*first, *search.propose(dict.fromkeys(first, 1.0))]
        assert len(points) == 1 + BATCH
        drawn.append(np.stack([point.latents for point in points]))
        assert (drawn[-1] >= search.box.low).all() and (drawn[-1] <= search.box.high).all()
        assert len(np.unique(drawn[-1], axis=0)) == len(points)
    assert np.array_equal(drawn[0], drawn[1]) and not np.array_equal(drawn[0], drawn[2])
