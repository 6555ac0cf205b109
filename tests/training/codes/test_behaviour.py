"""Lines that differ in one number, and how differently they behave by exact execution."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_repl.language.vocabulary import Vocabulary
from training.codes.behaviour import GROUPS, NUMBERS, Behaviour, disorder, draw_behaviour


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.fresh(4, 20)


@pytest.fixture(scope="module")
def behaviour(vocabulary: Vocabulary) -> Behaviour:
    return draw_behaviour(np.random.default_rng(0), vocabulary, 20)


def test_all_lines_can_be_said_and_write_the_same_slot(vocabulary: Vocabulary, behaviour: Behaviour) -> None:
    lines = [vocabulary.core_line(row) for row in behaviour.lines.tolist()]
    assert len(lines) == GROUPS * NUMBERS and None not in lines
    assert len({line.target for line in lines if line}) == 1
    for group in range(GROUPS):
        some = lines[group * NUMBERS : (group + 1) * NUMBERS]
        assert len({line.operator for line in some if line}) == 1
        sides = [{getattr(line, side) for line in some} for side in ("left", "right")]
        assert min(map(len, sides)) == 1 < max(map(len, sides))


def test_lines_that_are_the_same_behave_alike_and_sums_as_their_numbers_differ(
    vocabulary: Vocabulary, behaviour: Behaviour
) -> None:
    same = (behaviour.lines[:, None] == behaviour.lines[None]).all(-1)
    assert (behaviour.distances[same] == 0).all() and torch.equal(behaviour.distances, behaviour.distances.T)
    generator, compared = np.random.default_rng(1), 0
    while compared < 100:
        lines, distances = draw_behaviour(generator, vocabulary, 20)
        rows = [vocabulary.core_line(row) for row in lines.tolist()]
        numbers = torch.tensor([line.right if line and isinstance(line.right, int) else 99 for line in rows])
        sums = [place for place, line in enumerate(rows) if line and line.operator == "+" and numbers[place] != 99]
        alike = [place for place in sums if rows[place].left == rows[sums[0]].left]  # type: ignore[union-attr]
        wanted = torch.log1p((numbers[alike][:, None] - numbers[alike][None]).abs().float())
        assert torch.allclose(distances[alike][:, alike], wanted)
        compared += len(alike)


def test_latents_that_lie_as_they_behave_have_no_disorder(behaviour: Behaviour) -> None:
    torch.manual_seed(0)
    latents = torch.randn(GROUPS * NUMBERS, 5)
    distances = torch.cdist(latents, latents)
    assert float(disorder(latents, 3 * distances)) == pytest.approx(0, abs=1e-4)
    assert float(disorder(latents, behaviour.distances)) > 0.8


def test_disorder_falls_where_its_gradient_leads(behaviour: Behaviour) -> None:
    torch.manual_seed(0)
    latents = torch.randn(GROUPS * NUMBERS, 5, requires_grad=True)
    before = disorder(latents, behaviour.distances)
    (gradient,) = torch.autograd.grad(before, [latents])
    after = disorder(latents - 5 * gradient, behaviour.distances)
    assert gradient.isfinite().all() and after < before
