"""Margins tell by how much the right classes lead, whatever stands in fields that have no say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from grammar.core_lines.movement import Cases, every_case
from latent_repl.model.network.backend import freeze
from training.config import RowsRun
from training.rows.exhaustive import wrong_cases
from training.rows.objective import RowsObjective
from training.rows.scan import NO_SAY, ROWS, CaseScanner


def test_a_case_whose_margin_is_below_0_is_wrong(tiny_rows: Callable[..., RowsRun]) -> None:
    torch.manual_seed(0)
    network = RowsObjective(tiny_rows(), torch.device("cpu")).model.eval()
    model, scanner = freeze(network), CaseScanner(network, compiled=False)
    cases = every_case("take", model.vocabulary, 3, np.random.default_rng(0), numbers=range(-30, 31))
    assert len(cases) > ROWS
    margins = scanner.margins(cases)
    # bf16 hides less than a tenth of a nat of what an untrained network tells.
    assert wrong_cases(model, cases)[margins < -0.1].all()
    chosen = model.rows.mover.choose(cases.operators, model.state_vae.latent_table[cases.seen.astype(np.int64)])  # type: ignore[union-attr]
    right = Cases(cases.operators, cases.seen, np.where(cases.asked >= 0, chosen, -1).astype(np.int16))
    assert (scanner.margins(right) > -0.1).all()
    assert (scanner.margins(Cases(cases.operators, cases.seen, np.full_like(cases.asked, -1))) == NO_SAY).all()
