"""Where checkpoints are: a folder with `config.json`, `model.safetensors` and `tokenizer.json`."""

from __future__ import annotations

import re
from pathlib import Path

from latent_repl.errors import CheckpointError

SHIPPED = Path(__file__).resolve().parent.parent / "checkpoints"
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
FILES = ("config.json", "model.safetensors", "tokenizer.json")


def names() -> list[str]:
    """Return the names of the checkpoints that ship with the package."""
    return sorted(path.parent.name for path in SHIPPED.glob("*/model.safetensors"))


def locate(name_or_path: str | Path) -> Path:
    """Return the folder of a shipped checkpoint, the given folder itself, or that of a download from a model hub.

    Raises CheckpointError if there is none, or if it lacks a file.
    """
    shipped = SHIPPED / name_or_path
    found = shipped if shipped.is_dir() else Path(name_or_path)
    if not found.exists() and HUB_ID.fullmatch(str(name_or_path)):
        found = _download(str(name_or_path))
    missing = [file for file in FILES if not (found / file).is_file()]
    if missing:
        raise CheckpointError(
            f"no checkpoint at {name_or_path}: {', '.join(missing)} not found; "
            f"give a folder that holds {', '.join(FILES)}, or one of: {', '.join(names())}"
        )
    return found


def _download(hub_id: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(hub_id, allow_patterns=list(FILES)))
    except Exception as error:
        raise CheckpointError(
            f"{hub_id} is no folder, and the hub gave no such model ({error}); give one of: {', '.join(names())}"
        ) from error
