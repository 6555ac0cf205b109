"""The search: a Gaussian process over code latents, Thompson sampling on a pool of fillings.

Every filling of the template decodes to itself, so a pool of fillings is a pool of decodable points: the process
sees each core line once, at its own code latent. With one hole the pool is the whole space; with several it is drawn
around the best fillings, hole by hole, near in latent space.

Source: Kandasamy et al., 2018 (parallel Thompson sampling); BoTorch's tutorial on it.
"""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

from latent_repl.synthesis.fills import Filling
from latent_repl.synthesis.rivals import BATCH, History, draw_likely
from latent_repl.synthesis.space import CodeEncoder, Space

if TYPE_CHECKING:
    from gpytorch.kernels import RBFKernel

# The process is held to its nearest points: a fit costs their number cubed.
NEAREST = 200
# Candidates of a round, and the best fillings around which they are drawn. Chosen.
POOL = 1_000
PARENTS = 5
WARM_START = 8


@dataclass(frozen=True)
class UnitCube:
    """Code latents to the inputs of the process: shifted and shrunk into [0, 1], distances keep their ratios."""

    lowest: Float[Tensor, " F"]
    width: Float[Tensor, ""]

    @classmethod
    def around(cls, latents: Float[Tensor, "N F"]) -> UnitCube:
        """Return the smallest cube that holds the latents."""
        lowest = latents.min(0).values
        return cls(lowest, (latents - lowest).max().clamp(min=1e-9))

    def __call__(self, latents: Float[Tensor, "N F"]) -> Float[Tensor, "N F"]:
        """Return the points; they leave the unit cube where the latents leave those it was made around."""
        return (latents - self.lowest) / self.width


class GaussianProcessSearch:
    """Bayesian optimisation of the objective over the code latents of the fillings."""

    def __init__(self, space: Space, model: CodeEncoder, seed: int) -> None:
        self.space, self.model = space, model
        self.generator = random.Random(seed)
        sample = list(space) if space.size <= POOL else draw_likely(space, POOL, self.generator, seen=())
        self.cube = UnitCube.around(torch.from_numpy(space.latents(sample, model)))

    def propose(self, history: History) -> Sequence[Filling]:
        """Return the fillings that Thompson samples of the process hold best."""
        if len(history) < WARM_START:
            return draw_likely(self.space, WARM_START, self.generator, seen=history)
        pool = self._pool(history)
        if len(pool) <= BATCH:
            return pool
        observed = self._nearest(history)
        losses = torch.tensor([history[filling] for filling in observed], dtype=torch.float64)
        seed = self.generator.getrandbits(31)
        places = thompson(self._points(observed), -losses.log1p(), self._points(pool), BATCH, seed)
        return [pool[place] for place in places]

    def _points(self, fillings: Sequence[Filling]) -> Float[Tensor, "N F"]:
        return self.cube(torch.from_numpy(self.space.latents(fillings, self.model)))

    def _nearest(self, history: History) -> list[Filling]:
        """Return the scored fillings nearest to the best one."""
        fillings = list(history)
        if len(fillings) <= NEAREST:
            return fillings
        points = self._points(fillings)
        best = min(range(len(fillings)), key=lambda place: history[fillings[place]])
        distances = (points - points[best]).norm(dim=1)
        return [fillings[place] for place in distances.argsort()[:NEAREST].tolist()]

    def _pool(self, history: History) -> list[Filling]:
        """Return unseen fillings: all of them, or likely ones and neighbours of the best."""
        if self.space.size <= POOL:
            return [filling for filling in self.space if filling not in history]
        parents = nsmallest(PARENTS, history, key=lambda filling: history[filling])
        children = [child for parent in parents for child in self._neighbours(parent, POOL // (2 * PARENTS))]
        pool = dict.fromkeys(child for child in children if child not in history)
        rest = draw_likely(self.space, POOL - len(pool), self.generator, seen={*history, *pool})
        return [*pool, *rest]

    def _neighbours(self, parent: Filling, count: int) -> list[Filling]:
        """Return fillings that differ from the parent in one hole, by a fill near in latent space.

        The rank of the neighbour is log-uniform: most are close, some are anywhere.
        """
        orders = [self._by_distance(parent, hole) for hole in range(len(parent))]
        children = []
        for _ in range(count):
            order = self.generator.choice(orders)
            children.append(order[min(int(len(order) ** self.generator.random()), len(order) - 1)])
        return children

    def _by_distance(self, parent: Filling, hole: int) -> list[Filling]:
        """Return the parent with each fill of one hole, nearest first, the parent itself leading."""
        domain = self.space.domains[hole]
        siblings = [(*parent[:hole], fill, *parent[hole + 1 :]) for fill in map(domain.__getitem__, range(len(domain)))]
        points = self._points(siblings)
        distances = (points - points[siblings.index(parent)]).norm(dim=1)
        return [siblings[place] for place in distances.argsort().tolist()]


def thompson(
    inputs: Float[Tensor, "N F"], outputs: Float[Tensor, " N"], pool: Float[Tensor, "M F"], count: int, seed: int
) -> list[int]:
    """Return the places of `count` points of the pool, each the maximum of one posterior sample.

    A SingleTaskGP, outputs standardised, whose kernel has BoTorch's dimension-scaled prior, but one length scale for
    all dimensions: the latent space's own distance is what the search relies on, and the fit is several times faster.
    """
    from botorch.exceptions.errors import ModelFittingError
    from botorch.fit import fit_gpytorch_mll
    from botorch.models import SingleTaskGP
    from botorch.models.transforms import Standardize
    from gpytorch.mlls import ExactMarginalLogLikelihood
    from linear_operator.utils.errors import NotPSDError

    standardised = Standardize(m=1)
    kernel = one_length_scale(inputs.shape[1])
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        # Jitter on a covariance and a fit's early stop are told as warnings; neither is the user's concern.
        warnings.simplefilter("ignore")
        torch.manual_seed(seed)
        process = SingleTaskGP(inputs, outputs[:, None], covar_module=kernel, outcome_transform=standardised)
        try:
            fit_gpytorch_mll(ExactMarginalLogLikelihood(process.likelihood, process))
            with torch.no_grad():
                samples = process.posterior(pool).rsample(torch.Size([count]))[..., 0]
        except (ModelFittingError, NotPSDError):
            samples = torch.rand(count, len(pool))  # a round at random: more points may make the next fit possible
    return distinct_maxima(samples)


def one_length_scale(dimensions: int) -> RBFKernel:
    """Return the kernel.

    Source: Hvarfner et al., 2024, "Vanilla Bayesian optimization performs great in high dimensions", for the prior;
    they give each dimension a scale of its own.
    """
    from gpytorch.constraints import GreaterThan
    from gpytorch.kernels import RBFKernel
    from gpytorch.priors import LogNormalPrior

    prior = LogNormalPrior(loc=math.sqrt(2) + math.log(dimensions) / 2, scale=math.sqrt(3))
    shortest = GreaterThan(2.5e-2, transform=None, initial_value=prior.mode)
    return RBFKernel(lengthscale_prior=prior, lengthscale_constraint=shortest)


def distinct_maxima(samples: Float[Tensor, "B M"]) -> list[int]:
    """Return the place of each sample's maximum, or of its highest place that no earlier sample took."""
    places: list[int] = []
    for sample in samples:
        order = sample.argsort(descending=True)[: len(places) + 1].tolist()
        places.append(next(place for place in order if place not in places))
    return places
