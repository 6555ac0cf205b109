"""Searches recorded round by round: what they tried, what they held likely, how they end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from latent_repl.errors import UsageError
from latent_repl.explore.answers import grid
from latent_repl.explore.code_space import CodeSpace
from latent_repl.explore.rounds import Recording
from latent_repl.explore.turns import Turns
from latent_repl.session import Session
from latent_repl.synthesis.options import Options
from latent_repl.synthesis.result import INTERRUPTED

PLACES = 25
"""Places of the plane of which is told what a search of the box held."""


def recording_of(space: CodeSpace, turns: Turns | None = None, /, **options: object) -> Recording:
    """A recording that has yet to begin."""
    places = np.repeat(space.latents[:1], PLACES, axis=0)
    places[:, -2:] = grid((-1, -1, 1, 1), 5)
    return Recording(space, Options(**options), turns or Turns(), places)  # type: ignore[arg-type]


def recorded(space: CodeSpace, **options: object) -> Recording:
    """A recording that has ended."""
    recording = recording_of(space, **options)
    recording.begin()
    recording.wait(60)
    assert recording.ended
    return recording


def test_the_rounds_are_the_evaluations_of_the_solution(space: CodeSpace) -> None:
    recording = recorded(space, search="shuffled")
    assert recording.solution is not None and recording.solution.solved
    tried = [filling for each in recording.rounds for filling in each.tried]
    assert len(tried) == len(set(tried)) == recording.solution.evaluations
    assert (-53,) in recording.rounds[-1].tried
    least = [min(each.losses) for each in recording.rounds]
    assert np.minimum.accumulate(least).tolist() == pytest.approx(list(recording.solution.curve))
    assert all(each.posterior is None for each in recording.rounds)


@pytest.mark.slow
def test_processes_tell_what_they_held_of_every_known_line_before_they_chose(space: CodeSpace) -> None:
    recording = recorded(space, search="latents", seed=1)
    learnt = [each for each in recording.rounds if each.posterior is not None]
    assert recording.rounds[0].posterior is None and learnt
    for each in learnt:
        assert each.posterior is not None and each.posterior.of == "line"
        for held in (each.posterior.mean, each.posterior.spread, each.posterior.acquisition):
            assert held.shape == (len(space.fillings),) and np.isfinite(held).all()
        assert (each.posterior.spread > 0).all()
    known = {filling: place for place, filling in enumerate(space.fillings)}
    for place, each in enumerate(recording.rounds):
        if each.posterior is not None:
            before = {filling for earlier in recording.rounds[:place] for filling in earlier.tried}
            held = each.posterior.acquisition
            chosen = np.mean([held[known[filling]] for filling in each.tried])
            assert chosen > np.mean([held[known[filling]] for filling in space.fillings if filling not in before])


def test_a_search_waits_for_its_turn_with_the_model(space: CodeSpace) -> None:
    turns = Turns()
    recording = recording_of(space, turns, search="ordered")
    with turns:
        recording.begin()
        recording.wait(0.2)
        assert recording.rounds == []
    recording.wait(60)
    assert recording.rounds


def test_a_stopped_search_ends_after_its_round(space: CodeSpace) -> None:
    recording = recording_of(space, search="ordered")
    recording.stop()
    recording.begin()
    recording.wait(60)
    assert len(recording.rounds) == 1
    assert recording.solution is not None and recording.solution.reason == INTERRUPTED


def test_a_search_that_cannot_pose_the_problem_says_why(space: CodeSpace) -> None:
    space.problem = replace(space.problem, text="a = 1")
    recording = recording_of(space, search="ordered")
    recording.begin()
    recording.wait(60)
    assert recording.error is not None and "no hole" in recording.error


def test_points_of_the_box_are_kept_where_they_were_tried(space: CodeSpace) -> None:
    recording = recorded(space, search="uniform", budget=8)
    assert recording.error is None and recording.rounds
    for each in recording.rounds:
        assert each.latents is not None and each.latents.shape == (len(each.tried), space.latents.shape[1])
        assert np.abs(each.latents[:, -2:]).max() <= 1
        own = space.problem.space.latents(each.tried, space.session.model)
        assert not np.allclose(each.latents, own)


def test_processes_of_the_box_tell_what_they_held_of_the_planes_places(sums_session: Session) -> None:
    unsolvable = CodeSpace(sums_session, "a=2; b = a+?; b == 7; b == 9")
    recording = recorded(unsolvable, search="box", budget=24)
    assert recording.error is None
    learnt = [each.posterior for each in recording.rounds if each.posterior is not None]
    assert recording.rounds[0].posterior is None and len(learnt) == len(recording.rounds) - 1 > 1
    for held in learnt:
        assert held.of == "place"
        for each in (held.mean, held.spread, held.acquisition):
            assert each.shape == (PLACES,) and np.isfinite(each).all() and np.ptp(each) > 0
        assert (held.spread > 0).all()
    assert not np.allclose(learnt[0].mean, learnt[-1].mean)


def test_a_search_that_there_is_not_is_refused(space: CodeSpace) -> None:
    with pytest.raises(UsageError, match="no search 'luck'"):
        recording_of(space, search="luck")
