"""Where checkpoints are: a folder with `config.json`, `model.safetensors` and `tokenizer.json`; and their weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import numpy as np

from latent_repl.errors import CheckpointError, HubError

SHIPPED = Path(__file__).resolve().parent.parent / "checkpoints"
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
HUB_SECONDS = 10
"""How long a model hub may be silent. Chosen."""
FILES = ("config.json", "model.safetensors", "tokenizer.json")


RENAMED = {
    "executor.seeks.": "executor.operand_query.",
    "executor.thoughts.": "executor.trunk.",
    "executor.settle.": "executor.norm.",
}
"""How the names of weights begin in older files, the shipped ones among them, and how they begin now."""

Tensor = TypeVar("Tensor")


def renamed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return weights by the names that they have now, whichever they were written with."""
    beginning = re.compile("|".join(map(re.escape, RENAMED)))
    return {beginning.sub(lambda old: RENAMED[old[0]], name, count=1): tensor for name, tensor in tensors.items()}


def read_weights(folder: Path) -> dict[str, np.ndarray]:
    """Return a checkpoint's weights by name. Raises SafetensorError or OSError for a file that cannot be read."""
    from safetensors.numpy import load_file

    return renamed(load_file(folder / "model.safetensors"))


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
    from huggingface_hub import HfApi, snapshot_download

    try:
        # Asked first, for here a time limit can be set; what is in the cache already needs no server.
        revision = HfApi().model_info(hub_id, timeout=HUB_SECONDS).sha
        return Path(snapshot_download(hub_id, revision=revision, allow_patterns=list(FILES), etag_timeout=HUB_SECONDS))
    except Exception as error:
        with suppress(Exception):
            return Path(snapshot_download(hub_id, allow_patterns=list(FILES), local_files_only=True))
        if "timed out" in str(error) or "timeout" in type(error).__name__.lower():
            raise HubError(
                f"{hub_id} is no folder, and the model hub did not answer within {HUB_SECONDS} s; "
                f"try again later, or give one of: {', '.join(names())}"
            ) from error
        raise CheckpointError(
            f"{hub_id} is no folder, and the hub gave no such model ({error}); give one of: {', '.join(names())}"
        ) from error
