"""A tiny run of the base model, in a folder of its own, and a device that is no processor."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from training.config import LinesRun

TINY: dict[str, Any] = {
    "name": "tiny",
    "lines": 128 * 8,
    "warm_up": 20,
    "rate": 3e-3,
    "maximum": 3,
    "model": {
        "slots": 3,
        "limit": 3,
        "state_latent": 8,
        "code_latent": 16,
        "width": 32,
        "heads": 2,
        "feed_forward": 64,
        "executor_layers": 2,
        "trunk_width": 64,
        "trunk_layers": 1,
    },
    "stages": [{"until": 1.0, "steps": 1, "batch": 128, "live": [1, 2]}],
}


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., LinesRun]:
    """Return a maker of tiny runs: keywords change the run, those of `stage` its stage, those of `model` its sizes."""
    monkeypatch.chdir(tmp_path)

    def make(*, stage: dict[str, Any] | None = None, model: dict[str, Any] | None = None, **keys: Any) -> LinesRun:
        raw = TINY | keys | {"stages": [TINY["stages"][0] | (stage or {})], "model": TINY["model"] | (model or {})}
        return msgspec.convert(raw, LinesRun)

    return make


@pytest.fixture(autouse=True)
def small_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a sample of the mixture be one of some thousand pairs."""
    monkeypatch.setattr("training.pairs.POOL", 5000)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> torch.device:
    """A device on which shapes alone are computed, and which refuses tensors of the processor."""
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: nullcontext())
    return torch.device("meta")
