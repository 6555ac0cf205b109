"""Checkpoints: a folder with `config.json`, `model.safetensors` and `tokenizer.json`."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from huggingface_hub import snapshot_download
from transformers.utils import logging

from latent_repl.errors import CheckpointError
from latent_repl.language.tokens import Vocabulary
from latent_repl.model.config import FORMAT, LatentConfig
from latent_repl.model.interpreter import LatentInterpreter

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
    try:
        return Path(snapshot_download(hub_id, allow_patterns=list(FILES)))
    except Exception as error:
        raise CheckpointError(
            f"{hub_id} is no folder, and the hub gave no such model ({error}); give one of: {', '.join(names())}"
        ) from error


def load(name_or_path: str | Path, device: str = "cpu") -> LatentInterpreter:
    """Return the model of a checkpoint, ready for inference.

    Raises CheckpointError where a file is missing, truncated, or made for another vocabulary, shape or format.
    """
    path = locate(name_or_path)
    config = _config(path)
    Vocabulary(config.slots, config.limit).check(path)
    logging.disable_progress_bar()  # a REPL's screen is its own
    try:
        model, info = _read(path, config, device)
    except Exception as error:
        raise CheckpointError(f"{path}: model.safetensors does not fit config.json ({error}); save it again") from error
    strange = sorted(str(key) for kind in ("missing_keys", "unexpected_keys", "mismatched_keys") for key in info[kind])
    if strange:
        raise CheckpointError(f"{path}: model.safetensors does not fit this version: {', '.join(strange[:3])} ...")
    return model.eval()


def _read(path: Path, config: LatentConfig, device: str) -> tuple[LatentInterpreter, dict[str, Iterable[object]]]:
    loaded: Any = LatentInterpreter.from_pretrained(path, config=config, output_loading_info=True)
    model, info = loaded
    return model.to(device), info


def save(model: LatentInterpreter, path: Path) -> None:
    """Write a checkpoint; each file replaces the old one only when it is whole."""
    path.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        model.save_pretrained(scratch)
        model.vocabulary.save(Path(scratch))
        for file in FILES:
            shutil.copyfile(Path(scratch) / file, path / f".{file}.new")
            (path / f".{file}.new").replace(path / file)


def _config(path: Path) -> LatentConfig:
    try:
        raw = json.loads((path / "config.json").read_text(encoding="utf-8"))
        if raw.get("model_type") != LatentConfig.model_type or raw.get("format") != FORMAT:
            raise CheckpointError(
                f"{path}: config.json is of {raw.get('model_type')!r} format {raw.get('format')!r}; "
                f"expected {LatentConfig.model_type!r} format {FORMAT}; use a checkpoint saved by this version"
            )
        return LatentConfig(**raw)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path}: config.json cannot be read ({error}); save the checkpoint again") from error
