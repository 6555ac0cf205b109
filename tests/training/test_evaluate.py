"""A suite's figures count its programs: so many of one that is drawn, all of one that is exhaustive."""

from __future__ import annotations

import pytest

from grammar.suites import loops
from latent_repl.model.load import load
from training import evaluate


def test_suites_are_measured_in_both_modes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "SUITES", ("swaps-8", "neighbours"))
    monkeypatch.setattr(evaluate, "ROW_SUITES", ())
    monkeypatch.setattr(loops, "LAST_BOUND", 10)
    figures = evaluate.suite_figures(load("base"), count=3)
    swaps, neighbours = figures["swaps-8"], figures["neighbours"]
    assert (swaps["programs"], swaps["lines"]) == (3, 3 * 14)
    assert (neighbours["programs"], neighbours["lines"]) == (10, 10 * 19)
    assert all(row[mode] == row["programs"] for row in figures.values() for mode in ("latent", "snap"))
    assert all(row[f"{mode}_lines"] == row["lines"] for row in figures.values() for mode in ("latent", "snap"))
