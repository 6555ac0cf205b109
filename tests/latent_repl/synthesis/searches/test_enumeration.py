"""Searches that go through the fillings, in one order or another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.synthesis.problem.domains import Atoms, Filling
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.searches.base import Search
from latent_repl.synthesis.searches.enumeration import (
    ExecutorArgmin,
    OrderedEnumeration,
    RandomDraws,
    ShuffledEnumeration,
)
from tests.latent_repl.synthesis.conftest import setting_of
from tests.latent_repl.synthesis.searches.conftest import LITERALS, SPACE, exhaust

MAKERS: list[Callable[[], Search[Filling]]] = [
    lambda: OrderedEnumeration(setting_of(SPACE)),
    lambda: ShuffledEnumeration(setting_of(SPACE)),
    lambda: RandomDraws(setting_of(SPACE)),
    lambda: ExecutorArgmin(setting_of(SPACE)),
]


@pytest.mark.parametrize("make", MAKERS)
def test_each_search_tries_every_filling_once_and_stops(make: Callable[[], Search[Filling]]) -> None:
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
    huge = Space((Atoms((), LITERALS),) * 20, SPACE.templates)
    for make in (OrderedEnumeration, ShuffledEnumeration, RandomDraws):
        search = make(setting_of(huge))
        assert len(set(search.propose({}))) == len(search.propose({})) > 0
