"""The mean of checkpoints is the mean of their weights, and of checkpoints of other sizes there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from latent_repl.errors import UsageError
from latent_repl.model.load import load_reference
from latent_repl.model.network.backend import save
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from training.mean import main

SIZES: dict[str, Any] = {
    **{"slots": 3, "limit": 3, "maximum": 3, "state_latent": 8, "code_latent": 16, "width": 32, "heads": 2},
    **{"feed_forward": 32, "trunk_width": 32, "trunk_layers": 1},
}


def made(folder: Path, seed: int, **sizes: int) -> LatentInterpreter:
    torch.manual_seed(seed)
    model = LatentInterpreter(LatentConfig(**(SIZES | sizes)))
    save(model, folder)
    return model


def test_each_weight_is_the_mean_of_its_likes(tmp_path: Path) -> None:
    models = [made(tmp_path / str(seed), seed) for seed in range(3)]
    main(tmp_path / "mean", [str(tmp_path / str(seed)) for seed in range(3)])
    mean = load_reference(tmp_path / "mean").state_dict()
    for name, weight in mean.items():
        torch.testing.assert_close(weight, sum(model.state_dict()[name] for model in models) / 3, atol=1e-3, rtol=1e-2)


def test_other_sizes_are_refused(tmp_path: Path) -> None:
    made(tmp_path / "one", 0)
    made(tmp_path / "other", 0, trunk_layers=2)
    with pytest.raises(UsageError, match="not of the same sizes"):
        main(tmp_path / "mean", [str(tmp_path / "one"), str(tmp_path / "other")])
