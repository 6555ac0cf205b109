"""Rows on top of newer weights: the trunk is the newer one's, what rows have added stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from latent_repl.errors import UsageError
from latent_repl.model.load import load_reference
from latent_repl.model.network.backend import save
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from training.config import RowsRun
from training.rows.graft import main
from training.rows.growth import grow
from training.rows.objective import RowsObjective


def without_rows(folder: Path, run: RowsRun) -> LatentInterpreter:
    sizes = {name: size for name, size in run.model.items() if name not in ("rows", "cells")}
    model = LatentInterpreter(LatentConfig(maximum=run.maximum, **sizes)).eval()  # type: ignore[arg-type]
    save(model, folder)
    return model


def test_the_trunk_is_the_newer_ones_and_the_rest_stays(tiny_rows: Callable[..., RowsRun], tmp_path: Path) -> None:
    run = tiny_rows()
    older = without_rows(tmp_path / "older", run)
    grown = RowsObjective(run, torch.device("cpu")).model.eval()
    grow(grown, str(tmp_path / "older"))
    save(grown, tmp_path / "grown")
    with torch.no_grad():
        older.executor.proposal.weight.add_(1)
    save(older, tmp_path / "newer")
    main(str(tmp_path / "grown"), str(tmp_path / "newer"), tmp_path / "both")
    both, newer, before = (load_reference(tmp_path / name) for name in ("both", "newer", "grown"))
    assert torch.equal(both.executor.proposal.weight, newer.executor.proposal.weight)
    assert all(torch.equal(weight, before.mover.state_dict()[name]) for name, weight in both.mover.state_dict().items())
    assert torch.equal(both.state_vae.latent_table(), before.state_vae.latent_table())
    with torch.no_grad():
        older.state_vae.to_latent.bias.add_(1)
    save(older, tmp_path / "other")
    with pytest.raises(UsageError, match="train the rows on top of it"):
        main(str(tmp_path / "grown"), str(tmp_path / "other"), tmp_path / "both")
