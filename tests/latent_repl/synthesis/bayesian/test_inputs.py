"""Where fillings lie."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from latent_repl.language.program import CoreLine, Hole, Slot
from latent_repl.model.interface import Interpreter
from latent_repl.synthesis.bayesian.inputs import CodeInputs, DecodedInputs, Inputs, PermutedInputs, ValueInputs
from latent_repl.synthesis.problem.domains import Assignments, Atoms
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.template import Template

SUM = CoreLine(Slot(1), "+", Slot(0), Hole(0))
SPACE = Space((Atoms(("a",), tuple(range(-20, 21))),), (Template(SUM, SUM.holes, (("a", Slot(0)),)),))
SLOTS = (("a", Slot(0)), ("b", Slot(1)))
LINES = Space((Assignments(("b",), ("a",), (0, 1, -1)),), (Template(None, (Hole(0),), SLOTS),))


@pytest.mark.parametrize("space", [SPACE, LINES])
def test_code_latents_lie_in_the_unit_cube_and_keep_the_ratios_of_distances(perfect: Interpreter, space: Space) -> None:
    geometry, fillings = CodeInputs(space, perfect), list(space)
    points, latents = geometry(fillings), space.latents(fillings, perfect)
    assert points.min() >= 0 and points.max() == pytest.approx(1)
    assert geometry.group_sizes == (64,)
    assert np.allclose((points - points[0]) * geometry.extent, latents - latents[0])
    assert np.allclose(geometry.latents(points), latents)


def test_what_the_decoder_reads_lies_in_groups_of_words_digits_and_sizes(perfect: Interpreter) -> None:
    geometry = DecodedInputs(SPACE, perfect)
    points = geometry(list(SPACE))
    words, digits, sizes = np.split(points, np.cumsum(geometry.group_sizes)[:-1], axis=1)
    assert points.min() >= 0 and points.max() == pytest.approx(1)
    assert SPACE.domains[0][0] == "a"
    assert (words[1:] == words[1]).all() and (words[0] != words[1]).any()
    order = np.argsort(np.array([SPACE.domains[0][place] for place in range(1, len(points))], dtype=int))
    sizes, digits = sizes[1:][order], digits[1:][order]
    near, far = np.linalg.norm(sizes[1:] - sizes[:-1], axis=1), np.linalg.norm(sizes[20:] - sizes[:-20], axis=1)
    assert near.max() < far.min()
    assert np.linalg.norm(digits[10] - digits[20]) < np.linalg.norm(digits[10] - digits[13])


@pytest.mark.parametrize("inputs_of", [CodeInputs, DecodedInputs, lambda space, model: ValueInputs(space)])
def test_every_dimension_tells_of_its_own_line_alone(
    perfect: Interpreter, inputs_of: Callable[[Space, Interpreter], Inputs]
) -> None:
    numbers = Atoms((), tuple(range(-20, 21)))
    product = CoreLine(Slot(2), "*", Slot(0), Hole(1))
    geometry = inputs_of(Space((numbers, numbers), (*SPACE.templates, Template(product, product.holes, ()))), perfect)
    first, second, third = geometry([(3, 4), (-17, 4), (3, 15)])
    assert set(geometry.line_groups) == {0, 1} and len(geometry.line_groups) == len(first)
    assert set(geometry.line_groups[first != second]) == {0}
    assert set(geometry.line_groups[first != third]) == {1}


def test_permuted_points_are_the_same_points_dealt_out_otherwise(perfect: Interpreter) -> None:
    fillings = list(SPACE)
    points = DecodedInputs(SPACE, perfect)(fillings)
    dealt = [PermutedInputs(SPACE, perfect, seed)(fillings) for seed in (0, 0, 1)]
    assert np.array_equal(dealt[0], dealt[1]) and not np.array_equal(dealt[0], dealt[2])
    assert not np.array_equal(dealt[0], points)
    assert np.array_equal(np.sort(dealt[0][:, 0]), np.sort(points[:, 0]))


def test_bare_values_lie_in_their_order() -> None:
    points = ValueInputs(SPACE)([(-20,), (0,), (20,), ("a",)])
    assert points[:3, 0].tolist() == [0, 0.5, 1]
    assert points[3, 0] == 1  # a variable lies beside the values: its own is not known
    assert ValueInputs(LINES)(list(LINES)).shape == (len(LINES.domains[0]), 4)
