"""The base model's objective: chains of core lines with the states around them, or the arithmetic of lines alone.

The mixture is drawn anew at every step; operators that still fail come up more often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from grammar.core_lines.pairs import HARD, hard_pairs
from grammar.core_lines.sample import Mixture, sample
from latent_repl.errors import UsageError
from latent_repl.language.operators import OPERATORS
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.experts import units_of
from latent_repl.model.network.backend import freeze
from latent_repl.model.network.interpreter import LatentInterpreter
from training.anchors import anchors
from training.config import LinesRun
from training.evaluate import chain_exact
from training.losses import losses, mmd_to_prior, pair_losses
from training.mined import MinedRows
from training.objective import Terms, new_networks
from training.pairs import PairRows, every_pair, pool, rows_of
from training.schedule import Schedule
from training.stages import LinesStage, Stage

# How far one batch moves an operator's running share of errors; the least share that it is drawn by. Chosen.
NOTED, LEAST = 0.02, 0.00001


@dataclass(frozen=True, slots=True)
class LinesBatch:
    """The tensors that a loss takes, and the operators (M,) of the first M lines, for counting errors."""

    operators: Tensor
    tensors: tuple[Tensor, ...]


@runtime_checkable
class Part(Protocol):
    """What a stage trains on."""

    def draw(self, generator: np.random.Generator, count: int) -> Sequence[LinesBatch]:
        """Return batches of `count` lines."""

    def loss(self, batch: LinesBatch) -> tuple[Tensor, Terms]:
        """Return the total loss and its terms, `exact` for each line among them."""


class CoreLines:
    """The objective of a run on core lines.

    errors: how often each operator fails, running. drifts: how far from the encoder's place the executor last left each
    value; its last row is of no value.
    """

    def __init__(self, run: LinesRun, device: torch.device, *, compiled: bool) -> None:
        self.run, self.device = run, device
        self.model = new_networks(run, device)
        self.errors = torch.ones(len(OPERATORS), dtype=torch.float64, device=device)
        tokens = self.model.state_vae.tokens.active
        self.drifts = torch.zeros(tokens + 1, self.model.config.state_latent, device=device)
        for module in self.model.executor.trunk.modules():
            if isinstance(module, nn.Dropout):
                module.p = run.dropout
        units = units_of(self.model.config.experts, OPERATORS, 1)
        alike = [(part.start, part.stop) for part in units]
        evenly = torch.tensor([1 / alike.count(part) / len(set(alike)) for part in alike], dtype=torch.float64)
        self.evenly = evenly.to(device)
        self.anchors = torch.from_numpy(_places(self.model)).to(device) if run.weights.anchor else None
        self.line_losses: Callable[..., Any] = losses
        self.pair_losses: Callable[..., Any] = pair_losses
        if compiled:
            # A GPU waits for kernels to be launched: 13 milliseconds a step, and 5 where one graph is (an H200).
            mode = "reduce-overhead" if device.type == "cuda" else None
            self.line_losses, self.pair_losses = (
                torch.compile(each, dynamic=False, mode=mode) for each in (losses, pair_losses)
            )

    def begin(self, stage: Stage) -> None:
        """Prepare for a stage."""
        assert isinstance(stage, LinesStage)
        self._stage = stage
        executor, chosen = self.model.executor, stage.operators
        units = units_of(self.model.config.experts, chosen, executor.trunk.hidden)
        executor.only = units[0] if chosen else None
        self._chosen = torch.tensor([not chosen or name in chosen for name in OPERATORS], device=self.device)
        self._part: Part = TrainingPairs(self, stage) if stage.pairs else TrainingChains(self, stage)

    def draw(self, generator: np.random.Generator, count: int, schedule: Schedule) -> Sequence[LinesBatch]:
        """Return the lines of `count` chains, or one batch of as many pairs."""
        return self._part.draw(generator, count)

    def loss(self, batch: LinesBatch) -> tuple[Float[Tensor, ""], Terms]:
        """Return the loss of one line of each chain, or of the pairs; note which operators failed."""
        total, terms = self._part.loss(batch)
        self.note_errors(batch.operators, terms["exact"][: len(batch.operators)])
        return total, terms

    def mixture(self, weights: Sequence[float]) -> Mixture:
        """Return what to draw from; weights: how often each operator comes up."""
        same = {name: getattr(self.run, name) for name in ("maximum", "literals", "bools", "steep", "near", "errors")}
        return Mixture(live=self._stage.live, weights=tuple(weights), **same)

    def shares(self) -> Float[Tensor, " O"]:
        """Return how often to draw each operator now: each expert alike, and what fails more often more often."""
        failing, adapt = self.errors.clamp_min(LEAST), self.run.adapt
        return ((1 - adapt) * self.evenly + adapt * failing / failing.sum()) * self._chosen

    def note_errors(self, operators: Int[Tensor, " M"], exact: Bool[Tensor, " M"]) -> None:
        """Move each operator's running share of errors towards this batch's."""
        counts, wrong = (torch.zeros_like(self.errors) for _ in range(2))
        counts.index_add_(0, operators, torch.ones_like(exact, dtype=counts.dtype))
        wrong.index_add_(0, operators, (~exact).to(counts.dtype))
        self.errors += NOTED * (counts > 0) * (wrong / counts.clamp_min(1) - self.errors)

    def measure(self, average: nn.Module) -> dict[str, Any]:
        """Return held-out figures, one line and eight, each operator's error, and the regulariser's controls."""
        assert isinstance(average, LatentInterpreter)
        frozen, generator = freeze(average), np.random.default_rng(12345)
        figures: dict[str, Any] = {}
        for name, split, count, steps in (("one", "held-out", 2000, 1), ("eight", "all", 400, 8)):
            mixture = Mixture(maximum=self.run.maximum, split=split)
            chain = sample(generator, mixture, frozen.vocabulary, count=count, steps=steps)
            figures[name] = float(chain_exact(frozen, chain)[-1].mean())
        errors = {name: round(error, 4) for name, error in zip(OPERATORS, self.errors.tolist(), strict=True)}
        return {**figures, "errors": errors, "mmd": mmd_controls(average)}

    def state(self) -> dict[str, Tensor]:
        """Return how often each operator fails, and how far from its place each value was left."""
        return {"errors": self.errors.clone(), "drifts": self.drifts.clone()}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go on from such a state."""
        self.errors, self.drifts = (state[name].to(self.device) for name in ("errors", "drifts"))


class TrainingChains:
    """TrainingChains of a stage's length; each line starts where the last one led."""

    def __init__(self, objective: CoreLines, stage: LinesStage) -> None:
        self._objective, self._stage = objective, stage

    def draw(self, generator: np.random.Generator, count: int) -> Sequence[LinesBatch]:
        """Return one batch a line."""
        objective = self._objective
        model, mixture = objective.model, objective.mixture(objective.shares().tolist())
        chain = sample(generator, mixture, model.vocabulary, count=count, steps=self._stage.steps)
        self._drift = torch.zeros(*chain.states.shape[1:], model.config.state_latent, device=self._objective.device)
        arrays = (chain.states, chain.lines, chain.operators, chain.states[1:], chain.targets)
        tensors = [torch.from_numpy(array).to(self._objective.device) for array in arrays]
        return [
            LinesBatch(tensors[2][place], tuple(each[place] for each in tensors)) for place in range(len(tensors[1]))
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
    """The arithmetic of lines alone: every pair there is, samples of the mixture, and pairs that were mined.

    Some operands are read as the executor last left their value, not as the encoder puts it: chains of lines do so, and
    what each line leaves is trained to lie where the next one can read it.
    """

    def __init__(self, objective: CoreLines, stage: LinesStage) -> None:
        self._objective, self._stage, self._device = objective, stage, objective.device
        vocabulary, run = objective.model.vocabulary, objective.run
        self._even = every_pair(vocabulary.tokens, run.maximum, self._device)
        evenly = objective.mixture(Mixture().weights)
        self._pool = pool(np.random.default_rng(run.seed), evenly, vocabulary, self._device)
        self._hard = HardPairs(
            MinedRows(run.folder / "hard.npy", HARD), vocabulary, run.maximum, self._device, stage.operators
        )
        with torch.no_grad():
            self._table = objective.model.state_vae.latent_table()

    def draw(self, generator: np.random.Generator, count: int) -> Sequence[LinesBatch]:
        """Return one batch: pairs drawn evenly, those of the mixture, then hard ones."""
        hard = self._hard.read()
        many = 0 if hard is None else round(count * self._stage.hard)
        shares, number = self._objective.shares(), round((count - many) * self._stage.even)
        parts = []
        for source, size in ((self._even, number), (self._pool, count - many - number)):
            operators = torch.multinomial(shares * source.has, max(size, 1), replacement=True)[:size]
            parts.append((operators, source.of(operators)))
        if hard is not None:
            parts.append(hard.any(many))
        operators, rows = (torch.cat(part) for part in zip(*parts, strict=True))
        tensors = (operators, rows[:, :2], rows[:, 2:], torch.rand(count, 2, device=self._device) < self._stage.drift)
        return [LinesBatch(operators[: count - many], tensors)]

    def loss(self, batch: LinesBatch) -> tuple[Tensor, Terms]:
        """Return the loss of the pairs; the share of hard ones that fail is told apart."""
        objective = self._objective
        total, terms = objective.pair_losses(
            objective.model, self._table, objective.drifts, *batch.tensors, objective.run.weights
        )
        kept = torch.where(terms["kept"], batch.tensors[2][:, 0], len(self._table))  # the last row takes all others
        objective.drifts.index_copy_(0, kept, terms["drift"])
        hard = terms["exact"][len(batch.operators) :]
        told = {name: term for name, term in terms.items() if name not in ("kept", "drift")}
        return total, {**told, **({"hard": 1 - hard.float().mean()} if len(hard) else {})}


class HardPairs:
    """What mining has found, as rows; more as more is found."""

    def __init__(
        self,
        mined: MinedRows,
        vocabulary: Vocabulary,
        maximum: int,
        device: torch.device,
        operators: Sequence[str] = (),
    ) -> None:
        """operators: those whose pairs are read, all if none are named."""
        self._chosen = [OPERATORS.index(name) for name in operators or OPERATORS]
        self._mined, self._vocabulary, self._maximum, self._device = mined, vocabulary, maximum, device
        self._found: np.ndarray | None = None
        self._rows: PairRows | None = None

    def read(self) -> PairRows | None:
        """Return all rows, None if there are none."""
        found = self._mined.read()
        if found is not None and found is not self._found:
            some = found[np.isin(found["operator"], self._chosen)]
            self._rows, self._found = rows_of(hard_pairs(self._vocabulary, self._maximum, some), self._device), found
        return self._rows


@torch.no_grad()
def mmd_controls(model: LatentInterpreter) -> dict[str, float]:
    """Return the regulariser's value for the encoded integers, and between which values it lies: collapsed, prior."""
    table = model.state_vae.latent_table()[len(model.vocabulary.symbols) :]
    samples = {"encoded": table, "collapsed": torch.zeros_like(table), "prior": torch.rand_like(table) * 2 - 1}
    return {name: round(float(mmd_to_prior(latents)), 4) for name, latents in samples.items()}


def _places(model: LatentInterpreter) -> Float[np.ndarray, "A D"]:
    """Return the anchors. Raises UsageError for state latents of another size."""
    places = anchors(model.vocabulary, model.config.maximum, model.config.periods)
    if places.shape[1] != model.config.state_latent:
        raise UsageError(f"anchors need state_latent = {places.shape[1]}, the config has {model.config.state_latent}")
    return places
