"""The trained networks in torch: loaded for training and gradients, saved as checkpoints, and run on other devices."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latent_repl.errors import UsageError
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.checkpoint import FILES
from latent_repl.model.heap import Heap
from latent_repl.model.inference.interpreter import NumpyInterpreter, check_latents
from latent_repl.model.inference.older import read_tensors
from latent_repl.model.interface import Array
from latent_repl.model.memory import Memory
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from latent_repl.model.shape import MODEL_TYPE, SUMS_TYPE, Shape
from latent_repl.model.sums.network import SumsModel
from latent_repl.shapes import Float, Int

MODELS: dict[str, Any] = {MODEL_TYPE: LatentInterpreter, SUMS_TYPE: SumsModel}


def read_network(folder: Path, shape: Shape, vocabulary: Vocabulary) -> Any:
    """Return the torch model of a checkpoint's files, in evaluation; `load.load_reference` has checked them."""
    network = MODELS[shape.model_type]
    sizes = {name: size for name, size in asdict(shape).items() if name != "model_type"}
    with torch.random.fork_rng(devices=[]):  # the random weights that are replaced must not move a run's generator
        model = network(network.config_class(**sizes), vocabulary)
    tensors = read_tensors(folder, shape, vocabulary)
    model.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items()})
    return model.eval()


def shape_of(config: LatentConfig) -> Shape:
    """Return the part of a configuration that inference needs."""
    return Shape(**{field.name: getattr(config, field.name) for field in fields(Shape)})


def freeze(model: LatentInterpreter) -> NumpyInterpreter:
    """Return the model as the package runs it, with copies of the weights it has now."""
    return NumpyInterpreter(
        shape_of(model.config),
        {name: tensor.cpu().numpy().copy() for name, tensor in model.state_dict().items()},
        model.vocabulary,
    )


def save(model: LatentInterpreter | SumsModel, path: Path) -> None:
    """Write a checkpoint in half precision; each file replaces the old one only when it is whole."""
    halved = {name: tensor.half() for name, tensor in model.state_dict().items()}
    path.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        model.save_pretrained(scratch, state_dict=halved)
        model.vocabulary.save(Path(scratch))
        for file in FILES:
            shutil.copyfile(Path(scratch) / file, path / f".{file}.new")
            (path / f".{file}.new").replace(path / file)


class TorchInterpreter:
    """A torch model behind the interface that the package uses; see `Interpreter` for what each method does."""

    def __init__(self, model: LatentInterpreter) -> None:
        self.model, self.vocabulary = model, model.vocabulary
        self.config, self.parameters = shape_of(model.config), model.num_parameters()

    @property
    def memory(self) -> Memory[Any, Any]:
        """What steps have computed and is kept: those on rows, which run in NumPy."""
        return self._frozen.memory

    @torch.inference_mode()
    def _call(self, function: Callable[..., Tensor], *arrays: Array) -> Array:
        device = self.model.device
        return function(*(torch.from_numpy(np.ascontiguousarray(array)).to(device) for array in arrays)).cpu().numpy()

    def encode_states(self, ids: Int[Array, "B S"]) -> Float[Array, "B S D"]:
        """Return the latents of states, one a slot."""
        return self._call(self.model.encode_states, ids)

    def state_logits(self, latents: Float[Array, "*N D"]) -> Float[Array, "*N A"]:
        """Return the logits of the token behind each latent."""
        return self._call(self.model.state_logits, latents)

    def decode_states(self, latents: Float[Array, "B S D"]) -> tuple[Int[Array, "B S"], Float[Array, "B S"]]:
        """Return each slot's most likely token and its probability."""
        probabilities = self._call(lambda given: self.model.state_logits(given).softmax(-1), latents)
        return probabilities.argmax(-1), probabilities.max(-1)

    def encode_code(self, ids: Int[Array, "B T"]) -> Float[Array, "B C"]:
        """Return the code latents of core lines."""
        return self._call(self.model.encode_code, ids)

    def code_logits(self, latents: Float[Array, "B C"]) -> Float[Array, "B T A"]:
        """Return the logits of a core line's four tokens."""
        return self._call(self.model.code_logits, latents)

    def execute(self, states: Float[Array, "B S D"], codes: Float[Array, "B C"]) -> Float[Array, "B S D"]:
        """Return the state latents after one core line each. Raises LatentShapeError for other sizes."""
        check_latents(self.config, states.shape, codes.shape)
        return self._call(self.model.execute, states, codes)

    def execute_rows(
        self, states: Float[Array, "B S D"], codes: Float[Array, "B C"], heaps: Sequence[Heap], *, snapped: bool = False
    ) -> tuple[Float[Array, "B S D"], tuple[Heap, ...]]:
        """Return the state latents and the heaps after one core line each, in NumPy: rows are moved, not computed."""
        return self._frozen.execute_rows(states, codes, heaps, snapped=snapped)

    @cached_property
    def _frozen(self) -> NumpyInterpreter:
        return freeze(self.model)


def check_device(device: str) -> None:
    """Raise UsageError for a device that this machine does not have."""
    try:
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise UsageError(f"no device {device!r} here, write --device cpu ({reason})") from error
