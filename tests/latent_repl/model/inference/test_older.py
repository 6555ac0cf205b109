"""A checkpoint whose executor read lines by itself runs as it did, on vectors that stand for what it read."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.inference.older import READER, plain_lines, without_reader
from latent_repl.model.network.backend import shape_of
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter


def with_reader(model: LatentInterpreter) -> dict[str, np.ndarray]:
    """Return the weights of a model as they would be had it a reader, with random weights."""
    config: Any = model.config
    torch.manual_seed(1)
    layers = {
        "address": torch.nn.Embedding(config.slots + 1, config.width),
        "program": torch.nn.Linear(config.width, config.width),
        "reader": config.stack(config.executor_layers),
        "operand_query": torch.nn.Linear(config.width, config.width),
        "literal": torch.nn.Linear(config.width, config.state_latent),
        "target": torch.nn.Linear(config.width, config.width),
    }
    older = {name: weight for name, weight in model.state_dict().items() if not name.startswith("executor.operators")}
    for part, layer in layers.items():
        older |= {f"executor.{part}.{name}": weight for name, weight in layer.state_dict().items()}
    return {name: weight.numpy() for name, weight in older.items()}


def test_the_operators_vectors_are_what_the_reader_made_of_plain_lines(small: LatentInterpreter) -> None:
    older, shape = with_reader(small), shape_of(small.config)
    tensors = without_reader(older, shape, small.vocabulary)
    assert {*tensors} == {*small.state_dict()}
    assert not [name for name in tensors if name.startswith(READER)]
    model = NumpyInterpreter(shape, tensors, small.vocabulary)
    config: LatentConfig = small.config
    reader = config.stack(config.executor_layers).eval()
    reader.load_state_dict(
        {
            name.removeprefix("executor.reader."): torch.from_numpy(weight)
            for name, weight in older.items()
            if "reader" in name
        }
    )
    with torch.no_grad():
        codes = small.encode_code(torch.from_numpy(plain_lines(small.vocabulary)))
        program = torch.nn.functional.linear(
            small.code_vae.expand(codes),
            *(torch.from_numpy(older[f"executor.program.{name}"]) for name in ("weight", "bias")),
        )
        read = reader(inputs_embeds=program).last_hidden_state[:, 1]
    np.testing.assert_allclose(model.executor.operators, read, atol=1e-4)


def test_a_newer_checkpoint_stays_as_it_is(small: LatentInterpreter) -> None:
    tensors = {name: weight.numpy() for name, weight in small.state_dict().items()}
    assert without_reader(tensors, shape_of(small.config), small.vocabulary).keys() == tensors.keys()
