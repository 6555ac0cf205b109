"""A folder laid out as the hub's cache, which holds checkpoints of the package."""

from __future__ import annotations

from pathlib import Path

from latent_repl.model.checkpoint import FILES, METRICS, SHIPPED

COMMITS = ("a" * 40, "b" * 40)


def keep(cache: Path, hub_id: str, *, commit: str = COMMITS[0], name: str = "main", of: str = "sums-2d") -> Path:
    """Put a revision of a model into the cache: a shipped checkpoint. Returns its folder."""
    model = cache / f"models--{hub_id.replace('/', '--')}"
    folder = model / "snapshots" / commit
    folder.mkdir(parents=True)
    (model / "refs").mkdir(exist_ok=True)
    (model / "refs" / name).write_text(commit)
    for file in (*FILES, METRICS):
        (folder / file).symlink_to(SHIPPED / of / file)
    return folder
