"""The searches that the Gaussian process is compared with."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from latent_repl.language.program import CoreLine, Hole, Slot
from latent_repl.synthesis.problem.domains import Filling, Values
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.template import Template
from latent_repl.synthesis.searches.base import Search, draw_likely
from latent_repl.synthesis.searches.enumeration import (
    ExecutorArgmin,
    OrderedEnumeration,
    RandomDraws,
    ShuffledEnumeration,
)
from latent_repl.synthesis.searches.hill_climbing import HillClimbing
from tests.latent_repl.synthesis.conftest import setting_of

LITERALS = tuple(sorted(range(-20, 21), key=abs))
LINE = CoreLine(Slot(1), "+", Slot(0), Hole(0))
SPACE = Space((Values(("a",), LITERALS),), (Template(LINE, LINE.holes, (("a", Slot(0)),)),))

MAKERS: list[Callable[[], Search]] = [
    lambda: HillClimbing(setting_of(SPACE)),
    lambda: OrderedEnumeration(setting_of(SPACE)),
    lambda: ShuffledEnumeration(setting_of(SPACE)),
    lambda: RandomDraws(setting_of(SPACE)),
    lambda: ExecutorArgmin(setting_of(SPACE)),
]


def exhaust(search: Search) -> list[Filling]:
    """Return everything a search proposes, in order."""
    history: dict[Filling, float] = {}
    while batch := search.propose(history):
        assert not set(batch) & set(history)
        history.update((filling, 1.0) for filling in batch)
    return list(history)


@pytest.mark.parametrize("make", MAKERS)
def test_each_search_tries_every_filling_once_and_stops(make: Callable[[], Search]) -> None:
    proposed = exhaust(make())
    assert len(proposed) == SPACE.size
    assert set(proposed) == set(SPACE)


def test_ordered_enumeration_keeps_the_order_of_the_space() -> None:
    assert exhaust(OrderedEnumeration(setting_of(SPACE))) == list(SPACE)


def test_shuffles_differ_by_seed_and_repeat_with_it() -> None:
    orders = [exhaust(ShuffledEnumeration(setting_of(SPACE, seed=seed))) for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]


def test_argmin_proposes_the_whole_pool_in_one_round() -> None:
    assert len(ExecutorArgmin(setting_of(SPACE)).propose({})) == SPACE.size


def test_a_space_too_large_to_list_is_searched_all_the_same() -> None:
    huge = Space((Values((), LITERALS),) * 20, SPACE.templates)
    for make in (OrderedEnumeration, ShuffledEnumeration, RandomDraws):
        search = make(setting_of(huge))
        assert len(set(search.propose({}))) == len(search.propose({})) > 0


def test_drawing_ends_where_the_space_does() -> None:
    seen = set(list(SPACE)[2:])
    assert set(draw_likely(SPACE, 8, random.Random(0), seen=seen)) == set(SPACE) - seen
