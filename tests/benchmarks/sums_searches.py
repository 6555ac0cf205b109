"""What the benchmark of the sums adds to the package's searches: those of the whole box, as in the post.

A point of the box is scored by the executor as it is, and decoded only to name the fill, where it meets the target.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float

from latent_repl.model.sums.inference import NumpySums
from latent_repl.synthesis.bayesian.acquisition import distinct_minima
from latent_repl.synthesis.bayesian.model import GridProcess
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.searches.base import BATCH, History, Setting

BUDGET = 256
# Points that a Gaussian process chooses from in the box: half uniform, half around its best. Chosen.
POOL, PARENTS = 128, 4


class RandomInBox:
    """Uniform draws from the box [-1, 1]^D."""

    def __init__(self, setting: Setting) -> None:
        assert isinstance(setting.model, NumpySums), "the box is of sums models alone"
        self.objective, self.model = setting.objective, setting.model
        self.generator, self.seed = np.random.default_rng(setting.seed), setting.seed
        self.points, self.satisfied = 0, np.zeros(0, dtype=bool)
        self.box, self.losses = np.zeros((0, self.model.config.code_latent)), np.zeros(0)

    def propose(self, history: History) -> Sequence[Filling]:
        """Return what the next points decode to that meet the target; those before were refuted: they are no good."""
        self.losses[self.satisfied] = self.losses.max(initial=0)
        while self.points + len(history) < BUDGET:
            drawn = self.draw()
            scores = self.objective.score_points(self.model.codes_of(drawn))
            met = np.array([score.satisfied for score in scores])
            self.box, self.satisfied = np.concatenate([self.box, drawn]), np.concatenate([self.satisfied, met])
            self.losses = np.concatenate([self.losses, [score.loss for score in scores]])
            self.points += len(drawn)
            numbers = self.model.code_vae.decode(drawn.astype(np.float32))[met].tolist()
            new = [filling for filling in dict.fromkeys((number,) for number in numbers) if filling not in history]
            if new:
                return new
            self.losses[self.satisfied] = self.losses.max()
        return []

    def draw(self) -> Float[np.ndarray, "B D"]:
        """Return the next points."""
        return self.generator.uniform(-1, 1, (BATCH, self.box.shape[1]))


class ProcessInBox(RandomInBox):
    """A Gaussian process over the box: the post's search. Half of each pool is uniform, half lies around the best."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.process = GridProcess([self.box.shape[1]])
        self.torch = torch.Generator().manual_seed(self.seed)

    def draw(self) -> Float[np.ndarray, "B D"]:
        """Return the points that Thompson samples hold best; the first are uniform."""
        if not len(self.box):
            return super().draw()
        pool = np.concatenate([self.generator.uniform(-1, 1, (POOL // 2, self.box.shape[1])), self._children()])
        self.process.condition(torch.from_numpy(self.box + 1) / 2, torch.from_numpy(np.log1p(self.losses))[:, None])
        joint = self.process.posterior(torch.from_numpy(pool + 1) / 2)
        with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
            warnings.simplefilter("ignore")  # near points need jitter
            torch.manual_seed(int(self.generator.integers(2**31)))
            return pool[distinct_minima(joint.rsample(torch.Size([BATCH]))[..., 0])]

    def _children(self) -> Float[np.ndarray, "B D"]:
        """Return points around the best: Gaussian steps whose size is log-uniform between 0.01 and 1."""
        parents = self.box[self.generator.choice(np.argsort(self.losses)[:PARENTS], POOL // 2)]
        size = 10 ** self.generator.uniform(-2, 0, (POOL // 2, 1))
        return np.clip(parents + size * self.generator.standard_normal(parents.shape), -1, 1)
