"""Checkpoints: a folder with `config.json`, `model.safetensors` and `tokenizer.json`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from safetensors import SafetensorError
from safetensors.numpy import load_file

from latent_repl.errors import CheckpointError, UsageError
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.inference import NumpyInterpreter
from latent_repl.model.interface import Interpreter
from latent_repl.model.shape import MODEL_TYPE, SUMS_TYPE, read_shape
from latent_repl.model.sums_inference import NumpySums

SHIPPED = Path(__file__).resolve().parent.parent / "checkpoints"
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
NETWORKS: dict[str, Callable[..., Interpreter]] = {MODEL_TYPE: NumpyInterpreter, SUMS_TYPE: NumpySums}
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


def load(name_or_path: str | Path, device: str = "cpu") -> Interpreter:
    """Return the model of a checkpoint, ready for inference: in NumPy on the processor, in torch on another device.

    Raises CheckpointError where a file is missing, truncated, or made for another vocabulary, shape or format, and
    UsageError for a device that this machine does not have.
    """
    path = locate(name_or_path)
    shape = read_shape(path)
    if device != "cpu":
        return _load_on(device, path, shape.model_type)
    Vocabulary(shape.slots, shape.limit).check(path)
    try:
        model = NETWORKS[shape.model_type](shape, load_file(path / "model.safetensors"))
    except (CheckpointError, SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(f"{path}: model.safetensors does not fit config.json ({error}); save it again") from error
    if isinstance(model, NumpyInterpreter):
        model.folder = path
    return model


def _load_on(device: str, path: Path, model_type: str) -> Interpreter:
    from latent_repl.model.reference import TorchInterpreter, load_reference

    if model_type != MODEL_TYPE:
        raise UsageError(f"{path}: a sums model runs on the processor; leave out --device {device}")
    return TorchInterpreter(load_reference(path, device))
