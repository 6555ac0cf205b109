"""Numbers are drawn small as often as large, and pairs where programs live."""

from __future__ import annotations

import numpy as np

from grammar.core_lines.numbers import log_uniform, near_pairs


def test_log_uniform_numbers_are_in_range_of_both_signs_and_mostly_small() -> None:
    numbers = log_uniform(np.random.default_rng(0), 8000, 999)
    assert (np.abs(numbers) <= 999).all()
    assert 0.4 < (numbers > 0).mean() < 0.5 > (numbers < 0).mean() > 0.4
    assert 0.4 < (np.abs(numbers) <= 31).mean() < 0.6


def test_near_pairs_stand_where_programs_live() -> None:
    x, y = near_pairs(np.random.default_rng(0), 8000, 999)
    assert (np.abs([x, y]) <= 999).all()
    for share, least in (
        (np.abs(x - y) <= 3, 0.35),
        ((np.abs(y) <= 3) | (np.abs(x) <= 3), 0.12),
        ((x >= 0) & (x <= 402) & (np.abs(x - y) <= 2), 0.15),
        (np.abs(np.abs(x + y) - 999) <= 3, 0.07),
        (np.abs(x) >= 980, 0.06),
    ):
        assert share.mean() > least
