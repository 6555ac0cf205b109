"""Train a checkpoint: `python -m training.train training/configs/base.toml`.

A run goes on from its own full state in `runs/NAME/` after any stop, and otherwise starts from the weights that
`--warm` names, or from random ones. Under `torchrun` several processes share every batch.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import typer
from rich.console import Console

from grammar.sample import Chain, Mixture, sample
from latent_repl.language.nodes import OPERATORS
from latent_repl.model.config import LatentConfig
from latent_repl.model.interpreter import LatentInterpreter
from latent_repl.model.reference import freeze, load_reference, save
from training import config as configuration
from training import parallel, sums
from training.config import Stage, TrainingConfig
from training.evaluate import chain_exact
from training.losses import losses, mmd_to_prior

console = Console()


@dataclass(slots=True)
class Trainer:
    """The state of a run: everything that a resumed run needs to go on exactly."""

    config: TrainingConfig
    model: LatentInterpreter
    average: LatentInterpreter
    optimiser: torch.optim.Optimizer
    errors: np.ndarray
    step: int = 0
    lines: int = 0
    stage_step: int = 0
    stage_index: int = 0
    minutes: float = 0.0
    rank: int = 0
    processes: int = 1

    @property
    def stage(self) -> Stage:
        """The curriculum's stage at this point."""
        return self.config.stages[self.stage_index]

    def advance(self) -> int:
        """Count one step and return its lines; go to the next stage when this one's share of lines is done."""
        lines = self.stage.batch
        self.step, self.stage_step, self.lines = self.step + 1, self.stage_step + 1, self.lines + lines
        last = self.stage_index + 1 == len(self.config.stages)
        if self.lines >= self.stage.until * self.config.lines and not last:
            self.stage_index, self.stage_step = self.stage_index + 1, 0
        return lines

    def rate(self) -> float:
        """Learning rate: linear warm-up at every stage, cosine over the whole run down to a hundredth."""
        cosine = 0.5 * (1 + np.cos(np.pi * min(1.0, self.lines / self.config.lines)))
        return float(self.config.rate * min(1.0, (self.stage_step + 1) / self.config.warm_up) * (0.01 + 0.99 * cosine))

    def save(self, folder: Path) -> None:
        """Write the full state and the averaged weights, each by rename, so that a kill leaves the old ones."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "torch": torch.get_rng_state(),
            "errors": torch.from_numpy(self.errors),
            "counters": [self.step, self.lines, self.stage_step, self.stage_index, self.minutes],
        }
        torch.save(state, folder / "state.new")
        (folder / "state.new").replace(folder / "state.pt")
        save(self.average, folder / "checkpoint")
        effort = {"seed": self.config.seed, "lines": self.lines, "minutes": round(self.minutes, 1)}
        (folder / "checkpoint" / "metrics.json").write_text(json.dumps({"training": effort}), encoding="utf-8")

    def restore(self, path: Path) -> None:
        """Go on from a full state."""
        state = torch.load(path, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["torch"])
        self.errors = state["errors"].numpy()
        self.step, self.lines, self.stage_step, self.stage_index, self.minutes = state["counters"]


def start(config: TrainingConfig, warm: str | None) -> Trainer:
    """Return a run at its beginning, or where its saved state left it."""
    torch.manual_seed(config.seed)
    model = LatentInterpreter(LatentConfig(maximum=config.maximum, **config.model))
    if warm:
        model.load_state_dict(load_reference(warm).state_dict())
    average = LatentInterpreter(model.config)
    average.load_state_dict(model.state_dict())
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=config.rate, betas=(0.9, 0.98), weight_decay=config.weight_decay, fused=True
    )
    trainer = Trainer(config, model.train(), average.eval(), optimiser, np.ones(len(OPERATORS)))
    path = Path("runs") / config.name / "state.pt"
    if path.exists():
        trainer.restore(path)
    trainer.rank, trainer.processes = parallel.join()
    if trainer.rank:
        torch.manual_seed(hash((config.seed, trainer.step, trainer.rank)))
    return trainer


def mixture(trainer: Trainer) -> Mixture:
    """Return what to draw now: operators that still fail more often come up more often."""
    failing = np.maximum(trainer.errors, 0.003)
    adapt = trainer.config.adapt
    weights = (1 - adapt) / len(failing) + adapt * failing / failing.sum()
    return Mixture(
        maximum=trainer.config.maximum,
        live=trainer.stage.live,
        literals=trainer.config.literals,
        weights=tuple(weights),
    )


def train_step(
    trainer: Trainer, chain: Chain, place: int, drift: torch.Tensor, objective: Callable[..., Any]
) -> tuple[dict[str, float], torch.Tensor]:
    """Take one optimiser step on line `place` of the chains; return the loss's terms, and the drift for the next."""
    config = trainer.config
    arrays = (
        chain.states[place],
        chain.lines[place],
        chain.states[place + 1],
        chain.targets[place],
        chain.status[place],
    )
    with torch.autocast("cpu", torch.bfloat16):
        total, terms = objective(trainer.model, *(torch.from_numpy(array) for array in arrays), drift, config.weights)
    total.backward()
    parallel.average_gradients(trainer.model, trainer.processes)
    torch.nn.utils.clip_grad_norm_(trainer.model.parameters(), config.clip)
    for group in trainer.optimiser.param_groups:
        group["lr"] = trainer.rate()
    trainer.optimiser.step()
    trainer.optimiser.zero_grad()
    update_average(trainer)
    exact = terms["exact"].numpy()
    for operator in range(len(OPERATORS)):
        rows = chain.operators[place] == operator
        if rows.any():
            trainer.errors[operator] += 0.02 * (1 - exact[rows].mean() - trainer.errors[operator])
    after = terms.pop("drift")
    return {name: float(term.float().mean()) for name, term in terms.items()}, after


@torch.no_grad()
def update_average(trainer: Trainer) -> None:
    """Move the averaged weights towards the model's; quickly at first."""
    decay = min(trainer.config.average, (trainer.step + 1) / (trainer.step + 10))
    torch._foreach_lerp_(list(trainer.average.parameters()), list(trainer.model.parameters()), 1 - decay)


def measure(trainer: Trainer) -> dict[str, Any]:
    """Return held-out figures of the averaged weights: one line and eight, and each operator's error in training."""
    average = freeze(trainer.average)
    mixture = Mixture(maximum=trainer.config.maximum, split="held-out")
    generator = np.random.default_rng(12345)
    one = chain_exact(average, sample(generator, mixture, trainer.model.vocabulary, count=2000, steps=1))
    eight = chain_exact(
        average,
        sample(generator, replace(mixture, split="all"), trainer.model.vocabulary, count=400, steps=8),
    )
    errors = {operator: round(float(error), 4) for operator, error in zip(OPERATORS, trainer.errors, strict=True)}
    return {
        "one": float(one[-1].mean()),
        "eight": float(eight[-1].mean()),
        "errors": errors,
        "mmd": mmd_controls(trainer),
    }


@torch.no_grad()
def mmd_controls(trainer: Trainer) -> dict[str, float]:
    """Return the regulariser's value for the encoded integers, and between which values it lies: collapsed, prior."""
    table = trainer.average.state_vae.latent_table()[len(trainer.model.vocabulary.symbols) :]
    samples = {"encoded": table, "collapsed": torch.zeros_like(table), "prior": torch.rand_like(table) * 2 - 1}
    return {name: round(float(mmd_to_prior(latents)), 4) for name, latents in samples.items()}


def draw(trainer: Trainer) -> Chain:
    """Return this process's share of the step's batch, which depends on seed, step and rank alone."""
    generator = np.random.default_rng([trainer.config.seed, trainer.step, trainer.rank])
    count = trainer.stage.batch // trainer.processes
    return sample(generator, mixture(trainer), trainer.model.vocabulary, count=count, steps=trainer.stage.steps)


def main(path: Path, warm: str | None = None, threads: int = 2, compiled: bool = True) -> None:
    """Train the run that the config at PATH describes."""
    torch.set_num_threads(threads)
    if configuration.kind(path) == sums.KIND:
        sums.train(path, compiled=compiled)
        return
    config = configuration.load(path)
    trainer = start(config, warm)
    folder = Path("runs") / config.name
    folder.mkdir(parents=True, exist_ok=True)
    objective = torch.compile(losses, dynamic=False) if compiled else losses
    saved = time.monotonic()
    while trainer.lines < config.lines and trainer.step != config.stop_after:
        train_chain(trainer, folder, objective)
        if not trainer.rank and time.monotonic() - saved > 60 * config.save_minutes:
            saved = time.monotonic()
            trainer.save(folder)
    if not trainer.rank:
        trainer.save(folder)
        console.print(json.dumps(measure(trainer)), soft_wrap=True)


def train_chain(trainer: Trainer, folder: Path, objective: Callable[..., Any]) -> None:
    """Train on chains of the stage's length, one optimiser step a line; each line starts where the last one led."""
    began = time.monotonic()
    chain = draw(trainer)
    shape = chain.states.shape[1:]
    drift = torch.zeros(*shape, trainer.model.config.state_latent)
    for place in range(len(chain.lines)):
        terms, drift = train_step(trainer, chain, place, drift, objective)
        lines, seconds, began = trainer.advance(), time.monotonic() - began, time.monotonic()
        trainer.minutes += seconds / 60
        if trainer.rank:
            continue
        if trainer.step % 50 == 0:
            report(folder, trainer, terms, lines / seconds)
        if trainer.step % trainer.config.measure_steps == 0:
            console.print(json.dumps(measure(trainer)), soft_wrap=True)
            began = time.monotonic()


def report(folder: Path, trainer: Trainer, terms: dict[str, float], speed: float) -> None:
    """Print one row of progress and append it to the run's log."""
    row = {"step": trainer.step, "lines": trainer.lines, "minutes": round(trainer.minutes, 2), "speed": round(speed)}
    row |= {("decoded" if name == "step" else name): round(term, 4) for name, term in terms.items()}
    console.print(json.dumps(row), soft_wrap=True)
    with (folder / "log.jsonl").open("a") as log:
        log.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    typer.run(main)
