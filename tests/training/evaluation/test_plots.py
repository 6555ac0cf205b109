"""The figures show what the metrics hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot

from training.evaluation.plots import chain_figure, drift_figure

METRICS: dict[str, Any] = {
    "chain": {"latent": {"1": 1.0, "8": 0.9}, "snap": {"1": 1.0, "8": 0.95}},
    "drift": {
        name: {"1": {"exact": 1.0, "distance": 0.0}, "10": {"exact": 0.8, "distance": 0.5}}
        for name in ("untouched", "rewritten")
    },
}


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def test_each_mode_is_a_line_over_the_chains_lengths() -> None:
    (axes,) = chain_figure(METRICS).axes
    drawn = {
        str(line.get_label()): (np.asarray(line.get_xdata()).tolist(), np.asarray(line.get_ydata()).tolist())
        for line in axes.get_lines()
    }
    assert drawn == {"latent": ([1, 8], [1.0, 0.9]), "snap": ([1, 8], [1.0, 0.95])}


def test_drift_is_drawn_as_what_still_decodes_and_how_far_it_moved() -> None:
    exact, distance = drift_figure(METRICS).axes
    assert [np.asarray(line.get_ydata()).tolist() for line in exact.get_lines()] == [[1.0, 0.8]] * 2
    assert [np.asarray(line.get_ydata()).tolist() for line in distance.get_lines()] == [[0.0, 0.5]] * 2
