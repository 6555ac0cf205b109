"""How much each dimension matters, by BoTorch's fit."""

from __future__ import annotations

import torch

from latent_repl.synthesis.bayesian.length_scales import importances


def test_idle_dimensions_are_found() -> None:
    points = torch.rand(24, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    found = importances(points, 2 * points[:, 3] + torch.sin(points[:, 5]))
    assert set(found.topk(2).indices.tolist()) == {3, 5}
    assert float(found.topk(3).values[-1]) < 0.2
    torch.testing.assert_close(found.square().mean(), torch.tensor(1.0, dtype=torch.float64))


def test_where_nothing_can_be_learnt_all_matter_alike() -> None:
    points = torch.rand(8, 3, dtype=torch.float64)
    assert importances(points, torch.zeros(8, dtype=torch.float64)).tolist() == [1, 1, 1]
    assert importances(points * torch.nan, points[:, 0]).tolist() == [1, 1, 1]
