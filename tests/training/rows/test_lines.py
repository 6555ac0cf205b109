"""Lines with words of all kinds are core lines."""

from __future__ import annotations

import numpy as np

from latent_repl.language.operators import TABLE
from latent_repl.language.vocabulary import Vocabulary
from training.rows.lines import Lines

VOCABULARY = Vocabulary.fresh(slots=3, limit=130, rows=4)


def test_every_line_is_one_that_can_be_said() -> None:
    operators, lines = Lines(VOCABULARY).draw(np.random.default_rng(0), 400)
    for operator, ids in zip(operators.tolist(), lines.tolist(), strict=True):
        line = VOCABULARY.core_line(ids)
        assert line is not None and line.operator == VOCABULARY.operators[operator]
        operands = [part for part in (line.left, line.right) if part is not None]
        assert len(operands) == TABLE[str(line.operator)].arity
    assert {*operators.tolist()} == {*range(len(VOCABULARY.operators))}
