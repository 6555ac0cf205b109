"""The search: Gaussian processes over code latents, asked where the target states are likeliest.

Every filling of the template decodes to itself, so a pool of fillings is a pool of decodable points: the processes
see each string once, at its own code latents. They model what an evaluation leads to, as the state decoder reads it,
rather than how far that is from the targets, since the targets are known. A space that can be listed is the pool
itself; in a larger one the pool climbs from the best fillings, in steps that a trust region bounds. `auto` tries what
all examples propose when they are run backwards (`inversion/`) before anything else.

A search with another model or acquisition is a subclass with its own `make_process` or `make_acquisition`, and a line
in the table of `options.py`. BoTorch costs seconds, so these methods import it, when the processes begin.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from heapq import nlargest, nsmallest
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from latent_repl.shapes import Float
from latent_repl.synthesis.bayesian.inputs import CodeInputs, DecodedInputs, Inputs, PermutedInputs, ValueInputs
from latent_repl.synthesis.bayesian.trust_region import TrustRegion
from latent_repl.synthesis.inversion.batch import Inversion
from latent_repl.synthesis.inversion.proposals import InverseProposals
from latent_repl.synthesis.inversion.secant import Secant
from latent_repl.synthesis.problem.domains import Fill, Filling
from latent_repl.synthesis.searches.base import PRIOR, History, Setting, draw_likely

if TYPE_CHECKING:
    from botorch.acquisition.acquisition import AcquisitionFunction

    from latent_repl.synthesis.bayesian.model import Process
    from latent_repl.synthesis.bayesian.path_models import OutcomeModel

# The processes are held to the points nearest to the best one: a fit costs their number cubed.
NEAREST = 200
# A space of so many fillings is the pool itself: encoding it takes a second. Chosen.
LISTED = 4_000
# In a space of more than this numbers move within a trust region, which begins anew elsewhere when it has shrunk.
OPEN = 100_000
# Likely fillings in a pool, the fillings it climbs from, so many siblings by one hole and by several, and how often.
# Chosen.
POOL, PARENTS, SIBLINGS, CLIMBS = 500, 8, 12, 5
# How far a number may move at once where the trust region is largest, and how often one moves rather than that any
# likely fill takes its place; how often a fill changes where several may. Chosen.
FARTHEST, NEAR, CHANGED = 500.0, 0.6, 0.6
# Evaluations before the first fit, for each hole. Chosen.
WARM_START = 8
# Evaluations of a round, in a listed space and in a larger one; it grows to a share of those before it, as the
# processes' cost does. Chosen.
SMALL_BATCH, BATCH, GROWTH = 4, 8, 16
# The share of a batch that the density chooses, from so many that a climb brings; samples choose the rest, among the
# densest so many. Chosen.
GREEDY, KEPT, SHORTLIST = 0.75, 500, 100


class GaussianProcessSearch:
    """Bayesian optimisation of a composite: processes of the outcome, whose targets are known."""

    def __init__(self, setting: Setting) -> None:
        self.space, self.objective, space = setting.space, setting.objective, setting.space
        self.inputs, self.proposals = self.make_inputs(setting), self.make_proposals(setting)
        self.secant = Secant(setting.objective)
        self.generator = random.Random(setting.seed)
        self.scatter = torch.quasirandom.SobolEngine(len(space.domains), scramble=True, seed=setting.seed)
        self.log_probability = cache(space.log_probability)
        self.region, self.count = TrustRegion(), BATCH
        self.sources: dict[Filling, str] = {}
        self.listed = list(space) if space.size <= LISTED else []

    def make_inputs(self, setting: Setting) -> Inputs:
        """Return where fillings lie for the processes."""
        return DecodedInputs(setting.space, setting.model)

    def make_proposals(self, setting: Setting) -> InverseProposals | None:
        """Return what running backwards proposes, None for the processes alone."""
        return None

    def make_process(self, group_sizes: Sequence[int]) -> Process:
        """Return a model of one path's outputs, over inputs in groups of such sizes."""
        from latent_repl.synthesis.bayesian.model import GridProcess

        return GridProcess(group_sizes)

    def make_acquisition(self, model: OutcomeModel) -> AcquisitionFunction:
        """Return what a round's points are valued by."""
        from latent_repl.synthesis.bayesian.acquisition import TargetDensity

        return TargetDensity(model)

    @cached_property
    def model(self) -> OutcomeModel:
        """What the search has learnt."""
        from latent_repl.synthesis.bayesian.path_models import OutcomeModel

        features = self.objective.target_features
        return OutcomeModel(self.inputs.group_sizes, self.inputs.line_groups, features, self.make_process)

    @property
    def learnt(self) -> OutcomeModel | None:
        """The model once the processes have begun, None before."""
        return vars(self).get("model")

    def propose(self, history: History) -> Sequence[Filling]:
        """Return the fillings where the processes hold the targets likeliest, by acquisition value and by samples."""
        inverse = self._inverse(history)
        if inverse:
            return inverse
        warm = WARM_START * len(self.space.domains)
        if len(history) - self.region.start < warm:
            return self._scattered(warm, history)
        if self.space.size > OPEN:
            self._move(history)
            if self.region.exhausted:
                self.region = TrustRegion(start=len(history))
                return self._scattered(warm, history)
        self.count = max(SMALL_BATCH if self.listed else BATCH, len(history) // GROWTH)
        if not self._learn(self._nearest(history)):
            return self._scattered(BATCH, history)
        acquisition = self.make_acquisition(self.model)
        pool = [filling for filling in self.listed if filling not in history] or self._climb(acquisition, history)
        self.objective.machine.watch(0)
        if not pool:  # nothing that a climb meets is sound, or new
            return self._scattered(BATCH, history)
        chosen = pool if len(pool) <= self.count else self._choose(acquisition, pool, self.count)
        proposed = self.proposals.expected if self.proposals else {}
        self.sources |= {filling: "inverse+gp" if filling in proposed else "gp" for filling in chosen}
        return chosen

    def source_of(self, filling: Filling) -> str:
        """Return whether a filling came from running backwards, the processes, both, or was drawn before they began."""
        return self.sources[filling]

    def _inverse(self, history: History) -> Sequence[Filling]:
        """Return what the examples propose, if that should be tried before anything else."""
        if self.proposals is None:
            return []
        proposed = self.proposals.after(history) if history else self.proposals.before()
        self.sources |= dict.fromkeys(proposed, "inverse")
        if not proposed:
            proposed = self.secant.after(history)
            self.sources |= dict.fromkeys(proposed, "secant")
        return proposed

    def _learn(self, fillings: Sequence[Filling]) -> bool:
        """Let the processes learn these outcomes; return whether they could.

        They cannot where too few programs ended, nor from points that are no numbers, as a damaged checkpoint gives.
        """
        try:
            return self.model.condition(self.inputs(fillings), [self.objective.outcomes[each] for each in fillings])
        except RuntimeError:  # torch has no factor of the covariance
            return False

    def _prior(self, fillings: Sequence[Filling]) -> Float[Tensor, " P"]:
        """Return how much more probable than others each filling was before, in nats."""
        return PRIOR * torch.tensor([*map(self.log_probability, fillings)], dtype=torch.float64)

    def _choose(self, acquisition: AcquisitionFunction, pool: Sequence[Filling], count: int) -> list[Filling]:
        """Return a batch: some by acquisition value, each as if the outcomes of those before were known, the others
        each nearest to the targets in one joint sample."""
        from latent_repl.synthesis.bayesian.acquisition import choose_greedily, distinct_minima

        prior, points = self._prior(pool), torch.from_numpy(self.inputs(pool))
        chosen = choose_greedily(acquisition, points, prior, round(GREEDY * count))
        dense = (prior + acquisition(points[:, None])).argsort(descending=True).tolist()
        rest = [place for place in dense if place not in chosen][:SHORTLIST]
        near = torch.from_numpy(self.inputs([pool[place] for place in rest]))
        distances = self.model.sampled_distances(near, count - len(chosen), self.generator.getrandbits(31))
        return [pool[place] for place in [*chosen, *(rest[place] for place in distinct_minima(distances))]]

    def _scattered(self, count: int, history: History) -> list[Filling]:
        """Return unseen likely fillings; in a listed space half of them spread evenly over it."""
        spread = dict[Filling, None]()
        while self.listed and len(spread) < min(count // 2, self.space.size - len(history)):
            filling = self.space.spread(self.scatter.draw(1)[0].tolist())
            if filling not in history:
                spread[filling] = None
        likely = draw_likely(self.space, count - len(spread), self.generator, seen={*history, *spread})
        self.sources |= dict.fromkeys([*spread, *likely], "prior")
        return [*spread, *likely]

    def _since_start(self, history: History) -> list[Filling]:
        """Return the fillings scored since the region's last start, in their order."""
        return list(history)[self.region.start :]

    def _best(self, history: History) -> Filling:
        return min(self._since_start(history), key=history.__getitem__)

    def _move(self, history: History) -> None:
        """Let the region learn what the last round brought."""
        last = self._since_start(history)[-self.count :]
        self.region = self.region.after(min(history[filling] for filling in last))

    def _nearest(self, history: History) -> list[Filling]:
        """Return the scored fillings nearest to the best one."""
        fillings = list(history)
        if len(fillings) <= NEAREST:
            return fillings
        points = self.inputs(fillings)
        distances = np.linalg.norm(points - self.inputs([self._best(history)]), axis=1)
        return [fillings[place] for place in distances.argsort()[:NEAREST].tolist()]

    def _climb(self, acquisition: AcquisitionFunction, history: History) -> list[Filling]:
        """Return unseen fillings: likely ones, and those met on a climb of the acquisition value from the best ones."""
        parents = self._parents(history)
        inverse = self.proposals.likeliest() if self.proposals else []
        new = [*inverse, *(self.space.likely(self.generator) for _ in range(POOL))]
        found = dict[Filling, float]()
        for _ in range(CLIMBS):
            self.objective.machine.watch(0)
            new += [child for parent in parents for child in self._children(parent)]
            unmet = [each for each in dict.fromkeys(new) if not (each in found or each in history)]
            unmet = [filling for filling in unmet if self.space.sound(filling)]
            if not unmet:
                break
            values = self._prior(unmet) + acquisition(torch.from_numpy(self.inputs(unmet))[:, None])
            found.update(zip(unmet, values.tolist(), strict=True))
            parents, new = nlargest(PARENTS, found, key=found.__getitem__), []
        return nlargest(KEPT, found, key=found.__getitem__)

    def _parents(self, history: History) -> list[Filling]:
        """Return the best fillings since the last start, one for each outcome: many fills often lead to the same."""
        best = sorted(self._since_start(history), key=history.__getitem__)
        of_outcome = {self._outcome(filling): filling for filling in reversed(best)}
        return nsmallest(PARENTS, of_outcome.values(), key=history.__getitem__)

    def _outcome(self, filling: Filling) -> tuple[bytes, ...]:
        return tuple(features.tobytes() for features in self.objective.outcomes[filling].features)

    def _children(self, parent: Filling) -> Iterator[Filling]:
        """Yield the parent with one hole changed, and with several."""
        for hole in range(len(parent)):
            for _ in range(SIBLINGS):
                yield (*parent[:hole], self._changed(parent, hole), *parent[hole + 1 :])
        for _ in range(SIBLINGS if len(parent) > 1 else 0):
            yield tuple(
                self._changed(parent, hole) if self.generator.random() < CHANGED else fill
                for hole, fill in enumerate(parent)
            )

    def _changed(self, parent: Filling, hole: int) -> Fill:
        """Return another fill of a hole: a near number, all orders of nearness alike, or any likely fill."""
        domain, fill = self.space.domains[hole], parent[hole]
        if isinstance(fill, int) and self.generator.random() < NEAR:
            farthest = max(2.0, FARTHEST * min(self.region.length, 1.0))
            moved = fill + self.generator.choice((1, -1)) * int(farthest ** self.generator.random())
            return moved if moved in domain else fill
        return domain.likely(self.generator)


class InverseThenProcesses(GaussianProcessSearch):
    """The default: running backwards first, the processes where that alone does not tell."""

    backwards = True

    def make_proposals(self, setting: Setting) -> InverseProposals | None:
        """Return what running backwards proposes."""
        return InverseProposals(setting.space, Inversion(setting.objective), setting.objective)


class ProcessesOnPermuted(GaussianProcessSearch):
    """A control: the same points, dealt out among the fills at random."""

    def make_inputs(self, setting: Setting) -> Inputs:
        """Return the points of other fillings."""
        return PermutedInputs(setting.space, setting.model, setting.seed)


class ProcessesOnLatents(GaussianProcessSearch):
    """The same processes on the strings' bare code latents, not on what the decoder reads in them."""

    def make_inputs(self, setting: Setting) -> Inputs:
        """Return the code latents."""
        return CodeInputs(setting.space, setting.model)


class ProcessesOnValues(GaussianProcessSearch):
    """A control: the bare numbers of the fills, without any latents."""

    def make_inputs(self, setting: Setting) -> Inputs:
        """Return the numbers."""
        return ValueInputs(setting.space)
