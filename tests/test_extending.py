"""The page on extending: rows added to the tables do what it says, and its checkpoint trains, shortened, and runs.

What its files print is tested with the commands of all pages.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import documents
from tests.latent_repl.language.conftest import with_rows  # noqa: F401

PAGE = Path("docs/extending.md")
FILES = {block.title: block.body for block in documents.blocks(PAGE) if block.title}


def test_the_row_of_an_operator_does_what_the_page_says(with_rows: Callable[..., None]) -> None:  # noqa: F811
    with_rows(FILES["try_gcd.py"], operator=FILES["a row of operators.py"].strip() + ",")


def test_the_row_of_a_kind_does_what_the_page_says(with_rows: Callable[..., None]) -> None:  # noqa: F811
    with_rows(FILES["try_dots.py"], kind=FILES["a row of values.py"].strip())


@pytest.mark.slow
def test_a_checkpoint_of_ones_own_is_trained_and_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(documents.ROOT), os.environ.get("PYTHONPATH", "")]))
    [block] = documents.blocks(PAGE, "sh")
    activate, train, *rest = block.body.splitlines()
    assert shlex.split(activate) == [".", ".venv/bin/activate"]
    (tmp_path / "mine.toml").write_text(FILES["mine.toml"].replace("steps = 3000", "steps = 2"))
    documents.printed_by(train, tmp_path)
    evaluate, run, synth = rest
    assert '"sums": 29701' in documents.printed_by(evaluate, tmp_path)
    assert documents.printed_by(run, tmp_path).strip().lstrip("-").isdigit()
    assert "--model runs/mine/checkpoint" in synth
