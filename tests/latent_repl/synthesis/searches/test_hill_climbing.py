"""Hill climbing: small steps from the best filling, a new start where none is better, and no filling twice."""

from __future__ import annotations

import pytest

from latent_repl.language.program import Blank, Hole, Slot
from latent_repl.synthesis.problem.domains import Assignment, Assignments, Atoms, Filling
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.template import Template
from latent_repl.synthesis.searches.base import BATCH
from latent_repl.synthesis.searches.hill_climbing import PATIENCE, STRIDES, HillClimbing
from tests.latent_repl.synthesis.conftest import setting_of
from tests.latent_repl.synthesis.searches.conftest import SPACE, exhaust

WIDE = Space((Atoms((), tuple(range(-500, 501))),), SPACE.templates)
LINE = Blank(Hole(0))
NAMES = (("a", Slot(0)), ("b", Slot(1)))
LINES = Space((Assignments(("b",), ("a",), tuple(range(-50, 51))),), (Template(None, LINE.holes, NAMES),))


def value(filling: Filling) -> int:
    assert isinstance(filling[0], int)
    return filling[0]


def test_every_filling_is_tried_once() -> None:
    proposed = exhaust(HillClimbing(setting_of(SPACE)))
    assert sorted(map(str, proposed)) == sorted(map(str, SPACE))


@pytest.mark.parametrize("seed", range(3))
def test_the_climb_comes_to_the_top_long_before_everything_is_tried(seed: int) -> None:
    search, history = HillClimbing(setting_of(WIDE, seed=seed)), dict[Filling, float]()
    while (347,) not in history:
        history.update((filling, float(abs(value(filling) - 347))) for filling in search.propose(history))
    assert len(history) < WIDE.size / 2


def test_most_neighbours_are_a_stride_from_the_best() -> None:
    history: dict[Filling, float] = {(100,): 1.0, (-300,): 2.0, (0,): 3.0}
    batch = HillClimbing(setting_of(WIDE)).propose(history)
    near = [filling for filling in batch if abs(value(filling) - 100) in STRIDES]
    assert len(batch) == BATCH and len(near) >= BATCH / 2


def test_a_climb_without_a_gain_begins_anew_elsewhere() -> None:
    search, history = HillClimbing(setting_of(WIDE)), dict[Filling, float]()
    for _ in range(PATIENCE + 2):
        history.update((filling, 1.0) for filling in search.propose(history))
    assert search.start > 0


def test_a_line_changes_in_one_part_and_stays_a_line_of_the_space() -> None:
    best = Assignment("b", "+", "a", 3)
    batch = HillClimbing(setting_of(LINES)).propose({(best,): 1.0})
    assert all(line in LINES.domains[0] for (line,) in batch)
    changed = [line for (line,) in batch if isinstance(line, Assignment) and line.left == "a"]
    assert any(line.operator == "+" or line.right == 3 for line in changed)
