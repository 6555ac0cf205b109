"""transformers' AutoConfig and AutoModel load what this package trains."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import AutoConfig, AutoModel

from latent_repl.model.auto import register
from latent_repl.model.checkpoint import SHIPPED
from latent_repl.model.load import load_reference
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.sums.network import SumsModel
from tests.latent_repl.hub_cache import keep


def test_both_kinds_of_model_are_known_once_they_are_registered(tmp_path: Path) -> None:
    register()
    register()
    assert isinstance(AutoConfig.from_pretrained(SHIPPED / "base"), LatentConfig)
    keep(tmp_path, "some/model")
    model = AutoModel.from_pretrained("some/model", cache_dir=tmp_path, local_files_only=True)
    assert isinstance(model, SumsModel) and not model.training
    reference = load_reference("sums-2d").state_dict()
    assert all(torch.equal(tensor, reference[name]) for name, tensor in model.state_dict().items())
