"""The command adds what it finds to what lies there."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from latent_repl.language.operators import OPERATORS
from training.mine import main
from training.scan import Scanner


def test_hard_pairs_are_added_to_those_that_lie_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.mine.Scanner", partial(Scanner, compiled=False))
    monkeypatch.setattr("training.mine.LEAD", 1e9)  # every pair is hard
    out = tmp_path / "run" / "hard.npy"
    main("base", out, ["+"], near=0)
    first = np.load(out)
    main("base", out, ["-"], near=0)
    rows = np.load(out)
    assert set(first.tolist()) < set(rows.tolist())
    assert {OPERATORS[row["operator"]] for row in rows} == {"+", "-"}
