"""The Gaussian process search."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from latent_repl.language.program import CoreLine, Hole, Slot
from latent_repl.machine import Machine
from latent_repl.synthesis.bayesian.inputs import CodeInputs
from latent_repl.synthesis.bayesian.model import GridProcess
from latent_repl.synthesis.bayesian.search import BATCH, SMALL_BATCH, WARM_START, ProcessesOnLatents
from latent_repl.synthesis.objective import Objective, Outcome
from latent_repl.synthesis.problem.box import Proposal, filling_of
from latent_repl.synthesis.problem.domains import Atoms, Filling
from latent_repl.synthesis.problem.problem import Problem
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.template import Template
from latent_repl.synthesis.searches.base import Setting
from tests.latent_repl.synthesis.conftest import PerfectInterpreter, setting_of

LITERALS = tuple(sorted(range(-99, 100), key=abs))
SUM, PRODUCT = CoreLine(Slot(1), "+", Slot(0), Hole(0)), CoreLine(Slot(2), "*", Slot(0), Hole(1))
ONE_HOLE = Space((Atoms((), LITERALS),), (Template(SUM, SUM.holes, ()),))
TWO_HOLES = Space((Atoms((), LITERALS),) * 2, (*ONE_HOLE.templates, Template(PRODUCT, PRODUCT.holes, ())))


def distance(filling: Filling) -> float:
    """Return a loss whose minimum is at 40 for every hole."""
    return sum(abs(fill - 40) for fill in filling if isinstance(fill, int)) / 10


class Distances(Objective):
    """What `distance` measures: each hole's fill is an output, and 40 is wanted of it. Higher fills may fail.

    one: only the first hole changes anything.
    """

    def __init__(self, problem: Problem, machine: Machine, highest: int, one: bool) -> None:
        super().__init__(problem, machine, [])
        self.highest, self.one = highest, one
        self.target_features = (np.full(1 if one else len(problem.space.domains), 0.4),)
        self.outcomes = _Measured(self)


class _Measured(dict[Proposal, Outcome]):
    def __init__(self, distances: Distances) -> None:
        self.distances = distances

    def __missing__(self, candidate: Proposal) -> Outcome:
        filling = filling_of(candidate)
        numbers = [fill for fill in filling if isinstance(fill, int)]
        path = frozenset(range(len(filling))) if max(numbers) <= self.distances.highest else None
        return Outcome((np.array(numbers[:1] if self.distances.one else numbers) / 100,), (path,))


class Searching(ProcessesOnLatents):
    """The processes over code latents, of what `distance` measures."""

    highest, one = 99, False

    def __init__(self, setting: Setting) -> None:
        measured = Distances(setting.problem, setting.objective.machine, self.highest, self.one)
        super().__init__(replace(setting, objective=measured))


def search_of(
    space: Space, model: PerfectInterpreter, seed: int = 0, highest: int = 99, one: bool = False
) -> Searching:
    made = type("Made", (Searching,), {"highest": highest, "one": one})
    return made(setting_of(space, model, seed))


@pytest.mark.slow
@pytest.mark.parametrize(("space", "batch"), [(ONE_HOLE, SMALL_BATCH), (TWO_HOLES, BATCH)])
def test_proposals_are_new_distinct_and_the_seeds_alone(perfect: PerfectInterpreter, space: Space, batch: int) -> None:
    histories = []
    for seed in (1, 1, 2):
        search, history = search_of(space, perfect, seed), dict[Filling, float]()
        for size in (WARM_START * len(space.domains), batch, batch):
            proposed = search.propose(history)
            assert len(set(proposed) - set(history)) == len(proposed) == size
            history.update((filling, distance(filling)) for filling in proposed)
        histories.append(list(history))
    assert histories[0] == histories[1] != histories[2]


def test_the_search_leaves_torchs_own_generator_alone(perfect: PerfectInterpreter) -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    search = search_of(ONE_HOLE, perfect, 0)
    assert len(search.propose({filling: distance(filling) for filling in search.propose({})})) == SMALL_BATCH
    assert torch.equal(torch.get_rng_state(), before)


def test_a_small_space_is_tried_to_its_end(perfect: PerfectInterpreter) -> None:
    space = Space((Atoms((), tuple(range(13))),), ONE_HOLE.templates)
    search, history = search_of(space, perfect, 0), dict[Filling, float]()
    while batch := search.propose(history):
        history.update((filling, 3.0) for filling in batch)
    assert set(history) == set(space)


@pytest.mark.slow
def test_where_nothing_is_sound_the_search_goes_on_at_random(perfect: PerfectInterpreter) -> None:
    space = replace(TWO_HOLES, sound=lambda filling: False)
    search = search_of(space, perfect)
    history: dict[Filling, float] = {(first, second): 1.0 for first in range(20) for second in range(5)}
    assert len(search.propose(history)) == BATCH


@pytest.mark.slow
@pytest.mark.parametrize("open_space", [True, False])
def test_several_holes_lead_to_the_minimum(
    perfect: PerfectInterpreter, monkeypatch: pytest.MonkeyPatch, open_space: bool
) -> None:
    """In an open space the pool comes from everywhere, in one that is not from the trust region alone."""
    monkeypatch.setattr("latent_repl.synthesis.bayesian.search.OPEN", TWO_HOLES.size if open_space else 0)
    search, history = search_of(TWO_HOLES, perfect, 0), dict[Filling, float]()
    for _ in range(9):
        history.update((filling, distance(filling)) for filling in search.propose(history))
    first = statistics.mean(list(history.values())[:WARM_START])
    last = statistics.mean(list(history.values())[-BATCH:])
    assert last < first / 2
    assert min(history.values()) < 2


def test_a_climb_begins_from_every_outcome_once(perfect: PerfectInterpreter) -> None:
    """The best fillings alone may all lead to the same, and then a climb would never leave it."""
    search = search_of(TWO_HOLES, perfect, one=True)
    history: dict[Filling, float] = {
        (first, second): abs(first - 40) / 10 for first in (40, 39, 10) for second in range(30)
    }
    parents = search._parents(history)
    assert [first for first, _ in parents] == [40, 39, 10]


@pytest.mark.slow
def test_an_exhausted_region_begins_anew(perfect: PerfectInterpreter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("latent_repl.synthesis.bayesian.search.OPEN", 0)
    search, history, starts = search_of(TWO_HOLES, perfect, 0), dict[Filling, float](), set()
    for _ in range(16):
        history.update((filling, 3.0) for filling in search.propose(history))
        starts.add(search.region.start)
    assert len(starts) > 1


def test_the_process_is_held_to_the_points_around_the_best(
    perfect: PerfectInterpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("latent_repl.synthesis.bayesian.search.NEAREST", 20)
    sizes: list[int] = []
    condition = GridProcess.condition

    def spy(self: GridProcess, inputs: Any, *rest: Any) -> None:
        sizes.append(len(inputs))
        condition(self, inputs, *rest)

    monkeypatch.setattr(GridProcess, "condition", spy)
    search_of(ONE_HOLE, perfect, 0).propose({(fill,): distance((fill,)) for fill in LITERALS[:60]})
    assert sizes == [20, 20]


def test_what_always_fails_is_left_at_random_and_what_fails_above_is_avoided(perfect: PerfectInterpreter) -> None:
    """Nothing is known of outcomes when nothing ends; later, fillings that would fail are proposed seldom."""
    history: dict[Filling, float] = {(fill,): distance((fill,)) for fill in LITERALS[:60]}
    assert len(search_of(ONE_HOLE, perfect, 0, highest=-100).propose(history)) == BATCH
    proposed = search_of(ONE_HOLE, perfect, 0, highest=10).propose(history)
    assert statistics.mean(isinstance(fill, int) and fill <= 10 for (fill,) in proposed) >= 0.5, proposed


def test_points_that_are_no_numbers_make_a_round_at_random(
    perfect: PerfectInterpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = search_of(ONE_HOLE, perfect, 0)
    history: dict[Filling, float] = {(fill,): distance((fill,)) for fill in LITERALS[:60]}
    monkeypatch.setattr(CodeInputs, "__call__", lambda _, fillings: np.full((len(fillings), 64), np.nan))
    proposed = search.propose(history)
    assert len(set(proposed) - set(history)) == BATCH


@pytest.mark.slow
def test_fewer_evaluations_than_shuffled_enumeration(
    perfect: PerfectInterpreter, session_of: Callable[..., Any]
) -> None:
    """The double's latents are number features, so distances between them say something by construction."""
    problems = ["a=71; a+? == 18", "a=-40; a+? == 37", "a=12; ?-a == 61", "a=-5; a-? == 66", "a=80; a+? == -9"]
    evaluations = {
        search: sum(
            session_of(perfect).synth(problem, search=search, seed=seed).evaluations
            for seed, problem in enumerate(problems)
        )
        for search in ("gp", "shuffled")
    }
    assert evaluations["gp"] < evaluations["shuffled"]
