"""What the pages and the model card say of a checkpoint is what its metrics.json holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from latent_repl.model.checkpoint import locate
from training.report import Metrics, figures_table, model_card, percent, suites_table, wrong_pairs_table


@pytest.fixture
def metrics() -> Metrics:
    return json.loads((locate("base") / "metrics.json").read_text(encoding="utf-8"))


def test_the_page_of_results_shows_the_figures_of_the_metrics(metrics: Metrics, repository: Path) -> None:
    assert figures_table(metrics) in (repository / "docs" / "results.md").read_text(encoding="utf-8")


def test_the_model_card_is_that_of_the_metrics(metrics: Metrics) -> None:
    assert (locate("base") / "README.md").read_text(encoding="utf-8") == model_card("base", metrics)


def test_suites_are_counted_each_by_its_own_programs() -> None:
    row = {
        "programs": 400,
        "lines": 161_600,
        "latent": 363,
        "latent_lines": 160_667,
        "snap": 371,
        "snap_lines": 160_903,
    }
    table = suites_table({"suites": {"while-loops": row}}).splitlines()
    assert table[2] == "| while-loops | 363 of 400 | 371 of 400 | 160,667 of 161,600 | 160,903 of 161,600 |"
    assert len({line.count("|") for line in table}) == 1


def test_wrong_pairs_stand_beside_those_that_were_held_out() -> None:
    exhaustive = {
        "operators": {
            "<": {"pairs": 4_004_001, "wrong": 1, "held_out": {"pairs": 7, "wrong": 0}},
            "neg": {"pairs": 2_001, "wrong": 0},
        },
        "confidence": {"wrong": 1, "drawn": 10, "auroc": 0.99, "least_sure": 1.0},
        "reading": {"lines": 123_456, "misread": 2},
        "lines": {
            "//": {"latent": {"wrong": 5, "held_out": 3}, "snap": {"wrong": 4, "held_out": 2}},
            "%": {mode: {"wrong": 0, "held_out": 0} for mode in ("latent", "snap")},
        },
    }
    table = wrong_pairs_table({"exhaustive": exhaustive})
    assert "| `<` | 1 of 4,004,001 | 0 of 7 |" in table
    assert "| `neg` | 0 of 2,001 | - |" in table
    assert "123,456 lines" in table
    assert "these are wrong: 5 and 4 of `//` (3 and 2 held out)." in table
    assert "the wrong one has less confidence in 99.00 % of cases" in table
    table = wrong_pairs_table({"exhaustive": exhaustive | {"lines": {}}})
    assert "in `latent` and in `snap` mode, none of them is wrong." in table
    assert wrong_pairs_table({}) == ""


def test_a_share_is_printed_in_percent() -> None:
    assert percent(0.98765) == "98.77 %"
    assert percent(0.999965) == "99.9965 %"
    assert percent(1.0) == "100.00 %"
