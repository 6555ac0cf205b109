"""The objective of a sums model, the post's first experiment: the whole table of sums in range.

Order first, detail later: a run begins with much noise on the latents and little weight on reconstruction, so that what
the executor can learn at first is that near numbers lie near; noise goes down and reconstruction up, geometrically,
while it learns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from latent_repl.model.sums.network import SumsConfig, SumsModel
from training.config import Stage, SumsRun
from training.losses import mmd_to_prior
from training.objective import Terms
from training.readings import noisy
from training.schedule import Schedule

# Latents of each kind in a sample of the regulariser; more slows the step. Chosen.
POOLED = 64


@dataclass(frozen=True, slots=True)
class SumsBatch:
    """B sums, given as ids, with the noise and the weights of their step."""

    sums: Int[Tensor, "3 B"]
    noise: Float[Tensor, ""]
    reconstruction: float
    mmd: float


class Sums:
    """The objective of a run on sums."""

    def __init__(self, run: SumsRun, device: torch.device, *, compiled: bool) -> None:
        self.run = run
        sizes: dict[str, Any] = dict(run.model)
        self.model = SumsModel(SumsConfig(**sizes))
        nn.Module.to(self.model, device)
        self._sums = self.model.number_ids(sums_in_range(self.model.config.maximum)).to(device)
        self._losses: Callable[..., Any] = torch.compile(losses, dynamic=False) if compiled else losses

    def begin(self, stage: Stage) -> None:
        """Prepare for a stage; there is nothing to prepare."""

    def draw(self, generator: np.random.Generator, count: int, schedule: Schedule) -> Sequence[SumsBatch]:
        """Return one batch of sums."""
        run, chosen = self.run, torch.from_numpy(generator.integers(0, self._sums.shape[1], count))
        noise, reconstruction, mmd = (
            run.between(ends, schedule.share) for ends in (run.noise, run.reconstruction, run.mmd)
        )
        device = self._sums.device
        return [SumsBatch(self._sums[:, chosen.to(device)], torch.tensor(noise, device=device), reconstruction, mmd)]

    def loss(self, batch: SumsBatch) -> tuple[Float[Tensor, ""], Terms]:
        """Return the loss of a batch, and its terms."""
        terms = self._losses(self.model, batch.sums, batch.noise, pooled=self.run.pooled)
        total = terms["sum"] + batch.reconstruction * terms["reconstruction"] + batch.mmd * terms["mmd"]
        return total, {**{name: term.detach() for name, term in terms.items()}, "noise": batch.noise}

    @torch.no_grad()
    def measure(self, average: nn.Module) -> dict[str, Any]:
        """Return the share of all sums in range that are exact, and of numbers that each VAE gives back."""
        assert isinstance(average, SumsModel)
        first = len(average.vocabulary.symbols)
        before, summands, after = self._sums - first
        states, codes = average.state_vae.latent_table()[first:], average.code_vae.latent_table()[first:]
        numbers = torch.arange(len(states), device=states.device)

        def share(vae: Any, latents: Tensor, wanted: Tensor) -> float:
            return float((vae.logits(latents)[:, first:].argmax(-1) == wanted).float().mean())

        return {
            "exact": share(average.state_vae, average.executor(states[before], codes[summands]), after),
            "reconstruction": {
                "state": share(average.state_vae, states, numbers),
                "code": share(average.code_vae, codes, numbers),
            },
        }

    def state(self) -> dict[str, Tensor]:
        """Return what a resumed run needs to know beside the weights: nothing."""
        return {}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go on from such a state."""


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
    numbers = torch.arange(len(states), device=states.device)
    drawn = torch.randint(len(states), (3, POOLED), device=states.device)
    encoded = [states[drawn[0]], executed[:POOLED] if pooled else states[drawn[1]]]
    return {
        "sum": nn.functional.cross_entropy(read[: len(executed)], after),
        "reconstruction": nn.functional.cross_entropy(torch.cat(own), numbers.repeat(2)) * 2,
        "mmd": mmd_to_prior(torch.cat(encoded)) + mmd_to_prior(codes[drawn[2]]),
        "exact": (read[: len(executed)].argmax(-1) == after).float().mean(),
    }
