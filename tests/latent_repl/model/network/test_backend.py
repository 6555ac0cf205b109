"""A torch model behind the package's interface, frozen, saved and read again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from latent_repl.errors import LatentShapeError, UsageError
from latent_repl.model.network.backend import TorchInterpreter, check_device, freeze, read_network, save, shape_of
from latent_repl.model.network.interpreter import LatentInterpreter


def states_of(model: LatentInterpreter) -> np.ndarray:
    return np.array([model.vocabulary.state_ids(values) for values in ([5, 7, None], [True, -3, 0])])


def test_torch_and_numpy_forms_agree(small: LatentInterpreter) -> None:
    frozen, wrapped = freeze(small), TorchInterpreter(small)
    ids, codes = states_of(small), np.random.default_rng(0).uniform(-1, 1, (2, 16)).astype(np.float32)
    latents = wrapped.encode_states(ids)
    np.testing.assert_allclose(frozen.encode_states(ids), latents, atol=1e-5)
    np.testing.assert_allclose(frozen.execute(latents, codes), wrapped.execute(latents, codes), atol=1e-5)
    for mine, theirs in zip(frozen.decode_states(latents), wrapped.decode_states(latents), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)


def test_a_frozen_model_does_not_follow_its_original(small: LatentInterpreter) -> None:
    copy = LatentInterpreter(small.config).eval()
    frozen, ids = freeze(copy), states_of(small)
    before = frozen.encode_states(ids)
    with torch.no_grad():
        copy.state_vae.to_latent.bias.add_(1)
    assert (frozen.encode_states(ids) == before).all()


def test_reading_a_network_leaves_the_random_generator_alone(small: LatentInterpreter, tmp_path: Path) -> None:
    save(small, tmp_path)
    before = torch.get_rng_state()
    model = read_network(tmp_path, shape_of(small.config), small.vocabulary)
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(mine, model.state_dict()[name]) for name, mine in small.state_dict().items())


def test_latents_of_another_size_are_refused(small: LatentInterpreter) -> None:
    with pytest.raises(LatentShapeError):
        TorchInterpreter(small).execute(np.zeros((1, 4, 8), np.float32), np.zeros((1, 15), np.float32))


def test_a_device_that_is_not_here_is_refused_with_the_remedy() -> None:
    check_device("cpu")
    with pytest.raises(UsageError, match="no device 'nowhere' here, write --device cpu"):
        check_device("nowhere")
