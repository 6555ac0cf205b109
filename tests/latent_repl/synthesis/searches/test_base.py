"""What all searches have in common: they are made by name, of a setting, and propose fillings."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from latent_repl.synthesis.options import SEARCHES
from latent_repl.synthesis.searches.base import Search, draw_likely, load_search
from tests.latent_repl.synthesis.conftest import PerfectInterpreter, setting_of
from tests.latent_repl.synthesis.searches.conftest import SPACE


@pytest.mark.parametrize("name", ["ordered", "shuffled", "random", "argmin", "hill", "cem", "cma", "latents"])
def test_a_search_made_by_name_proposes_distinct_fillings_of_its_space(perfect: PerfectInterpreter, name: str) -> None:
    setting = setting_of(SPACE, perfect)
    assert (setting.space, setting.model) == (SPACE, perfect)
    search = load_search(name)(setting)
    assert isinstance(search, Search)
    proposed = list(search.propose({}))
    assert 0 < len(proposed) == len({*proposed}) and {*proposed} <= {*SPACE}


def test_a_name_that_no_search_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        load_search("grid")


def test_a_search_of_ones_own_is_a_line_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SEARCHES, "own", f"{__name__}:Own")
    assert load_search("own").__name__ == "Own"


class Own:
    """Stands for a search outside the package."""


def test_drawing_ends_where_the_space_does() -> None:
    seen = set(list(SPACE)[2:])
    assert set(draw_likely(SPACE, 8, random.Random(0), seen=seen)) == set(SPACE) - seen


def test_draws_are_distinct_new_and_the_generators_alone() -> None:
    seen = {*list(SPACE)[:10]}
    drawn = [draw_likely(SPACE, 20, random.Random(seed), seen=seen) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len({*drawn[0]} - seen) == len(drawn[0]) == 20


def test_sound_fillings_are_drawn_where_there_are_some() -> None:
    space = replace(SPACE, sound=lambda filling: filling[0] in (3, 4, 5))
    assert {*draw_likely(space, 3, random.Random(0), seen=())} <= {(3,), (4,), (5,)}
