"""Where checkpoints are: a folder with `config.json`, `model.safetensors` and `tokenizer.json`; and their weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from latent_repl.errors import CheckpointError, UsageError
from latent_repl.model.hub import HubOptions, download

SHIPPED = Path(__file__).resolve().parent.parent / "checkpoints"
HUB_ID = re.compile(r"(?P<name>[\w.-]+/[\w.-]+)(?:@(?P<revision>\S+))?")
FILES = ("config.json", "model.safetensors", "tokenizer.json")
METRICS = "metrics.json"
"""A file that a checkpoint may have besides: how right it is."""

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


def locate(name_or_path: str | Path, options: HubOptions = HubOptions()) -> Path:  # noqa: B008, it is frozen
    """Return the folder of a shipped checkpoint, the given folder itself, or that of a download from a model hub.

    name_or_path: `user/name` and `user/name@revision` are models of the hub, where there is no such folder.

    Raises CheckpointError if there is none, or if it lacks a file; UsageError for two revisions.
    """
    shipped = SHIPPED / name_or_path
    found = shipped if shipped.is_dir() else Path(name_or_path)
    if not found.exists() and (hub_id := HUB_ID.fullmatch(str(name_or_path))):
        found = _download(hub_id["name"], _revised(options, hub_id["revision"]))
    missing = [file for file in FILES if not (found / file).is_file()]
    if missing:
        raise CheckpointError(
            f"no checkpoint at {name_or_path}: {', '.join(missing)} not found; "
            f"give a folder that holds {', '.join(FILES)}, or one of: {', '.join(names())}"
        )
    return found


def _revised(options: HubOptions, revision: str | None) -> HubOptions:
    if revision is None or options.revision in (None, revision):
        return replace(options, revision=revision or options.revision)
    raise UsageError(f"got two revisions, @{revision} and {options.revision}; write one of them")


def _download(hub_id: str, options: HubOptions) -> Path:
    try:
        return download(hub_id, options, (*FILES, METRICS))
    except CheckpointError as error:
        raise type(error)(f"{error}; or give one of: {', '.join(names())}") from error
