"""Intervals of shares."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from tests.benchmarks.intervals import share_with_interval


@pytest.mark.parametrize("count", [0, 3, 10, 20])
def test_one_seed_a_problem_gives_wilsons_interval(count: int) -> None:
    share, low, high = share_with_interval([[place < count] for place in range(20)])
    wilson = binomtest(count, 20).proportion_ci(method="wilson")
    assert share == count / 20
    assert (low, high) == pytest.approx((wilson.low, wilson.high))


def test_all_of_twenty_is_not_certain() -> None:
    share, low, high = share_with_interval([[True] * 5] * 20)
    assert share == high == 1
    assert low == pytest.approx(0.839, abs=1e-3)


def test_seeds_count_as_far_as_they_differ() -> None:
    alike = share_with_interval([[True] * 5] * 10 + [[False] * 5] * 10)
    apart = share_with_interval([[True, False]] * 20)
    some = share_with_interval([[True] * 3 + [False] * 2] * 10 + [[True] * 2 + [False] * 3] * 10)
    width = [high - low for _, low, high in (alike, some, apart)]
    assert [share for share, _, _ in (alike, some, apart)] == pytest.approx([0.5] * 3)
    assert width[0] == pytest.approx(np.diff(binomtest(10, 20).proportion_ci(method="wilson"))[0])
    assert width[0] > width[1]
