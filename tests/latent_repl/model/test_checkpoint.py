"""Where checkpoints are, and the names of their weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from latent_repl.errors import CheckpointError, UsageError
from latent_repl.model.checkpoint import FILES, SHIPPED, locate, names, read_weights, renamed
from latent_repl.model.hub import HubOptions


def test_weights_have_their_present_names_whichever_they_were_written_with() -> None:
    written = {"executor.thoughts.0.weight": 1, "executor.trunk.1.weight": 2, "state_vae.thoughts.x": 3}
    assert renamed(written) == {
        "executor.trunk.0.weight": 1,
        "executor.trunk.1.weight": 2,
        "state_vae.thoughts.x": 3,
    }


def test_shipped_weights_are_read_by_their_present_names() -> None:
    weights = read_weights(locate("base"))
    assert any(name.startswith("executor.trunk.") for name in weights)
    assert not any("thoughts" in name for name in weights)
    assert all(isinstance(weight, np.ndarray) for weight in weights.values())


def test_the_shipped_checkpoints_are_found_by_name() -> None:
    assert "base" in names() and names() == sorted(names())
    assert locate("base") == SHIPPED / "base"


def test_a_folder_is_taken_as_it_is_once_it_has_all_files(tmp_path: Path) -> None:
    for file in FILES[:-1]:
        (tmp_path / file).touch()
    with pytest.raises(CheckpointError, match=f"{FILES[-1]} not found"):
        locate(tmp_path)
    (tmp_path / FILES[-1]).touch()
    assert locate(tmp_path) == tmp_path


def test_a_revision_is_named_once() -> None:
    with pytest.raises(UsageError, match="got two revisions, @v1 and v2; write one of them"):
        locate("some/model@v1", HubOptions(revision="v2"))


def test_a_model_that_cannot_be_had_names_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"some/model@v1 is not in the cache.* one of: base"):
        locate("some/model@v1", HubOptions(cache_dir=tmp_path, local_files_only=True))
