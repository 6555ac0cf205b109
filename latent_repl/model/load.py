"""A checkpoint -> the model that runs: in NumPy on the processor, in torch on another device or for derivatives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from latent_repl.errors import CheckpointError, UsageError
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.checkpoint import locate
from latent_repl.model.hub import HubOptions
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.inference.older import read_tensors
from latent_repl.model.interface import Interpreter
from latent_repl.model.shape import MODEL_TYPE, SUMS_TYPE, read_shape
from latent_repl.model.sums.inference import NumpySums

NETWORKS: dict[str, Callable[..., NumpyInterpreter | NumpySums]] = {MODEL_TYPE: NumpyInterpreter, SUMS_TYPE: NumpySums}


def load(name_or_path: str | Path, device: str = "cpu", options: HubOptions = HubOptions()) -> Interpreter:  # noqa: B008
    """Return the model of a checkpoint, ready for inference: in NumPy on the processor, in torch on another device.

    options: how a checkpoint of a model hub is fetched.

    Raises CheckpointError where a file is missing, truncated, or made for another vocabulary, shape or format, and
    UsageError for a device that this machine does not have.
    """
    path = locate(name_or_path, options)
    shape = read_shape(path)
    if device != "cpu":
        return _load_on(device, path, shape.model_type)
    vocabulary = Vocabulary.read(path, slots=shape.slots, limit=shape.limit, rows=shape.rows)
    try:
        model = NETWORKS[shape.model_type](shape, read_tensors(path, shape, vocabulary), vocabulary)
    except (CheckpointError, SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(f"{path}: model.safetensors does not fit config.json ({error}); save it again") from error
    model.folder = path
    return model


def load_reference(name_or_path: str | Path, device: str = "cpu", options: HubOptions = HubOptions()) -> Any:  # noqa: B008
    """Return the torch model of a checkpoint, in evaluation: a LatentInterpreter, or a SumsModel for sums.

    Raises CheckpointError as `load` does, and UsageError for a device that this machine does not have.
    """
    from latent_repl.model.network.backend import check_device, read_network

    check_device(device)
    path = locate(name_or_path, options)
    loaded = load(path)  # reads and checks the same files
    return read_network(path, loaded.config, loaded.vocabulary).to(device)


def _load_on(device: str, path: Path, model_type: str) -> Interpreter:
    from latent_repl.model.network.backend import TorchInterpreter

    if model_type != MODEL_TYPE:
        raise UsageError(f"{path}: a sums model runs on the processor; leave out --device {device}")
    return TorchInterpreter(load_reference(path, device))
