"""Lines with words of all kinds are core lines."""

from __future__ import annotations

import numpy as np
import torch

from latent_repl.language.operators import TABLE
from latent_repl.language.vocabulary import Vocabulary
from training.losses import LEAD
from training.rows.lines import KEPT, HardLines, Lines

VOCABULARY = Vocabulary.fresh(slots=3, limit=130, rows=4)


def test_every_line_is_one_that_can_be_said() -> None:
    operators, lines = Lines(VOCABULARY).draw(np.random.default_rng(0), 400)
    for operator, ids in zip(operators.tolist(), lines.tolist(), strict=True):
        line = VOCABULARY.core_line(ids)
        assert line is not None and line.operator == VOCABULARY.operators[operator]
        operands = [part for part in (line.left, line.right) if part is not None]
        assert len(operands) == TABLE[str(line.operator)].arity
    assert {*operators.tolist()} == {*range(len(VOCABULARY.operators))}


def test_lines_are_drawn_again_until_they_are_read_clearly() -> None:
    hard, generator = HardLines(0.5), np.random.default_rng(0)
    lines = torch.arange(32).reshape(8, 4)
    assert torch.equal(hard.among(lines, generator), lines)
    hard.note(lines, torch.tensor([LEAD + 1, 0.0, LEAD, -3.0, LEAD - 1, 20.0, 20.0, 20.0]))
    assert hard.lines[:, 0].tolist() == [4, 12, 16]
    others = lines + 100
    drawn = hard.among(others, generator)
    assert torch.equal(drawn[:5], others[:5]) and sorted(drawn[5:, 0].tolist()) == [4, 12, 16]
    assert not len(hard.lines)
    hard.note(drawn, torch.where(drawn[:, 0] == 12, 0.0, 20.0))
    assert hard.lines[:, 0].tolist() == [12]


def test_of_many_hard_lines_a_share_of_the_batch_is_drawn_and_the_last_ones_wait() -> None:
    hard, many = HardLines(0.25), torch.arange(4 * (KEPT + 6)).reshape(-1, 4)
    hard.note(many, torch.zeros(len(many)))
    assert torch.equal(hard.lines, many[-KEPT:])
    lines = -torch.ones((8, 4), dtype=torch.long)
    assert int((hard.among(lines, np.random.default_rng(0)) >= 0).all(1).sum()) == 2
    assert len(hard.lines) == KEPT - 2
