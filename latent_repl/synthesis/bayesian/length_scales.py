"""How much each dimension matters: BoTorch's own fit of a Gaussian process that holds most of them to be idle.

Source: Eriksson and Jankowiak, 2021, "High-dimensional Bayesian optimization with sparse axis-aligned subspaces"
(SAASBO); here with BoTorch's ensemble of maxima a posteriori, where the paper samples: that takes minutes a fit.
"""

from __future__ import annotations

import warnings

import torch
from botorch.exceptions.errors import BotorchError
from botorch.fit import fit_gpytorch_mll
from botorch.models.map_saas import EnsembleMapSaasSingleTaskGP
from gpytorch.mlls import ExactMarginalLogLikelihood
from torch import Tensor

from latent_repl.shapes import Float

# How sparse each member of the ensemble is: shrinkages around the paper's half-Cauchy of 0.1. Chosen.
SHRINKAGES = (0.02, 0.1, 0.5)
# Steps of the optimiser: the scales need no more digits. Chosen.
STEPS = 40


def importances(points: Float[Tensor, "N D"], output: Float[Tensor, " N"]) -> Float[Tensor, " D"]:
    """Return one over each dimension's length scale, on average of the ensemble, their squares being 1 in the mean.

    All are 1 where nothing can be fitted: to an output that does not vary, or points that are no numbers.
    """
    spread = output.std()
    if not float(spread) > 0 or not bool(torch.isfinite(points).all()):
        return torch.ones(points.shape[1], dtype=points.dtype)
    standard = (output - output.mean()) / spread
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the steps end before the optimiser would
            shrinkages = torch.tensor(SHRINKAGES, dtype=points.dtype)
            model = EnsembleMapSaasSingleTaskGP(
                points, standard[:, None], num_taus=len(SHRINKAGES), taus=shrinkages, outcome_transform=None
            )
            mll = ExactMarginalLogLikelihood(model.likelihood, model)
            fit_gpytorch_mll(mll, optimizer_kwargs={"options": {"maxiter": STEPS}})
    except (BotorchError, RuntimeError):  # torch has no factor of the covariance
        return torch.ones(points.shape[1], dtype=points.dtype)
    inverse = (1 / model.covar_module.base_kernel.lengthscale.detach()).mean(0)[0]
    return inverse / inverse.square().mean().sqrt()
