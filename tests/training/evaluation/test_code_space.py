"""The code space is measured in shares and correlations, on a network of which the answer is known."""

from __future__ import annotations

import pytest

from latent_repl.model.load import load
from training.evaluation.code_space import space_figures


@pytest.mark.slow
def test_the_code_space_is_measured_in_shares() -> None:
    figures = space_figures(load("base"), lines=30, states=10, points=50)
    assert set(figures) == {"rank_correlation", "literal_rank_correlation", "between", "valid", "box"}
    assert figures["literal_rank_correlation"] > 0.15  # lines that add near numbers lie near
    assert 0 <= figures["between"] <= 1 and 0 <= figures["valid"] <= 1
