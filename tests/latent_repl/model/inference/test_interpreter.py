"""What the package runs in NumPy is what transformers' T5 stacks compute from the same weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import T5Config
from transformers.models.t5.modeling_t5 import T5Attention

from grammar.core_lines.sample import Mixture, sample
from latent_repl.model.inference.layers import BUCKETS, FAR, Linear, gelu, normalise, position_buckets, product, softmax
from latent_repl.model.load import load, load_reference
from latent_repl.model.network.backend import TorchInterpreter
from training.evaluate import execute_chain


@pytest.mark.slow
def test_ten_thousand_lines_decode_alike() -> None:
    """Chained, so that differences could add up; sure and unsure states alike."""
    ours, reference = load("base"), TorchInterpreter(load_reference("base"))
    mixture = Mixture(maximum=ours.config.maximum)
    for seed in range(5):
        chain = sample(np.random.default_rng(seed), mixture, ours.vocabulary, count=500, steps=4)
        (ids, confidence), (wanted, expected) = execute_chain(ours, chain), execute_chain(reference, chain)
        assert np.array_equal(ids, wanted)
        assert np.allclose(confidence, expected, atol=1e-3)


@pytest.mark.parametrize("length", [1, 4, 13, 40, 300])
def test_position_buckets_are_those_of_transformers(length: int) -> None:
    places = torch.arange(length)
    theirs = T5Attention._relative_position_bucket(
        places[None, :] - places[:, None], bidirectional=True, num_buckets=BUCKETS, max_distance=FAR
    )
    assert np.array_equal(position_buckets(length), theirs.numpy())
    assert T5Config().relative_attention_num_buckets == BUCKETS
    assert T5Config().relative_attention_max_distance == FAR


def test_the_functions_are_those_of_torch() -> None:
    x = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32) * 4
    there = torch.from_numpy(x)
    assert np.allclose(gelu(x), torch.nn.functional.gelu(there, approximate="tanh").numpy(), atol=1e-6)
    assert np.allclose(softmax(x), there.softmax(-1).numpy(), atol=1e-6)
    assert np.allclose(normalise(x), torch.nn.functional.rms_norm(there, (7,), eps=1e-6).numpy(), atol=1e-5)
    assert np.allclose(Linear(np.eye(2, 7), np.ones(2))(x), x[:, :2] + 1)


@pytest.mark.parametrize("rows", [0, 1, 2, 32, 33])
@pytest.mark.parametrize("outward", [3, 32, 96, 100])
def test_a_product_in_blocks_is_the_whole_product(rows: int, outward: int) -> None:
    generator = np.random.default_rng(rows)
    x, matrix = generator.normal(size=(rows, 40)), generator.normal(size=(outward, 40))
    assert np.allclose(product(x, matrix), np.einsum("ni,oi->no", x, matrix))
