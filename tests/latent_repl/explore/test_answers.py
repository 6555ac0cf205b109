"""Answers to the page: in parts where there is much, and as JSON has numbers."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from latent_repl.explore import answers
from latent_repl.explore.rounds import Posterior, Round


def test_what_is_quick_is_answered_whole_and_what_is_slow_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    assert answers.patiently(lambda part: range(part.start, part.stop), 10, 1000) == list(range(10, 1000))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    assert answers.patiently(lambda part: range(part.start, part.stop), 10, 1000) == list(range(10, 10 + answers.BATCH))
    assert answers.patiently(lambda part: range(part.start, part.stop), 1000, 1000) == []
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    hurried = answers.patiently(lambda part: range(part.start, part.stop), 10, 1000, lambda: True)
    assert hurried == list(range(10, 10 + answers.BATCH))


def test_numbers_that_json_has_not_are_null() -> None:
    assert answers.rounded([1.23456, math.inf, math.nan, -0.0]) == [1.235, None, None, 0.0]


def test_a_map_is_square_and_holds_its_points() -> None:
    left, bottom, right, top = answers.bounds(np.array([[0.0, 0.0], [4.0, 1.0]]), box=False)
    assert left < 0 and right > 4 and bottom < 0 and top > 1
    assert right - left == pytest.approx(top - bottom)
    assert answers.bounds(np.zeros((1, 2)), box=True) == [-1, -1, 1, 1]


def test_a_grid_begins_at_the_left_and_the_bottom_and_goes_row_by_row() -> None:
    assert answers.grid([0, 10, 2, 12], 3).tolist()[:4] == [[0, 10], [1, 10], [2, 10], [0, 11]]
    assert answers.grid([0, 10, 2, 12], 3)[-1].tolist() == [2, 12]


def test_a_round_tells_what_its_processes_held_only_where_they_did() -> None:
    points, held = np.array([[0.5, 0.25]]), np.array([1.0])
    plain = answers.of_round(Round(((3,),), (0.5,), None), points, ["a + 3"])
    assert plain == {"points": [[0.5, 0.25]], "texts": ["a + 3"], "losses": [0.5]}
    learnt = answers.of_round(Round(((3,),), (0.5,), Posterior("line", held, 2 * held, -held)), points, ["a + 3"])
    assert learnt["of"] == "line"
    assert (learnt["mean"], learnt["spread"], learnt["acquisition"]) == ([1.0], [2.0], [-1.0])
