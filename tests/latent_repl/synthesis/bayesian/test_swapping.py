"""Kernel, model and acquisition can each be another one: a few lines, and a name in the table of searches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from botorch.acquisition.acquisition import AcquisitionFunction
from botorch.models import SingleTaskGP
from gpytorch.kernels import Kernel as BoTorchKernel
from gpytorch.kernels import MaternKernel
from torch import Tensor

from latent_repl.synthesis.bayesian.model import BoTorchProcess, GridProcess, Process
from latent_repl.synthesis.bayesian.path_models import OutcomeModel
from latent_repl.synthesis.bayesian.posterior import Kernel, Squares, squared_distances
from latent_repl.synthesis.bayesian.search import GaussianProcessSearch
from latent_repl.synthesis.options import SEARCHES
from tests.latent_repl.synthesis.conftest import PerfectInterpreter


class Matern(Kernel):
    def covariance(self, squares: Squares) -> Tensor:
        scaled = sum(5 * square / length**2 for square, length in zip(squares, self.lengths, strict=True))
        root = torch.as_tensor(scaled).sqrt()
        return (1 + root + root.square() / 3) * (-root).exp()

    def module(self, dimensions: int) -> BoTorchKernel:
        return MaternKernel(nu=2.5, ard_num_dims=dimensions)


class UpperConfidenceBound(AcquisitionFunction):
    """How near each point may come to the target, taken together."""

    def forward(self, X: Tensor) -> Tensor:
        posterior: Any = self.model.posterior(X)  # the base class of posteriors names no mean
        off = (posterior.mean - self.model.target).abs() - 2 * posterior.variance.sqrt()
        return -off.clamp(min=0).sum(-1).squeeze(-1)


class WithMatern(GaussianProcessSearch):
    def make_process(self, group_sizes: Sequence[int]) -> Process:
        return GridProcess(group_sizes, kernel=Matern)


class WithBoTorchsModel(GaussianProcessSearch):
    def make_process(self, group_sizes: Sequence[int]) -> Process:
        return BoTorchProcess(group_sizes, SingleTaskGP)


class WithUpperConfidenceBound(GaussianProcessSearch):
    def make_acquisition(self, model: OutcomeModel) -> AcquisitionFunction:
        return UpperConfidenceBound(model)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["WithMatern", "WithBoTorchsModel", "WithUpperConfidenceBound"])
def test_a_search_of_ones_own_solves_a_problem(
    perfect: PerfectInterpreter, session_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(SEARCHES, "own", f"{__name__}:{name}")
    solution = session_of(perfect).synth("a=71; a+? == 18", search="own")
    assert solution.fills == ("-53",)
    assert 8 < solution.evaluations < 100


def test_another_kernel_is_botorchs_own() -> None:
    points = torch.rand(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    kernel = Matern((0.7, 0.7), 1e-6)
    theirs = kernel.module(3)
    theirs.lengthscale = 0.7
    ours = kernel.covariance(squared_distances([1, 2], points, points))
    torch.testing.assert_close(ours, theirs(points).to_dense().double().detach(), atol=1e-5, rtol=0)
