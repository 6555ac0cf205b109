"""The regulariser sees what it must see, and the loss falls where the decoder is right."""

from __future__ import annotations

import torch

from training.losses import mmd, mmd_to_prior


def test_mmd_tells_collapse_from_the_prior_even_in_many_dimensions() -> None:
    torch.manual_seed(0)
    for dimensions in (2, 32, 100):
        collapsed = float(mmd_to_prior(torch.zeros(256, dimensions)))
        at_prior = float(mmd_to_prior(torch.rand(256, dimensions) * 2 - 1))
        assert collapsed > 20 * at_prior


def test_mmd_of_a_sample_with_itself_is_zero() -> None:
    sample = torch.rand(64, 8)
    assert abs(float(mmd(sample, sample))) < 1e-5
