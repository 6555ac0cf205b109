"""Train a sums model, the post's first experiment: `python -m training.train training/configs/sums-2d.toml`.

The data is the whole table of sums in range. Order first, detail later: a run begins with much noise on the latents
and little weight on reconstruction, so that what the executor can learn at first is that near numbers lie near; noise
goes down and reconstruction up, geometrically, while it learns. A run that was stopped goes on from its own full state.
"""

from __future__ import annotations

import json
import math
import time
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, Int
from rich.console import Console
from torch import Tensor, nn

from latent_repl.errors import UsageError
from latent_repl.model.network.backend import save
from latent_repl.model.sums.network import SumsConfig, SumsModel
from training.losses import mmd_to_prior
from training.readings import noisy

KIND = "sums"
# Latents of each kind in a sample of the regulariser; more slows the step. Chosen.
POOLED = 64
# Steps to the peak learning rate. Chosen.
WARM_UP = 200

console = Console()


@dataclass(frozen=True, slots=True, kw_only=True)
class SumsRun:
    """One run; a pair is a value at the first step and one from `settled` of all steps on, geometric between them.

    noise: standard deviation on every latent. reconstruction, mmd: weights beside the sums' cross entropy.
    pooled: whether executor outputs are in the regulariser's batch beside the encoded states; the post's were not.
    average: decay of the exponential average of the weights, which is what is saved.
    """

    kind: str
    name: str
    seed: int = 1
    steps: int = 6000
    batch: int = 512
    rate: float = 3e-3
    clip: float = 1.0
    average: float = 0.995
    settled: float = 0.6
    noise: tuple[float, float] = (0.1, 0.01)
    reconstruction: tuple[float, float] = (0.002, 0.3)
    mmd: tuple[float, float] = (0.02, 0.1)
    pooled: bool = True
    model: dict[str, Any] = field(default_factory=dict)

    def between(self, ends: tuple[float, float], step: int) -> float:
        """Return the value of a scheduled pair at a step."""
        return ends[0] * (ends[1] / ends[0]) ** min(1.0, step / (self.settled * self.steps))

    def learning_rate(self, step: int) -> float:
        """Return the learning rate: linear warm-up, then a cosine down to a hundredth."""
        cosine = 0.5 * (1 + math.cos(math.pi * step / self.steps))
        return self.rate * min(1.0, (step + 1) / WARM_UP) * (0.01 + 0.99 * cosine)


def load(path: Path) -> SumsRun:
    """Read a TOML config. Raises UsageError for an unreadable file and for an unknown or missing key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        paired: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
        return SumsRun(**paired)
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        known = ", ".join(option.name for option in fields(SumsRun))
        raise UsageError(f"{path}: {error}; the keys are {known}") from error


def sums_in_range(maximum: int) -> Int[Tensor, "3 N"]:
    """Return every first number, summand and result that all lie in [-maximum, maximum]."""
    numbers = torch.arange(-maximum, maximum + 1)
    pairs = torch.cartesian_prod(numbers, numbers)
    pairs = pairs[pairs.sum(1).abs() <= maximum]
    return torch.stack([pairs[:, 0], pairs[:, 1], pairs.sum(1)])


def losses(model: SumsModel, sums: Int[Tensor, "3 B"], noise: Tensor, *, pooled: bool) -> dict[str, Float[Tensor, ""]]:
    """Return the terms of the loss for B sums, given as ids, and the share of results decoded right."""
    first = len(model.vocabulary.symbols)
    before, summands, after = sums - first
    states, codes = model.state_vae.latent_table()[first:], model.code_vae.latent_table()[first:]
    executed = model.executor(noisy(states[before], noise), noisy(codes[summands], noise))
    read = model.state_vae.logits(noisy(torch.cat([executed, states]), noise))[:, first:]
    own = [read[len(executed) :], model.code_vae.logits(noisy(codes, noise))[:, first:]]
    numbers = torch.arange(len(states))
    drawn = torch.randint(len(states), (3, POOLED))
    encoded = [states[drawn[0]], executed[:POOLED] if pooled else states[drawn[1]]]
    return {
        "sum": nn.functional.cross_entropy(read[: len(executed)], after),
        "reconstruction": nn.functional.cross_entropy(torch.cat(own), numbers.repeat(2)) * 2,
        "mmd": mmd_to_prior(torch.cat(encoded)) + mmd_to_prior(codes[drawn[2]]),
        "exact": (read[: len(executed)].argmax(-1) == after).float().mean(),
    }


def train(path: Path, *, compiled: bool) -> Path:
    """Train the run that the config at `path` describes, or go on with it; return the folder of its checkpoint."""
    run = load(path)
    folder = Path("runs") / run.name
    torch.manual_seed(run.seed)
    model = SumsModel(SumsConfig(**run.model)).train()
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(run.average)
    )
    optimiser = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), fused=True)
    objective = torch.compile(losses, dynamic=False) if compiled else losses
    sums = model.number_ids(sums_in_range(model.config.maximum))
    done, minutes = resume(folder, model, average, optimiser)
    began = time.monotonic() - 60 * minutes
    for step in range(done, run.steps):
        batch = sums[:, torch.randint(sums.shape[1], (run.batch,))]
        terms = objective(model, batch, torch.tensor(run.between(run.noise, step)), pooled=run.pooled)
        total = terms["sum"] + run.between(run.reconstruction, step) * terms["reconstruction"]
        total = total + run.between(run.mmd, step) * terms["mmd"]
        descend(model, optimiser, total, run.learning_rate(step), run.clip)
        average.update_parameters(model)
        if (step + 1) % 100 == 0:
            minutes = (time.monotonic() - began) / 60
            report(run, step + 1, terms, minutes)
            keep(folder, model, average, optimiser, step + 1, minutes)
    model.load_state_dict(average.module.state_dict())
    save(model.eval(), folder / "checkpoint")
    return folder / "checkpoint"


def keep(
    folder: Path, model: nn.Module, average: nn.Module, optimiser: torch.optim.Optimizer, step: int, minutes: float
) -> None:
    """Write the full state by rename, so that a kill leaves the old one."""
    networks = {"model": model.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict()}
    torch.save({**networks, "torch": torch.get_rng_state(), "counters": [step, minutes]}, folder / "state.new")
    (folder / "state.new").replace(folder / "state.pt")


def resume(folder: Path, model: nn.Module, average: nn.Module, optimiser: torch.optim.Optimizer) -> tuple[int, float]:
    """Load a full state if there is one; return the steps and the minutes that are done."""
    if not (folder / "state.pt").exists():
        return 0, 0.0
    state = torch.load(folder / "state.pt", weights_only=True)
    model.load_state_dict(state["model"])
    average.load_state_dict(state["average"])
    optimiser.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["torch"])
    return state["counters"][0], state["counters"][1]


def descend(
    model: nn.Module, optimiser: torch.optim.Optimizer, total: Float[Tensor, ""], rate: float, clip: float
) -> None:
    """Take one step of the optimiser."""
    total.backward()
    nn.utils.clip_grad_norm_(model.parameters(), clip)
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.step()
    optimiser.zero_grad()


def report(run: SumsRun, step: int, terms: dict[str, Tensor], minutes: float) -> None:
    """Print one row of progress and append it to the run's log."""
    row = {"step": step, "minutes": round(minutes, 2), "noise": round(run.between(run.noise, step), 4)}
    row |= {name: round(float(term.detach()), 4) for name, term in terms.items()}
    console.print(json.dumps(row), soft_wrap=True)
    folder = Path("runs") / run.name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(row) + "\n")
