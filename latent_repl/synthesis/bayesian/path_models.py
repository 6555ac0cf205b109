"""What a search has learnt from its evaluations: which execution paths programs take, and where each path leads.

A program that ends has gone by certain lines with holes, and what it led to depends on their fills alone, not on those
of a branch that it passed by. So each path of an example has a model of its own, a classifier says where the paths are
taken, and what an example leads to is the mixture. A program that fails takes no path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from botorch.models.model import Model
from botorch.posteriors.posterior import Posterior
from botorch.posteriors.torch import TorchPosterior
from torch import Tensor

from latent_repl.shapes import Float, Int
from latent_repl.synthesis.bayesian.design import Design
from latent_repl.synthesis.bayesian.model import CONSTANT, GridProcess, Process, Roots
from latent_repl.synthesis.bayesian.posterior import Squares, squared_distances
from latent_repl.synthesis.objective import ExecutionPath, Outcome

# Programs that must have taken a path before its outcomes are modelled. Chosen.
FEWEST = 3

MakeProcess = Callable[[Sequence[int]], Process]


@dataclass(frozen=True)
class PathModel:
    """Where a path leads in one example.

    rows: the inputs that took it; those that are the same to it only once. weights (M,): of each output that varies,
    together one: they are features of one value, and know no more together than one of them.
    """

    example: int
    path: ExecutionPath
    rows: tuple[int, ...]
    process: Process
    target: Float[Tensor, " M"]
    weights: Float[Tensor, " M"]


class OutcomeModel(Model):
    """A BoTorch model of the outputs of all examples, over points in the unit cube; kept from round to round.

    group_sizes: the dimensions of each group. line_groups (F,): which line with holes a dimension tells of.
    targets: the outputs to find, example by example. make_process: of group sizes, the model of one path's outputs.
    """

    def __init__(
        self,
        group_sizes: Sequence[int],
        line_groups: Int[np.ndarray, " F"],
        targets: Sequence[Float[np.ndarray, " M"]],
        make_process: MakeProcess = GridProcess,
    ) -> None:
        super().__init__()
        self.group_sizes, self.line_groups = tuple(group_sizes), line_groups
        self.all_lines = frozenset(line_groups.tolist())
        lines = np.split(line_groups, np.cumsum(self.group_sizes)[:-1])
        self._lines_of_groups = [int(each[0]) for each in lines] if all(len({*each}) == 1 for each in lines) else []
        self.targets = [torch.from_numpy(features.astype(np.float64)) for features in targets]
        self.make_process = make_process
        self.path_classifier, self._processes = make_process(group_sizes), dict[tuple[int, ExecutionPath], Process]()
        self.inputs: Float[Tensor, "N F"] = torch.zeros(0, sum(group_sizes))
        self.path_models: list[PathModel] = []
        self._masks: dict[ExecutionPath, Float[Tensor, " F"]] = {}

    @property
    def target(self) -> Float[Tensor, " M"]:
        """The outputs to find, of all examples in turn."""
        return torch.cat(self.targets)

    @property
    def num_outputs(self) -> int:
        """How many outputs all examples have."""
        return len(self.target)

    def condition(self, points: Float[np.ndarray, "N F"], outcomes: Sequence[Outcome]) -> bool:
        """Learn what these points led to; return whether enough programs ended for that."""
        inputs = torch.from_numpy(points)
        took: dict[tuple[int, ExecutionPath], list[int]] = {}
        for row, outcome in enumerate(outcomes):
            for example, path in enumerate(outcome.paths):
                if path is not None:
                    took.setdefault((example, path), []).append(row)
        took = {key: rows for key, rows in took.items() if len(rows) >= FEWEST}
        if not took:
            return False
        taken = torch.zeros(len(points), len(took), dtype=torch.float64)
        for column, rows in enumerate(took.values()):
            taken[rows, column] = 1
        self.path_classifier.condition(inputs, taken)
        self.inputs = inputs
        alike: dict[tuple[ExecutionPath, tuple[int, ...]], list[int]] = {}
        for (example, path), rows in took.items():
            alike.setdefault((path, tuple(rows)), []).append(example)
        learnt = {
            (each.example, each.path): each
            for (path, rows), examples in alike.items()
            for each in self._learn(path, rows, examples, outcomes)
        }
        self.path_models = [learnt[key] for key in took]
        return True

    def _learn(
        self, path: ExecutionPath, rows: Sequence[int], examples: Sequence[int], outcomes: Sequence[Outcome]
    ) -> list[PathModel]:
        """Learn where a path led in examples that the same programs took it in."""
        first = np.unique(self.seen(path, self.inputs[[*rows]]).numpy(), axis=0, return_index=True)[1]
        kept = [rows[place] for place in sorted(first)]
        design = Design(self.group_sizes, self.seen(path, self.inputs[kept]))
        return [self._path_model(example, path, tuple(kept), design, outcomes) for example in examples]

    def _path_model(
        self, example: int, path: ExecutionPath, kept: tuple[int, ...], design: Design, outcomes: Sequence[Outcome]
    ) -> PathModel:
        features = torch.from_numpy(np.stack([outcomes[row].features[example] for row in kept]).astype(np.float64))
        if (example, path) not in self._processes:
            self._processes[example, path] = self.make_process(self.group_sizes)
        process = self._processes[example, path]
        process.condition(design.inputs, features, design)
        varies = (process.spread > CONSTANT).double()
        weights = varies / varies.sum().clamp(min=1)
        return PathModel(example, path, kept, process, self.targets[example], weights)

    def seen(self, path: ExecutionPath, points: Float[Tensor, "N F"]) -> Float[Tensor, "N F"]:
        """Return what a path sees of points: the dimensions of the lines that it goes by, the others at zero."""
        if path not in self._masks:
            self._masks[path] = torch.from_numpy(np.isin(self.line_groups, [*path])).double()
        return points * self._masks[path]

    def squares(self, path: ExecutionPath, every: Squares) -> Squares | None:
        """Return the squared distances that a path sees, of those of all dimensions: in a group that tells of one line,
        all or none. None where a group tells of several lines."""
        if not self._lines_of_groups:
            return None
        return [
            square if line in path else torch.zeros_like(square)
            for line, square in zip(self._lines_of_groups, every, strict=True)
        ]

    def pool(self, points: Float[Tensor, "P F"]) -> PoolPosterior:
        """Return the posterior at many points, each on its own."""
        return PoolPosterior(self, points)

    def posterior(self, X: Tensor, *arguments: Any, **named: Any) -> Posterior:
        """Return means and variances of all examples' outputs at points (b x q x F), paths mixed by probability.

        Points are independent of one another here: joint samples are what `sampled_distances` draws.
        """
        mean, variance = self.pool(X.reshape(-1, X.shape[-1])).moments()
        shape = (*X.shape[:-1], self.num_outputs)
        return TorchPosterior(torch.distributions.Normal(mean.reshape(shape), variance.sqrt().reshape(shape)))

    def sampled_distances(self, points: Float[Tensor, "P F"], count: int, seed: int) -> Float[Tensor, "C P"]:
        """Return how far joint samples of all examples' outputs lie from the targets, on their likeliest paths."""
        likeliest = self.pool(points).likeliest()
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            torch.manual_seed(seed)
            roots: dict[tuple[ExecutionPath, tuple[int, ...]], Roots] = {}
            each = []
            for model, taken in zip(self.path_models, likeliest.T, strict=True):
                process, seen = model.process, self.seen(model.path, points)
                if taken.any():
                    known = roots.setdefault((model.path, model.rows), {})
                    each.append(process.sampled_distances(seen, model.target, count, known) * taken)
                else:
                    process.skip_samples(seen, count)
                    each.append(torch.zeros(count, len(points), dtype=points.dtype))
        return torch.stack(each).sum(0)


class PoolPosterior:
    """What P points are held to lead to, before and after some of their outcomes are fantasised."""

    def __init__(self, model: OutcomeModel, points: Float[Tensor, "P F"]) -> None:
        self.model, self.points = model, points
        self._seen = {
            path: model.seen(path, points) for path in {model.all_lines, *(each.path for each in model.path_models)}
        }
        squares = self._squares(model.inputs)
        self.paths = model.path_classifier.pool_posterior(points, squares[model.all_lines])
        of_rows = {
            (path, rows): [square[:, list(rows)] for square in squares[path]]
            for path, rows in {(each.path, each.rows) for each in model.path_models}
        }
        self.outcomes = [
            each.process.pool_posterior(self._seen[each.path], of_rows[each.path, each.rows])
            for each in model.path_models
        ]

    def log_density(self) -> Float[Tensor, " P"]:
        """Return how likely each program is held to end at its targets, in nats and up to a constant."""
        mixed: dict[int, list[Tensor]] = {}
        taken = self.paths.log_exceeds(0.5).T
        for each, outcome, probability in zip(self.model.path_models, self.outcomes, taken, strict=True):
            density = probability + outcome.log_density(each.target, each.weights)
            mixed.setdefault(each.example, []).append(density)
        return torch.stack([torch.stack(paths).logsumexp(0) for paths in mixed.values()]).sum(0)

    def likeliest(self) -> Float[Tensor, "P L"]:
        """Return 1 where a path model's path is held to be its example's likeliest, else 0."""
        taken = self.paths.log_exceeds(0.5)
        most: dict[int, Tensor] = {}
        for each, column in zip(self.model.path_models, taken.T, strict=True):
            most[each.example] = torch.maximum(column, most.get(each.example, column))
        of_model = torch.stack([most[each.example] for each in self.model.path_models], 1)
        return (taken == of_model).double()

    def moments(self) -> tuple[Float[Tensor, "P M"], Float[Tensor, "P M"]]:
        """Return mean and variance of all examples' outputs; of an example that never ended, zero and one."""
        taken, means, variances = self.paths.log_exceeds(0.5), [], []
        for example, target in enumerate(self.model.targets):
            columns = [place for place, each in enumerate(self.model.path_models) if each.example == example]
            if not columns:
                means.append(torch.zeros(len(self.points), len(target), dtype=torch.float64))
                variances.append(torch.ones_like(means[-1]))
                continue
            weights = taken[:, columns].softmax(1).T[:, :, None]
            mean = torch.stack([self.outcomes[column].mean for column in columns])
            second = torch.stack([self.outcomes[column].variance for column in columns]) + mean.square()
            means.append((weights * mean).sum(0))
            variances.append(((weights * second).sum(0) - means[-1].square()).clamp(min=1e-12))
        return torch.cat(means, 1), torch.cat(variances, 1)

    def fantasise(self, place: int) -> None:
        """Take a point's outcome for known, and for just what is expected of it."""
        squares = self._squares(self.points[place : place + 1])
        self.paths.fantasise(place, squares[self.model.all_lines])
        likeliest = self.likeliest()[place].tolist()
        for each, outcome, taken in zip(self.model.path_models, self.outcomes, likeliest, strict=True):
            if taken:
                outcome.fantasise(place, squares[each.path])

    def _squares(self, others: Float[Tensor, "N F"]) -> dict[ExecutionPath, Squares]:
        """Return how far the points are from others, as each path sees them."""
        model = self.model
        every = squared_distances(model.group_sizes, self.points, others)
        known: dict[ExecutionPath, Squares] = {model.all_lines: every}
        for path in self._seen.keys() - known.keys():
            known[path] = model.squares(path, every) or squared_distances(
                model.group_sizes, self._seen[path], model.seen(path, others)
            )
        return known
