"""What is counted wrong is what the mover, or the reading of a line, gets wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from grammar.core_lines.movement import every_case
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.load import load
from latent_repl.model.network.backend import freeze, save
from training.config import RowsRun
from training.evaluation.misread import literal_lines, misdecoded_tokens, misread_lines
from training.rows.exhaustive import main, wrong_cases, wrong_references
from training.rows.lines import Lines
from training.rows.objective import RowsObjective
from training.rows.scan import CaseScanner


def test_untrained_networks_are_wrong_and_what_they_choose_is_right(tiny_rows: Callable[..., RowsRun]) -> None:
    torch.manual_seed(0)
    model = freeze(RowsObjective(tiny_rows(), torch.device("cpu")).model.eval())
    assert model.rows is not None
    cases = every_case("take", model.vocabulary, 3, np.random.default_rng(0), numbers=range(-3, 4))
    assert wrong_cases(model, cases).mean() > 0.5
    chosen = model.rows.mover.choose(cases.operators, model.state_vae.latent_table[cases.seen.astype(np.int64)])
    right = type(cases)(cases.operators, cases.seen, np.where(cases.asked >= 0, chosen, -1).astype(np.int16))
    assert not wrong_cases(model, right).any()
    _, lines = Lines(model.vocabulary).draw(np.random.default_rng(0), 20)
    assert misread_lines(model, lines) > 0
    assert 0 <= wrong_references(model) <= 3
    assert "ok" in misdecoded_tokens(model)


def test_every_token_of_the_shipped_checkpoint_decodes_to_itself() -> None:
    model = load("base")
    assert isinstance(model, NumpyInterpreter)
    assert misdecoded_tokens(model) == {}


@pytest.mark.slow
def test_the_shipped_checkpoint_reads_every_literal_in_every_slot() -> None:
    model = load("base")
    assert isinstance(model, NumpyInterpreter)
    lines = literal_lines(model.vocabulary, model.config.maximum)
    told = {str(model.vocabulary.core_line(line)) for line in lines.tolist()}
    assert {"s0 = -999", "s9 = 770", "s15 = True", "s3 = 'B'"} <= told
    assert len(told) == len(lines) > 16 * 1999
    assert misread_lines(model, lines) == 0


@pytest.mark.slow
def test_the_command_counts_what_is_wrong(
    tiny_rows: Callable[..., RowsRun], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("training.rows.exhaustive.CaseScanner", partial(CaseScanner, compiled=False))
    network = RowsObjective(tiny_rows(), torch.device("cpu")).model.eval()
    save(network, Path("untrained"))
    main("untrained", ["len", "kind"], lines=1000)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith('{"operator"')]
    assert [row["operator"] for row in told] == ["len", "kind"]
    model, generator = freeze(network), np.random.default_rng(0)
    Lines(model.vocabulary).draw(generator, 1000)
    for row in told:
        cases = every_case(row["operator"], model.vocabulary, 3, generator)
        assert row["cases"] == len(cases) >= row["wrong"] > 0
        assert row["wrong"] == int(wrong_cases(model, cases).sum()) <= row["unsure"]
        assert row["least"] < 0
