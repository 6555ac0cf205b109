"""The loss over a plane of code space, on the shipped checkpoint."""

from __future__ import annotations

import numpy as np
import pytest

from latent_repl.errors import SynthesisError, UsageError
from latent_repl.explore.landscape import survey
from latent_repl.session import Session


@pytest.mark.slow
def test_a_landscape_shows_every_filling_and_is_lowest_at_the_best(live_session: Session) -> None:
    landscape = survey(live_session, "a=6; a+? == 42", size=9)
    assert landscape.loss.shape == (9, 9) and np.isfinite(landscape.loss).all()
    assert set(landscape.texts) > {"-999", "0", "36", "999"}
    best = landscape.known.argmin()
    assert landscape.texts[best] == "36"
    assert np.allclose(landscape.points[best], 0)  # the plane passes through it


@pytest.mark.slow
def test_a_point_of_the_plane_has_the_loss_of_the_line_that_lies_there(live_session: Session) -> None:
    landscape = survey(live_session, "a=6; a+? == 42", size=5)
    [column], [row] = np.flatnonzero(landscape.x == 0), np.flatnonzero(landscape.y == 0)
    assert landscape.loss[row, column] == pytest.approx(landscape.known.min(), abs=1e-3)


@pytest.mark.parametrize("problem", ["a = ?; b = ?; a + b == 3", "?; a == 3"])
def test_problems_without_one_core_line_of_their_own(problem: str, live_session: Session) -> None:
    with pytest.raises(UsageError, match="one core line"):
        survey(live_session, problem, size=3)


def test_a_text_that_is_no_problem(live_session: Session) -> None:
    with pytest.raises(SynthesisError):
        survey(live_session, "a = 1", size=3)
