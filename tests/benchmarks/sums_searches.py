"""The searches that the benchmark of the sums compares, each running many problems at once.

A search proposes Q points for each of its R problems, observes their scores, and drops the problems that are solved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import cma
import numpy as np
import torch

from latent_repl.model.sums.network import SumsModel
from tests.benchmarks.sums_landscape import Flags, Floats, Landscape, Problems, Scores
from tests.benchmarks.sums_process import thompson

NAMES = (
    *("GP, box", "GP, snapped", "CMA-ES", "CEM"),
    *("gradient, 1 start", "gradient, 10 starts", "gradient, 100 starts", "random", "enumeration"),
)
BATCH = 8
# Points that a Gaussian process chooses from in the box: half uniform, half around its best. Chosen.
POOL, PARENTS = 128, 4
# Adam's learning rate; no other was tried. Chosen.
GRADIENT_RATE = 0.1


class BatchSearch(Protocol):
    """One search on R problems at once."""

    def propose(self) -> Floats:
        """Return R x Q x D points in the box."""

    def observe(self, points: Floats, scores: Scores) -> None:
        """Learn what the proposed points scored."""

    def keep(self, rows: Flags) -> None:
        """Go on with these problems only."""


class RandomInBox:
    """Uniform draws from the box [-1, 1]^D."""

    def __init__(self, landscape: Landscape, problems: Problems, seed: int) -> None:
        self.count, self.dimensions = len(problems), landscape.dimensions
        self.generator = np.random.default_rng(seed)

    def propose(self) -> Floats:
        """Return the next draws."""
        return self.generator.uniform(-1, 1, (self.count, BATCH, self.dimensions))

    def observe(self, points: Floats, scores: Scores) -> None:
        """Nothing is learnt."""

    def keep(self, rows: Flags) -> None:
        """Go on with fewer."""
        self.count = int(rows.sum())


class Enumeration:
    """Every string once, in random order."""

    def __init__(self, landscape: Landscape, problems: Problems, seed: int) -> None:
        generator = np.random.default_rng(seed)
        self.strings, self.next = landscape.strings, 0
        self.orders = generator.permuted(np.tile(np.arange(len(self.strings)), (len(problems), 1)), axis=1)

    def propose(self) -> Floats:
        """Return the code vectors of the next strings; none when all were proposed."""
        places = self.orders[:, self.next : self.next + BATCH]
        self.next += BATCH
        return self.strings[places]

    def observe(self, points: Floats, scores: Scores) -> None:
        """Nothing is learnt."""

    def keep(self, rows: Flags) -> None:
        """Go on with fewer."""
        self.orders = self.orders[rows]


class _Remembering:
    """What both Gaussian processes share: the points so far and their outputs, larger is better."""

    def __init__(self, landscape: Landscape, problems: Problems, seed: int) -> None:
        self.points = np.empty((len(problems), 0, landscape.dimensions))
        self.outputs = np.empty((len(problems), 0))
        self.numbers = np.random.default_rng(seed)
        self.torch = torch.Generator().manual_seed(seed)

    def observe(self, points: Floats, scores: Scores) -> None:
        """Keep the points; one that the oracle refuted counts as the worst so far, else it would be tried for ever."""
        self.points = np.concatenate([self.points, points], axis=1)
        outputs = np.concatenate([self.outputs, -np.log1p(scores.losses)], axis=1)
        refuted = np.zeros_like(outputs, dtype=bool)
        refuted[:, -points.shape[1] :] = scores.refuted
        self.outputs = np.where(refuted, outputs.min(1, keepdims=True), outputs)

    def keep(self, rows: Flags) -> None:
        """Go on with fewer."""
        self.points, self.outputs = self.points[rows], self.outputs[rows]

    def choose(self, pool: Floats) -> np.ndarray:
        """Return the places of R x BATCH points of R pools, by Thompson sampling."""
        places = [
            thompson(
                torch.from_numpy((self.points[rows] + 1) / 2),
                torch.from_numpy(self.outputs[rows]),
                torch.from_numpy((pool[rows] + 1) / 2).double(),
                min(BATCH, pool.shape[1]),
                self.torch,
            )
            for rows in np.array_split(np.arange(len(pool)), max(1, len(pool) // 64))
        ]
        return torch.cat(places).numpy()


class ProcessInBox(_Remembering):
    """A Gaussian process over the box: the post's search. Half of each pool is uniform, half lies around the best."""

    def propose(self) -> Floats:
        """Return the points that Thompson samples hold best; the first are uniform."""
        rows, seen, dimensions = self.points.shape
        if seen == 0:
            return self.numbers.uniform(-1, 1, (rows, BATCH, dimensions))
        pool = np.concatenate([self.numbers.uniform(-1, 1, (rows, POOL // 2, dimensions)), self._children()], axis=1)
        return np.take_along_axis(pool, self.choose(pool)[..., None], axis=1)

    def _children(self) -> Floats:
        """Return points around the best: Gaussian steps whose size is log-uniform between 0.01 and 1."""
        best = np.argsort(-self.outputs, axis=1)[:, : min(PARENTS, self.points.shape[1])]
        places = best[:, self.numbers.integers(best.shape[1], size=POOL // 2)]
        parents = np.take_along_axis(self.points, places[..., None], axis=1)
        size = 10 ** self.numbers.uniform(-2, 0, (*places.shape, 1))
        return np.clip(parents + size * self.numbers.standard_normal(parents.shape), -1, 1)


class ProcessOnStrings(_Remembering):
    """A Gaussian process over the code vectors of the strings: every point is one that an encoder has made."""

    def __init__(self, landscape: Landscape, problems: Problems, seed: int) -> None:
        super().__init__(landscape, problems, seed)
        self.strings = landscape.strings
        self.left = self.numbers.permuted(np.tile(np.arange(len(self.strings)), (len(problems), 1)), axis=1)

    def propose(self) -> Floats:
        """Return the code vectors of the strings that Thompson samples hold best; the first are drawn at random."""
        pool = self.strings[self.left]
        if self.points.shape[1] == 0 or pool.shape[1] <= BATCH:
            places = np.tile(np.arange(min(BATCH, pool.shape[1])), (len(pool), 1))
        else:
            places = self.choose(pool)
        unseen = np.ones(self.left.shape, dtype=bool)
        np.put_along_axis(unseen, places, False, axis=1)
        self.left = self.left[unseen].reshape(len(pool), -1)
        return np.take_along_axis(pool, places[..., None], axis=1)

    def keep(self, rows: Flags) -> None:
        """Go on with fewer."""
        super().keep(rows)
        self.left = self.left[rows]


class CrossEntropy:
    """The cross-entropy method: a diagonal Gaussian refitted to the best quarter of 16. Source: Rubinstein, 1999."""

    POPULATION, ELITE, LEAST = 16, 4, 0.02

    def __init__(self, landscape: Landscape, problems: Problems, seed: int) -> None:
        shape = (len(problems), 1, landscape.dimensions)
        self.mean, self.deviation = np.zeros(shape), np.full(shape, 0.6)
        self.generator = np.random.default_rng(seed)

    def propose(self) -> Floats:
        """Return draws from the Gaussians."""
        shape = (len(self.mean), self.POPULATION, self.mean.shape[2])
        return np.clip(self.mean + self.deviation * self.generator.standard_normal(shape), -1, 1)

    def observe(self, points: Floats, scores: Scores) -> None:
        """Refit to the points of least loss."""
        places = np.argsort(scores.losses + 1e3 * scores.refuted, axis=1)[:, : self.ELITE, None]
        elite = np.take_along_axis(points, places, axis=1)
        self.mean = elite.mean(1, keepdims=True)
        self.deviation = np.maximum(elite.std(1, keepdims=True), self.LEAST)

    def keep(self, rows: Flags) -> None:
        """Go on with fewer."""
        self.mean, self.deviation = self.mean[rows], self.deviation[rows]


class CovarianceAdaptation:
    """CMA-ES as `cma` has it, from the box's centre with deviation 0.6; points outside are moved to its wall."""

    def __init__(self, landscape: Landscape, problems: Problems, seed: int) -> None:
        options = {"verbose": -9, "maxfevals": 10**6, "tolfun": 0, "tolfunhist": 0, "tolx": 0, "tolflatfitness": 10**6}
        start = np.zeros(landscape.dimensions)
        self.strategies = [
            cma.CMAEvolutionStrategy(start, 0.6, {**options, "seed": seed * len(problems) + number + 1})
            for number in range(len(problems))
        ]
        self.asked: list[list[Floats]] = []

    def propose(self) -> Floats:
        """Return one population for each problem."""
        self.asked = [strategy.ask() for strategy in self.strategies]
        return np.clip(np.array(self.asked), -1, 1)

    def observe(self, points: Floats, scores: Scores) -> None:
        """Tell each strategy its population's losses."""
        losses = scores.losses + 1e3 * scores.refuted
        for strategy, asked, row in zip(self.strategies, self.asked, losses, strict=True):
            strategy.tell(asked, row.tolist())

    def keep(self, rows: Flags) -> None:
        """Go on with fewer."""
        self.strategies = [strategy for strategy, kept in zip(self.strategies, rows, strict=True) if kept]


class GradientDescent:
    """Adam through decoder and executor from several uniform starts, moved in turn; each forward is one evaluation."""

    def __init__(self, landscape: Landscape, problems: Problems, seed: int, *, starts: int, model: SumsModel) -> None:
        self.problems, self.model, self.maximum = problems, model, landscape.maximum
        generator = np.random.default_rng(seed)
        shape = (len(problems), starts, landscape.dimensions)
        self.points = generator.uniform(-1, 1, shape).astype(np.float32)
        self.first, self.second = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        self.steps = 0
        with torch.no_grad():
            symbols = len(model.vocabulary.symbols)
            ids = model.number_ids(torch.arange(-self.maximum, self.maximum + 1))
            self.ids, self.states = ids, model.state_vae.latent_table()[ids]
        assert int(ids.min()) == symbols

    def propose(self) -> Floats:
        """Return where every start has come to."""
        return self.points

    def observe(self, points: Floats, scores: Scores) -> None:
        """Take one step of Adam from each point. Source: Kingma and Ba, 2015."""
        slope = self._slope(points)
        self.steps += 1
        self.first += 0.1 * (slope - self.first)
        self.second += 0.001 * (slope**2 - self.second)
        mean, square = self.first / (1 - 0.9**self.steps), self.second / (1 - 0.999**self.steps)
        self.points = np.clip(self.points - GRADIENT_RATE * mean / (np.sqrt(square) + 1e-8), -1, 1)

    def keep(self, rows: Flags) -> None:
        """Go on with fewer."""
        self.problems, self.points = self.problems[rows], self.points[rows]
        self.first, self.second = self.first[rows], self.second[rows]

    def _slope(self, points: Floats) -> Floats:
        each = self.problems.repeat(points.shape[1])
        given = torch.from_numpy(points.reshape(-1, points.shape[2])).requires_grad_()
        executed = self.model.executor(self.states[torch.from_numpy(each.before + self.maximum)], given)
        logits = self.model.state_vae.logits(executed)[:, self.ids]
        wanted = torch.from_numpy(each.wanted + self.maximum)
        loss = torch.nn.functional.cross_entropy(logits, wanted, reduction="sum")
        return torch.autograd.grad(loss, given)[0].numpy().reshape(points.shape)


Maker = Callable[[Landscape, Problems, int], BatchSearch]


def searches(model: SumsModel) -> dict[str, Maker]:
    """Return every search by name; the model in torch is for the gradient."""

    def gradient(starts: int) -> Maker:
        return lambda landscape, problems, seed: GradientDescent(landscape, problems, seed, starts=starts, model=model)

    makers: tuple[Maker, ...] = (
        ProcessInBox,
        ProcessOnStrings,
        CovarianceAdaptation,
        CrossEntropy,
        gradient(1),
        gradient(10),
        gradient(100),
        RandomInBox,
        Enumeration,
    )
    return dict(zip(NAMES, makers, strict=True))
