"""CEM and CMA-ES in the box of code latents."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.language.program import CoreLine, Hole, Slot
from latent_repl.synthesis.problem.domains import Atoms, Filling
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.template import Template
from latent_repl.synthesis.searches.base import Search
from latent_repl.synthesis.searches.evolution import CovarianceMatrixAdaptation, CrossEntropyMethod
from tests.latent_repl.synthesis.conftest import PerfectInterpreter, setting_of

LITERALS = tuple(sorted(range(-99, 100), key=abs))
SUM = CoreLine(Slot(1), "+", Slot(0), Hole(0))
SPACE = Space((Atoms((), LITERALS),), (Template(SUM, SUM.holes, ()),))

MAKERS: list[Callable[..., CrossEntropyMethod | CovarianceMatrixAdaptation]] = [
    CrossEntropyMethod,
    CovarianceMatrixAdaptation,
]


def search(strategy: Search[Filling], rounds: int) -> dict[Filling, float]:
    history: dict[Filling, float] = {}
    for _ in range(rounds):
        batch = strategy.propose(history)
        assert not set(batch) & set(history) and len(set(batch)) == len(batch)
        history.update((filling, abs(float(str(filling[0])) - 40)) for filling in batch)
    return history


@pytest.mark.parametrize("make", MAKERS)
def test_proposals_are_new_and_the_seeds_alone(
    perfect: PerfectInterpreter, make: Callable[..., Search[Filling]]
) -> None:
    histories = [list(search(make(setting_of(SPACE, perfect, seed)), 4)) for seed in (1, 1, 2)]
    assert histories[0] == histories[1] != histories[2]


@pytest.mark.parametrize("make", MAKERS)
def test_a_small_space_is_tried_to_its_end(perfect: PerfectInterpreter, make: Callable[..., Search[Filling]]) -> None:
    space = Space((Atoms((), LITERALS[:40]),), SPACE.templates)
    strategy, history = make(setting_of(space, perfect)), dict[Filling, float]()
    while batch := strategy.propose(history):
        history.update((filling, abs(float(str(filling[0])) - 4)) for filling in batch)
    assert len(history) == space.size


@pytest.mark.parametrize("make", MAKERS)
def test_points_on_known_strings_are_counted(
    perfect: PerfectInterpreter, make: Callable[..., CrossEntropyMethod | CovarianceMatrixAdaptation]
) -> None:
    strategy = make(setting_of(SPACE, perfect))
    search(strategy, 12)
    assert strategy.points > 0
