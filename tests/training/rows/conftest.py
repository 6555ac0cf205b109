"""A tiny run on rows, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from training.config import RowsRun

TINY: dict[str, Any] = {
    "name": "tiny-rows",
    "kind": "rows",
    "lines": 64 * 8,
    "maximum": 130,
    "warm_up": 2,
    "bfloat16": False,
    "model": {
        **{"slots": 3, "limit": 130, "state_latent": 48, "code_latent": 16, "width": 32, "heads": 2},
        **{"feed_forward": 32, "executor_layers": 1, "trunk_width": 32, "trunk_layers": 1},
        **{"rows": 3, "cells": 3, "mover_width": 32, "mover_layers": 1},
    },
    "stages": [
        {"until": 0.5, "batch": 64, "moves": False, "frozen": ["executor", "mover"]},
        {"until": 1.0, "batch": 64, "frozen": ["state_vae", "code_vae", "executor"]},
    ],
}


@pytest.fixture
def tiny_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., RowsRun]:
    """Return a maker of tiny runs: keywords change the run."""
    monkeypatch.chdir(tmp_path)
    return lambda **keys: msgspec.convert(TINY | keys, RowsRun)
