"""The box of a problem: which dimensions are free, from where to where, and what a point is called."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from jaxtyping import Float, Int

from latent_repl.errors import SynthesisError
from latent_repl.language.program import Blank, CoreLine, Hole, Slot
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.load import load
from latent_repl.model.network.backend import save
from latent_repl.model.sums.network import SumsConfig, SumsModel
from latent_repl.session import Session
from latent_repl.synthesis.problem.box import Box, Point, filling_of
from latent_repl.synthesis.problem.domains import Assignments, Atoms
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.template import Template

SLOTS = (("a", Slot(0)), ("b", Slot(1)))
LITERALS = tuple(sorted(range(-9, 10), key=abs))
SUM = CoreLine(Slot(1), "+", Slot(0), Hole(0))
ONE_HOLE = Space((Atoms((), LITERALS),), (Template(SUM, SUM.holes, SLOTS),))
WHOLE_LINE = Space((Assignments(("b",), ("a",), LITERALS),), (Template(None, Blank(Hole(0)).holes, SLOTS),))


class Spelt:
    """Four dimensions: target, operator and left as they are, then the right operand and all of them together."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary.fresh(3, 9)

    def encode_code(self, ids: Int[np.ndarray, "B T"]) -> Float[np.ndarray, "B C"]:
        shares = ids / len(self.vocabulary)
        return np.stack([shares[:, 0], shares[:, 3], shares.mean(1), np.ones(len(ids))], 1).astype(np.float32)

    def code_logits(self, latents: Float[np.ndarray, "B C"]) -> Float[np.ndarray, "B T A"]:
        apart = latents[:, 1, None] * len(self.vocabulary) - np.arange(len(self.vocabulary))
        return np.repeat(-np.square(apart)[:, None], 4, axis=1)


def test_what_the_fills_do_not_move_is_fixed_and_what_tells_of_them_alone_has_the_whole_box() -> None:
    box, model = Box(ONE_HOLE, Spelt()), Spelt()
    encoded = ONE_HOLE.latents(list(ONE_HOLE), model)
    assert box.free.tolist() == [False, True, True, False]
    assert (box.low[1], box.high[1]) == (-1, 1)
    assert (box.low[2], box.high[2]) == (encoded[:, 2].min(), encoded[:, 2].max())  # it tells of the target too
    assert box.low[3] == box.high[3] == 1
    assert box.dimensions == 2


def test_coordinates_are_where_points_were_made_at_or_the_nearest_wall() -> None:
    box = Box(ONE_HOLE, Spelt())
    cube = np.array([[0.0, 1.0], [0.25, 0.5]])
    latents = np.stack([point.latents for point in box.points(cube)])
    assert box.coordinates(latents) == pytest.approx(cube)
    latents[:, 1] = -7
    assert box.coordinates(latents)[:, 0].tolist() == [0, 0]


def test_a_crossed_point_is_another_one_in_one_line_alone() -> None:
    second = CoreLine(Slot(1), "*", Slot(1), Hole(1))
    templates = (Template(SUM, SUM.holes, SLOTS), Template(second, second.holes, SLOTS))
    box = Box(Space((Atoms((), LITERALS),) * 2, templates), Spelt())
    point, other = box.points(np.random.default_rng(0).uniform(size=(2, box.dimensions)))
    for line in (0, 1):
        crossed, mine = box.crossed(point, other, line), 1 - line
        assert crossed.filling[line] == other.filling[line] and crossed.filling[mine] == point.filling[mine]
        halves, theirs, own = (np.split(each.latents, 2) for each in (crossed, other, point))
        assert np.array_equal(halves[line], theirs[line]) and np.array_equal(halves[mine], own[mine])
        assert box.points(box.coordinates(crossed.latents[None]))[0].filling == crossed.filling


def test_a_line_of_which_nothing_is_fixed_has_the_whole_box() -> None:
    box = Box(WHOLE_LINE, Spelt())
    assert [*zip(box.low[1:3], box.high[1:3], strict=True)] == [(-1, 1), (-1, 1)]


def test_a_point_is_where_its_coordinates_say_and_named_by_a_fill_of_the_template() -> None:
    box, model = Box(ONE_HOLE, Spelt()), Spelt()
    wanted = model.vocabulary.value_id(7) / len(model.vocabulary)
    [corner, middle] = box.points(np.array([[0.0, 0.0], [(wanted + 1) / 2, 0.5]]))
    np.testing.assert_allclose(corner.latents, box.low)
    assert middle.latents[1] == pytest.approx(wanted)
    assert middle.filling == filling_of(middle) == (7,)
    assert corner.filling[0] in ONE_HOLE.domains[0]
    assert filling_of((3,)) == (3,)


def test_points_are_told_apart_even_where_they_are_called_the_same() -> None:
    one, other = Point((7,), np.zeros(3)), Point((7,), np.zeros(3))
    assert len({one, other}) == 2


def test_marks_of_a_model_of_sums_stay_and_its_whole_lines_are_refused(tmp_path: Path) -> None:
    torch.manual_seed(0)
    save(SumsModel(SumsConfig(limit=9, maximum=9, state_latent=3, code_latent=3)), tmp_path / "checkpoint")
    model = load(tmp_path / "checkpoint")
    box = Box(Space(ONE_HOLE.domains, (Template(SUM, SUM.holes, SLOTS),)), model)
    assert box.dimensions == 3
    assert box.low[box.free].tolist() == [-1] * 3 and box.high[box.free].tolist() == [1] * 3
    with pytest.raises(SynthesisError, match="search box takes no whole lines of this checkpoint"):
        Session(model, check=False).synth("a = 3\n?\na == 5", search="box", budget=4)
