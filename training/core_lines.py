"""The base model's objective: chains of core lines with the states around them, or the arithmetic of lines alone.

The mixture is drawn anew at every step; operators that still fail come up more often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor, nn

from grammar.core_lines.pairs import HARD, hard_pairs, sample_pairs
from grammar.core_lines.sample import Mixture, sample
from latent_repl.errors import UsageError
from latent_repl.language.operators import OPERATORS
from latent_repl.model.network.backend import freeze
from latent_repl.model.network.interpreter import LatentInterpreter
from training.anchors import anchors
from training.config import LinesRun, LinesStage, Stage
from training.evaluate import chain_exact
from training.losses import losses, mmd_to_prior, pair_losses
from training.mined import MinedRows
from training.objective import Terms, new_networks
from training.schedule import Schedule

# How far one batch moves an operator's running share of errors; the least share that it is drawn by. Chosen.
NOTED, LEAST = 0.02, 0.003


@dataclass(frozen=True, slots=True)
class LinesBatch:
    """The tensors that a loss takes, and the operators (M,) of the first M lines, for counting errors."""

    operators: NDArray[np.int64]
    tensors: tuple[Tensor, ...]


@runtime_checkable
class Part(Protocol):
    """What a stage trains on."""

    def draw(self, generator: np.random.Generator, mixture: Mixture, count: int) -> Sequence[LinesBatch]:
        """Return batches of `count` lines."""

    def loss(self, batch: LinesBatch) -> tuple[Tensor, Terms]:
        """Return the total loss and its terms, `exact` for each line among them."""


class CoreLines:
    """The objective of a run on core lines; `errors` is how often each operator fails, running."""

    def __init__(self, run: LinesRun, device: torch.device, *, compiled: bool) -> None:
        self.run, self.device = run, device
        self.model = new_networks(run, device)
        self.errors = np.ones(len(OPERATORS))
        self.anchors = torch.from_numpy(_places(self.model)).to(device) if run.weights.anchor else None
        self.line_losses: Callable[..., Any] = losses
        self.pair_losses: Callable[..., Any] = pair_losses
        if compiled:
            self.line_losses, self.pair_losses = (torch.compile(each, dynamic=False) for each in (losses, pair_losses))

    def begin(self, stage: Stage) -> None:
        """Prepare for a stage."""
        assert isinstance(stage, LinesStage)
        self._stage = stage
        self._part: Part = TrainingPairs(self, stage) if stage.pairs else TrainingChains(self, stage)

    def draw(self, generator: np.random.Generator, count: int, schedule: Schedule) -> Sequence[LinesBatch]:
        """Return the lines of `count` chains, or one batch of as many pairs."""
        return self._part.draw(generator, self.mixture(), count)

    def loss(self, batch: LinesBatch) -> tuple[Float[Tensor, ""], Terms]:
        """Return the loss of one line of each chain, or of the pairs; note which operators failed."""
        total, terms = self._part.loss(batch)
        self.note_errors(batch.operators, terms["exact"][: len(batch.operators)])
        return total, terms

    def mixture(self) -> Mixture:
        """Return what to draw now: operators that still fail more often come up more often."""
        failing, adapt = np.maximum(self.errors, LEAST), self.run.adapt
        weights = (1 - adapt) / len(failing) + adapt * failing / failing.sum()
        same = {name: getattr(self.run, name) for name in ("maximum", "literals", "bools", "steep", "near", "errors")}
        return Mixture(live=self._stage.live, weights=tuple(weights), **same)

    def note_errors(self, operators: NDArray[np.int64], exact: Tensor) -> None:
        """Move each operator's running share of errors towards this batch's."""
        right = exact.cpu().numpy()
        for operator in range(len(OPERATORS)):
            rows = operators == operator
            if rows.any():
                self.errors[operator] += NOTED * (1 - right[rows].mean() - self.errors[operator])

    def measure(self, average: nn.Module) -> dict[str, Any]:
        """Return held-out figures, one line and eight, each operator's error, and the regulariser's controls."""
        assert isinstance(average, LatentInterpreter)
        frozen, generator = freeze(average), np.random.default_rng(12345)
        figures: dict[str, Any] = {}
        for name, split, count, steps in (("one", "held-out", 2000, 1), ("eight", "all", 400, 8)):
            mixture = Mixture(maximum=self.run.maximum, split=split)
            chain = sample(generator, mixture, frozen.vocabulary, count=count, steps=steps)
            figures[name] = float(chain_exact(frozen, chain)[-1].mean())
        errors = {operator: round(float(error), 4) for operator, error in zip(OPERATORS, self.errors, strict=True)}
        return {**figures, "errors": errors, "mmd": mmd_controls(average)}

    def state(self) -> dict[str, Tensor]:
        """Return how often each operator fails."""
        return {"errors": torch.from_numpy(self.errors.copy())}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go on from such a state."""
        self.errors = state["errors"].numpy().copy()


class TrainingChains:
    """TrainingChains of a stage's length; each line starts where the last one led."""

    def __init__(self, objective: CoreLines, stage: LinesStage) -> None:
        self._objective, self._stage = objective, stage

    def draw(self, generator: np.random.Generator, mixture: Mixture, count: int) -> Sequence[LinesBatch]:
        """Return one batch a line."""
        model = self._objective.model
        chain = sample(generator, mixture, model.vocabulary, count=count, steps=self._stage.steps)
        self._drift = torch.zeros(*chain.states.shape[1:], model.config.state_latent, device=self._objective.device)
        arrays = (chain.states, chain.lines, chain.operators, chain.states[1:], chain.targets)
        return [
            LinesBatch(chain.operators[place], _tensors([array[place] for array in arrays], self._objective.device))
            for place in range(len(chain.lines))
        ]

    def loss(self, batch: LinesBatch) -> tuple[Tensor, Terms]:
        """Return the loss of each chain's next line, from the latents that the line before it left."""
        objective = self._objective
        total, terms = objective.line_losses(
            objective.model, *batch.tensors, self._drift, objective.anchors, objective.run.weights
        )
        self._drift = terms["drift"]
        return total, {name: term for name, term in terms.items() if name != "drift"}


class TrainingPairs:
    """The arithmetic of lines alone, on latents as the stage found them; some are pairs that were mined."""

    def __init__(self, objective: CoreLines, stage: LinesStage) -> None:
        self._objective, self._stage = objective, stage
        self._mined = MinedRows(objective.run.folder / "hard.npy", HARD)
        with torch.no_grad():
            self._table = objective.model.state_vae.latent_table()

    def draw(self, generator: np.random.Generator, mixture: Mixture, count: int) -> Sequence[LinesBatch]:
        """Return one batch: pairs of the mixture, then hard ones."""
        vocabulary, hard = self._objective.model.vocabulary, self._mined.read()
        many = 0 if hard is None else round(count * self._stage.hard)
        parts = [sample_pairs(generator, mixture, vocabulary, count - many)]
        if hard is not None and many:
            parts.append(hard_pairs(vocabulary, mixture.maximum, hard[generator.integers(0, len(hard), many)]))
        names = ("operators", "operands", "results")
        arrays = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
        return [LinesBatch(parts[0].operators, _tensors(arrays, self._objective.device))]

    def loss(self, batch: LinesBatch) -> tuple[Tensor, Terms]:
        """Return the loss of the pairs; the share of hard ones that fail is told apart."""
        objective = self._objective
        total, terms = objective.pair_losses(objective.model, self._table, *batch.tensors, objective.run.weights)
        hard = terms["exact"][len(batch.operators) :]
        return total, {**terms, **({"hard": 1 - hard.float().mean()} if len(hard) else {})}


@torch.no_grad()
def mmd_controls(model: LatentInterpreter) -> dict[str, float]:
    """Return the regulariser's value for the encoded integers, and between which values it lies: collapsed, prior."""
    table = model.state_vae.latent_table()[len(model.vocabulary.symbols) :]
    samples = {"encoded": table, "collapsed": torch.zeros_like(table), "prior": torch.rand_like(table) * 2 - 1}
    return {name: round(float(mmd_to_prior(latents)), 4) for name, latents in samples.items()}


def _tensors(arrays: Sequence[NDArray[Any]], device: torch.device) -> tuple[Tensor, ...]:
    return tuple(torch.from_numpy(array).to(device) for array in arrays)


def _places(model: LatentInterpreter) -> Float[np.ndarray, "A D"]:
    """Return the anchors. Raises UsageError for state latents of another size."""
    places = anchors(model.vocabulary, model.config.maximum)
    if places.shape[1] != model.config.state_latent:
        raise UsageError(f"anchors need state_latent = {places.shape[1]}, the config has {model.config.state_latent}")
    return places
