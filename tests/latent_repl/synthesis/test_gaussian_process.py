"""The Gaussian process search."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import pytest
import torch
from botorch.exceptions.errors import ModelFittingError

from latent_repl.language.nodes import CoreLine, Hole, Slot
from latent_repl.model.interface import Interpreter
from latent_repl.synthesis.fills import Filling, Template, Values
from latent_repl.synthesis.gaussian_process import (
    WARM_START,
    GaussianProcessSearch,
    UnitCube,
    distinct_maxima,
    thompson,
)
from latent_repl.synthesis.rivals import BATCH
from latent_repl.synthesis.search import solve
from latent_repl.synthesis.space import Space

LITERALS = tuple(sorted(range(-99, 100), key=abs))
SUM, PRODUCT = CoreLine(Slot(1), "+", Slot(0), Hole(0)), CoreLine(Slot(2), "*", Slot(0), Hole(1))
ONE_HOLE = Space((Values((), LITERALS),), (Template(SUM, SUM.holes, ()),))
TWO_HOLES = Space((Values((), LITERALS),) * 2, (*ONE_HOLE.templates, Template(PRODUCT, PRODUCT.holes, ())))


def distance(filling: Filling) -> float:
    """Return a loss whose minimum is at 40 for every hole."""
    return sum(abs(fill - 40) for fill in filling if isinstance(fill, int)) / 10


@pytest.mark.parametrize("space", [ONE_HOLE, TWO_HOLES])
def test_proposals_are_new_distinct_and_the_seeds_alone(perfect: Interpreter, space: Space) -> None:
    histories = []
    for seed in (1, 1, 2):
        search, history = GaussianProcessSearch(space, perfect, seed), dict[Filling, float]()
        for size in (WARM_START, BATCH, BATCH):
            batch = search.propose(history)
            assert len(set(batch) - set(history)) == len(batch) == size
            history.update((filling, distance(filling)) for filling in batch)
        histories.append(list(history))
    assert histories[0] == histories[1] != histories[2]


def test_the_search_leaves_torchs_own_generator_alone(perfect: Interpreter) -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    search = GaussianProcessSearch(ONE_HOLE, perfect, 0)
    search.propose({filling: distance(filling) for filling in search.propose({})})
    assert torch.equal(torch.get_rng_state(), before)


def test_a_small_space_is_tried_to_its_end(perfect: Interpreter) -> None:
    space = Space((Values((), tuple(range(13))),), ONE_HOLE.templates)
    search, history = GaussianProcessSearch(space, perfect, 0), dict[Filling, float]()
    while batch := search.propose(history):
        history.update((filling, 3.0) for filling in batch)
    assert set(history) == set(space)


def test_neighbours_in_several_holes_lead_to_the_minimum(perfect: Interpreter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("latent_repl.synthesis.gaussian_process.POOL", 300)
    search, history = GaussianProcessSearch(TWO_HOLES, perfect, 0), dict[Filling, float]()
    for _ in range(9):
        history.update((filling, distance(filling)) for filling in search.propose(history))
    first = statistics.mean(list(history.values())[:WARM_START])
    last = statistics.mean(list(history.values())[-BATCH:])
    assert last < first / 2
    assert min(history.values()) < 2


def test_the_process_is_fitted_to_the_points_around_the_best(
    perfect: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("latent_repl.synthesis.gaussian_process.NEAREST", 20)
    sizes: list[int] = []

    def spy(inputs: Any, outputs: Any, pool: Any, count: int, seed: int) -> list[int]:
        sizes.append(len(inputs))
        return thompson(inputs, outputs, pool, count, seed)

    monkeypatch.setattr("latent_repl.synthesis.gaussian_process.thompson", spy)
    GaussianProcessSearch(ONE_HOLE, perfect, 0).propose({(fill,): distance((fill,)) for fill in LITERALS[:60]})
    assert sizes == [20]


def test_the_unit_cube_keeps_the_ratios_of_distances() -> None:
    latents = torch.tensor([[-1.0, 0.0], [1.0, 0.5], [0.0, 0.25]], dtype=torch.float64)
    points = UnitCube.around(latents)(latents)
    assert (points.min(), points.max()) == (0, 1)
    assert torch.allclose(torch.cdist(points, points) * 2, torch.cdist(latents, latents))


def test_a_cube_around_one_point_is_no_division_by_zero() -> None:
    latents = torch.ones(3, 2, dtype=torch.float64)
    assert UnitCube.around(latents)(latents).isfinite().all()


def test_thompson_samples_prefer_where_the_outputs_are_high() -> None:
    inputs = torch.linspace(0, 1, 12, dtype=torch.float64)[:, None]
    pool = torch.linspace(0.01, 0.99, 50, dtype=torch.float64)[:, None]
    places = thompson(inputs, -((inputs[:, 0] - 0.7) ** 2), pool, 4, seed=0)
    assert len(set(places)) == 4
    assert all(abs(float(pool[place]) - 0.7) < 0.15 for place in places)


def test_equal_outputs_do_not_stop_the_process() -> None:
    inputs = torch.linspace(0, 1, 12, dtype=torch.float64)[:, None]
    assert len(thompson(inputs, torch.ones(12, dtype=torch.float64), inputs, 4, seed=0)) == 4


def test_samples_with_one_maximum_take_the_next_places() -> None:
    assert distinct_maxima(torch.tensor([[1.0, 3.0, 2.0], [1.0, 3.0, 2.0], [5.0, 0.0, 1.0]])) == [1, 2, 0]


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


def test_a_round_that_cannot_be_fitted_is_drawn_at_random(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise ModelFittingError

    monkeypatch.setattr("botorch.fit.fit_gpytorch_mll", fail)
    inputs = torch.linspace(0, 1, 12, dtype=torch.float64)[:, None]
    assert len(set(thompson(inputs, inputs[:, 0], inputs, 4, seed=0))) == 4
