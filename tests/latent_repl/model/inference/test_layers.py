"""T5's layers in NumPy are those of transformers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers.models.t5.modeling_t5 import T5Attention

from latent_repl.errors import CheckpointError
from latent_repl.model.inference.layers import BUCKETS, FAR, Stack, Weights, gelu, normalise, position_buckets, softmax
from latent_repl.model.network.config import LatentConfig


@pytest.mark.parametrize("length", [1, 4])
def test_a_stack_gives_what_transformers_stack_gives(length: int) -> None:
    torch.manual_seed(0)
    config = LatentConfig(width=32, heads=2, feed_forward=64)
    theirs = config.stack(2).eval()
    weights = Weights({f"x.{name}": tensor.numpy() for name, tensor in theirs.state_dict().items()})
    ours = Stack(weights, "x", layers=2, width=32, heads=2, feed_forward=64)
    weights.finish()
    vectors = torch.randn(3, length, 32)
    with torch.no_grad():
        expected = theirs(inputs_embeds=vectors).last_hidden_state
    np.testing.assert_allclose(ours(vectors.numpy()), expected.numpy(), atol=1e-5)


def test_positions_fall_into_t5s_buckets() -> None:
    places = torch.arange(200)
    distances = places[None, :] - places[:, None]
    theirs = T5Attention._relative_position_bucket(distances, num_buckets=BUCKETS, max_distance=FAR)
    assert (position_buckets(200) == theirs.numpy()).all()


def test_activation_norm_and_softmax_are_the_textbooks() -> None:
    x = np.random.default_rng(0).normal(size=(5, 8)).astype(np.float32)
    np.testing.assert_allclose(gelu(x), torch.nn.functional.gelu(torch.from_numpy(x), approximate="tanh"), atol=1e-6)
    np.testing.assert_allclose(np.square(normalise(x)).mean(1), 1, atol=1e-4)
    np.testing.assert_allclose(softmax(x + 1000), torch.from_numpy(x).softmax(-1), atol=1e-4)


def test_weights_are_taken_once_by_name_and_shape() -> None:
    weights = Weights({"a": np.zeros((2, 3)), "b": np.zeros(1)})
    with pytest.raises(CheckpointError, match=r"a should have shape \(3, 2\), found shape \(2, 3\)"):
        weights.take("a", 3, 2)
    with pytest.raises(CheckpointError, match="found nothing"):
        weights.take("a", 2, 3)
    with pytest.raises(CheckpointError, match="this version knows no b"):
        weights.finish()
