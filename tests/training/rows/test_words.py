"""Words and lines find their places: what is minimised says how far they are from them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from grammar.core_lines.movement import every_case
from training.config import RowsRun
from training.rows.objective import RowsObjective, missed
from training.rows.scan import margins_of
from training.rows.words import token_groups, word_losses
from training.schedule import Schedule


def test_what_is_held_is_words_and_numbers_and_nothing_else(tiny_rows: Callable[..., RowsRun]) -> None:
    vocabulary = RowsObjective(tiny_rows(), torch.device("cpu")).model.vocabulary
    words, numbers = token_groups(vocabulary)
    assert {vocabulary.tokens[each] for each in words} >= {"none", "ok", "True", "r0", "IndexError"}
    assert {vocabulary.value(each) for each in numbers.tolist()} == {*range(-130, 131)}
    assert not {"s0", "+"} & {vocabulary.tokens[each] for each in words}


def test_tokens_at_their_anchors_have_nothing_to_move(tiny_rows: Callable[..., RowsRun]) -> None:
    rows = RowsObjective(tiny_rows(), torch.device("cpu"))
    model, lines = rows.model, torch.from_numpy(rows.lines.draw(np.random.default_rng(0), 64)[1])
    tokens, table = token_groups(model.vocabulary), model.state_vae.latent_table().detach()
    _, near = word_losses(model, lines, tokens, table, 0.0, 0.02)
    _, far = word_losses(model, lines, tokens, -table, 0.0, 0.02)
    assert float(near["placed"]) == 0 < float(far["placed"])
    assert float(near["misread"]) > 0.5


def test_losses_are_taken_where_the_model_is(tiny_rows: Callable[..., RowsRun], elsewhere: torch.device) -> None:
    rows = RowsObjective(tiny_rows(), elsewhere)
    rows.begin(rows.run.stages[0])
    (batch,) = rows.draw(np.random.default_rng(0), 16, Schedule(rows.run))
    assert rows.loss(batch)[0].device == elsewhere
    cases = every_case("len", rows.model.vocabulary, 3, np.random.default_rng(0))
    operators, asked = (torch.from_numpy(each).to(elsewhere, torch.long) for each in (cases.operators, cases.asked))
    seen = torch.rand(*cases.seen.shape, 48, device=elsewhere)
    for told in (*missed(rows.mover, operators, seen, asked), margins_of(rows.mover, operators, seen, asked)):
        assert told.device == elsewhere
