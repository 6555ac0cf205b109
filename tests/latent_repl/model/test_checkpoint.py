"""Where checkpoints are, and the names of their weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import huggingface_hub
import numpy as np
import pytest

from latent_repl.errors import CheckpointError, HubError
from latent_repl.model.checkpoint import FILES, SHIPPED, locate, names, read_weights, renamed


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


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache without the model."""

    def missing(*_: Any, **__: Any) -> str:
        raise FileNotFoundError("not in the cache")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", missing)


def answer(error: Exception, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let the hub answer with an error, and return the time limits that it was asked with."""
    limits: list[float] = []

    def model_info(_: Any, __: str, *, timeout: float) -> Any:
        limits.append(timeout)
        raise error

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", model_info)
    return limits


@pytest.mark.usefixtures("nothing_kept")
def test_a_silent_hub_is_left_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = answer(TimeoutError("timed out"), monkeypatch)
    with pytest.raises(HubError, match="did not answer within 10 s; try again later") as caught:
        locate("some/model")
    assert caught.value.exit_code == 1
    assert limits == [10]


@pytest.mark.usefixtures("nothing_kept")
def test_a_model_that_the_hub_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(ValueError("404"), monkeypatch)
    with pytest.raises(CheckpointError, match="gave no such model"):
        locate("some/model")


def test_what_is_kept_needs_no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer(TimeoutError("timed out"), monkeypatch)
    for name in FILES:
        (tmp_path / name).touch()
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_, **__: str(tmp_path))
    assert locate("some/model") == tmp_path
