"""The Gaussian process search."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import pytest
import torch

from latent_repl.language.nodes import CoreLine, Hole, Slot
from latent_repl.model.interface import Interpreter
from latent_repl.synthesis.fills import Filling, Template, Values
from latent_repl.synthesis.gaussian_process import BATCH, SMALL_BATCH, WARM_START, GaussianProcessSearch
from latent_repl.synthesis.geometry import CodeGeometry
from latent_repl.synthesis.process import Process
from latent_repl.synthesis.search import solve
from latent_repl.synthesis.space import Space

LITERALS = tuple(sorted(range(-99, 100), key=abs))
SUM, PRODUCT = CoreLine(Slot(1), "+", Slot(0), Hole(0)), CoreLine(Slot(2), "*", Slot(0), Hole(1))
ONE_HOLE = Space((Values((), LITERALS),), (Template(SUM, SUM.holes, ()),))
TWO_HOLES = Space((Values((), LITERALS),) * 2, (*ONE_HOLE.templates, Template(PRODUCT, PRODUCT.holes, ())))


def distance(filling: Filling) -> float:
    """Return a loss whose minimum is at 40 for every hole."""
    return sum(abs(fill - 40) for fill in filling if isinstance(fill, int)) / 10


def search_of(space: Space, model: Interpreter, seed: int) -> GaussianProcessSearch:
    return GaussianProcessSearch(space, CodeGeometry(space, model), seed)


@pytest.mark.parametrize(("space", "batch"), [(ONE_HOLE, SMALL_BATCH), (TWO_HOLES, BATCH)])
def test_proposals_are_new_distinct_and_the_seeds_alone(perfect: Interpreter, space: Space, batch: int) -> None:
    histories = []
    for seed in (1, 1, 2):
        search, history = search_of(space, perfect, seed), dict[Filling, float]()
        for size in (WARM_START * len(space.domains), batch, batch):
            proposed = search.propose(history)
            assert len(set(proposed) - set(history)) == len(proposed) == size
            history.update((filling, distance(filling)) for filling in proposed)
        histories.append(list(history))
    assert histories[0] == histories[1] != histories[2]


def test_the_search_leaves_torchs_own_generator_alone(perfect: Interpreter) -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    search = search_of(ONE_HOLE, perfect, 0)
    search.propose({filling: distance(filling) for filling in search.propose({})})
    assert torch.equal(torch.get_rng_state(), before)


def test_a_small_space_is_tried_to_its_end(perfect: Interpreter) -> None:
    space = Space((Values((), tuple(range(13))),), ONE_HOLE.templates)
    search, history = search_of(space, perfect, 0), dict[Filling, float]()
    while batch := search.propose(history):
        history.update((filling, 3.0) for filling in batch)
    assert set(history) == set(space)


@pytest.mark.parametrize("open_space", [True, False])
def test_several_holes_lead_to_the_minimum(
    perfect: Interpreter, monkeypatch: pytest.MonkeyPatch, open_space: bool
) -> None:
    """In an open space the pool comes from everywhere, in one that is not from the trust region alone."""
    monkeypatch.setattr("latent_repl.synthesis.gaussian_process.OPEN", TWO_HOLES.size if open_space else 0)
    search, history = search_of(TWO_HOLES, perfect, 0), dict[Filling, float]()
    for _ in range(9):
        history.update((filling, distance(filling)) for filling in search.propose(history))
    first = statistics.mean(list(history.values())[:WARM_START])
    last = statistics.mean(list(history.values())[-BATCH:])
    assert last < first / 2
    assert min(history.values()) < 2


def test_an_exhausted_region_begins_anew(perfect: Interpreter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("latent_repl.synthesis.gaussian_process.OPEN", 0)
    search, history, starts = search_of(TWO_HOLES, perfect, 0), dict[Filling, float](), set()
    for _ in range(16):
        history.update((filling, 3.0) for filling in search.propose(history))
        starts.add(search.region.start)
    assert len(starts) > 1


def test_the_process_is_held_to_the_points_around_the_best(
    perfect: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("latent_repl.synthesis.gaussian_process.NEAREST", 20)
    sizes: list[int] = []
    propose = Process.propose

    def spy(self: Process, inputs: Any, *rest: Any) -> list[int]:
        sizes.append(len(inputs))
        return propose(self, inputs, *rest)

    monkeypatch.setattr(Process, "propose", spy)
    search_of(ONE_HOLE, perfect, 0).propose({(fill,): distance((fill,)) for fill in LITERALS[:60]})
    assert sizes == [20]


def test_fewer_evaluations_than_shuffled_enumeration(perfect: Interpreter, session_of: Callable[..., Any]) -> None:
    """The double's latents are number features, so their geometry is worth something by construction."""
    problems = ["a=71; a+? == 18", "a=-40; a+? == 37", "a=12; ?-a == 61", "a=-5; a-? == 66", "a=80; a+? == -9"]
    evaluations = {
        search: sum(
            solve(problem, session=session_of(perfect), search=search, seed=seed).evaluations
            for seed, problem in enumerate(problems)
        )
        for search in ("gp", "shuffled")
    }
    assert evaluations["gp"] < evaluations["shuffled"]
