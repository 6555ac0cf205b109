"""The hub is asked within a time limit; what its cache holds serves without it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import huggingface_hub
import pytest

from latent_repl.errors import CheckpointError, HubError
from latent_repl.model.hub import HUB_SECONDS, HubOptions, cached, download
from tests.latent_repl.hub_cache import COMMITS, keep

FILES = ("config.json",)
Answer = Callable[[Callable[[], Any]], list[dict[str, Any]]]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """A function that lets the hub answer so, and returns what it will have been asked."""

    def let(work: Callable[[], Any]) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = []

        def model_info(_: Any, hub_id: str, **options: Any) -> Any:
            asked.append({"hub_id": hub_id, **options})
            return work()

        monkeypatch.setattr(huggingface_hub.HfApi, "model_info", model_info)
        return asked

    return let


def raising(error: Exception) -> Callable[[], Any]:
    def work() -> Any:
        raise error

    return work


def test_a_hub_that_is_silent_is_left(tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_ETAG_TIMEOUT", "0.05")
    waiting = threading.Event()
    answer(waiting.wait)
    with pytest.raises(HubError, match=r"some/model is neither .*\(no answer within 0\.05 s; HF_HUB_ETAG") as caught:
        download("some/model", HubOptions(cache_dir=tmp_path), FILES)
    assert caught.value.exit_code == 1
    assert HUB_SECONDS < 2
    waiting.set()


def test_without_a_network_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(HubError, match=r"some/model@v1 is neither a folder nor in the cache, and the model hub cannot"):
        download("some/model", HubOptions(cache_dir=tmp_path, revision="v1"), FILES)  # the tests are offline


def test_a_model_that_the_hub_does_not_have(tmp_path: Path, answer: Answer) -> None:
    answer(raising(ValueError("404")))
    with pytest.raises(CheckpointError, match=r"gave no such model \(404\)") as caught:
        download("some/model", HubOptions(cache_dir=tmp_path), FILES)
    assert caught.value.exit_code == 2


def test_what_is_kept_serves_where_the_hub_does_not_answer(tmp_path: Path, answer: Answer) -> None:
    newest, older = keep(tmp_path, "some/model"), keep(tmp_path, "some/model", commit=COMMITS[1], name="v1")
    asked = answer(raising(TimeoutError()))
    assert download("some/model", HubOptions(cache_dir=tmp_path), FILES) == newest
    assert download("some/model", HubOptions(cache_dir=tmp_path, revision="v1"), FILES) == older
    assert [each["revision"] for each in asked] == [None, "v1"]


def test_a_commit_that_is_kept_and_local_files_ask_for_nothing(tmp_path: Path, answer: Answer) -> None:
    folder, asked = keep(tmp_path, "some/model"), answer(raising(AssertionError()))
    assert download("some/model", HubOptions(cache_dir=tmp_path, revision=COMMITS[0]), FILES) == folder
    assert download("some/model", HubOptions(cache_dir=tmp_path, local_files_only=True), FILES) == folder
    with pytest.raises(CheckpointError, match="other/model@v9 is not in the cache"):
        download("other/model", HubOptions(cache_dir=tmp_path, local_files_only=True, revision="v9"), FILES)
    assert asked == []


def test_what_the_hub_names_is_downloaded(tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer(lambda: SimpleNamespace(sha="newest"))
    fetched: list[dict[str, Any]] = []

    def fetch(hub_id: str, *, local_files_only: bool = False, **options: Any) -> str:
        if local_files_only:
            raise FileNotFoundError("not in the cache")
        fetched.append({"hub_id": hub_id, **options})
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    assert download("some/model", HubOptions(revision="v1", token="secret"), FILES) == tmp_path
    assert asked == [{"hub_id": "some/model", "revision": "v1", "token": "secret"}]
    wanted = {"revision": "newest", "token": "secret", "cache_dir": None, "allow_patterns": ["config.json"]}
    assert fetched == [{"hub_id": "some/model", **wanted}]


def test_the_cache_is_listed_by_model_and_revision(tmp_path: Path) -> None:
    assert cached(tmp_path / "none") == []
    keep(tmp_path, "some/model")
    folder = keep(tmp_path, "some/model", commit=COMMITS[1], name="v1")
    found = cached(tmp_path)
    assert [(each.hub_id, each.commit, each.names) for each in found] == [
        ("some/model", COMMITS[0], ("main",)),
        ("some/model", COMMITS[1], ("v1",)),
    ]
    assert found[1].folder == folder
