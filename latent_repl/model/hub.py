"""Checkpoints on a model hub: asked for within a time limit, downloaded, and kept in the hub's own cache.

download("user/name", HubOptions(revision="v1"))      the folder of that revision in the cache
cached()                                              what the cache holds already
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latent_repl.errors import CheckpointError, HubError

HUB_SECONDS = 1.5
"""How long a model hub may take for its first answer; HF_HUB_ETAG_TIMEOUT allows more. Chosen: an error within 2 s."""
COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HubOptions:
    """How a checkpoint is fetched, in the hub's own words.

    revision: a branch, a tag or a commit, None for the newest. cache_dir: None for the hub's own folder.
    local_files_only: whether nothing is asked for or downloaded. token: True for the stored one, None for it if there
    is one.
    """

    revision: str | None = None
    cache_dir: str | Path | None = None
    local_files_only: bool = False
    token: str | bool | None = None


@dataclass(frozen=True, slots=True)
class Cached:
    """A revision of a model in the hub's cache; names: the branches and tags that it has there."""

    hub_id: str
    commit: str
    names: tuple[str, ...]
    folder: Path


def download(hub_id: str, options: HubOptions, files: tuple[str, ...]) -> Path:
    """Return the folder of a model's revision, these files of it downloaded where the cache lacks them.

    What is in the cache serves where the hub does not answer. Raises HubError where it does not and the cache lacks it,
    CheckpointError where the hub has no such model.
    """
    from huggingface_hub import HfApi, snapshot_download

    def fetched(**how: Any) -> Path:
        return Path(snapshot_download(hub_id, cache_dir=options.cache_dir, allow_patterns=list(files), **how))

    kept = _tried(lambda: fetched(revision=options.revision, local_files_only=True))
    settled = options.local_files_only or COMMIT.fullmatch(options.revision or "")
    if isinstance(kept, Path) and settled:
        return kept
    if options.local_files_only:
        raise CheckpointError(
            f"{_said(hub_id, options)} is not in the cache; without local_files_only it is downloaded"
        )
    seconds = float(os.environ.get("HF_HUB_ETAG_TIMEOUT", HUB_SECONDS))
    asked = _within(seconds, lambda: HfApi().model_info(hub_id, revision=options.revision, token=options.token).sha)
    if isinstance(asked, Exception):
        if isinstance(kept, Path):
            return kept
        raise _error(_said(hub_id, options), asked) from asked
    got = _tried(lambda: fetched(revision=asked, token=options.token))
    if isinstance(got, Exception):
        raise _error(_said(hub_id, options), got) from got
    return got


def cached(cache_dir: str | Path | None = None) -> list[Cached]:
    """Return every revision of every model in the hub's cache, by their names; those of other libraries too."""
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        repositories = scan_cache_dir(cache_dir).repos
    except CacheNotFound:
        return []
    found = [
        Cached(repository.repo_id, revision.commit_hash, tuple(sorted(revision.refs)), revision.snapshot_path)
        for repository in repositories
        if repository.repo_type == "model"
        for revision in repository.revisions
    ]
    return sorted(found, key=lambda each: (each.hub_id, each.commit))


def _said(hub_id: str, options: HubOptions) -> str:
    return hub_id if options.revision is None else f"{hub_id}@{options.revision}"


def _error(said: str, error: Exception) -> CheckpointError:
    from huggingface_hub.errors import HfHubHTTPError

    reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if isinstance(error, HfHubHTTPError | ValueError):
        return CheckpointError(f"{said} is no folder, and the model hub gave no such model ({reason})")
    return HubError(f"{said} is neither a folder nor in the cache, and the model hub cannot be reached ({reason})")


def _tried(work: Callable[[], Path]) -> Path | Exception:
    try:
        return work()
    except Exception as error:  # the hub's libraries raise errors of many kinds
        return error


def _within(seconds: float, work: Callable[[], Any]) -> Any:
    """Return what the work returns, or the exception that it raises or its being late; it may go on in its thread.

    In a thread: looking up a host's name knows no time limit.
    """
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(work())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True, name="hub")
    thread.start()
    thread.join(seconds)
    late = TimeoutError(f"no answer within {seconds:g} s; HF_HUB_ETAG_TIMEOUT=SECONDS allows more")
    return outcome[0] if outcome else late
