"""The objective of a sums model, the post's first experiment: the whole table of sums in range.

Order first, detail later: a run begins with much noise on the latents and little weight on reconstruction, so that what
the executor can learn at first is that near numbers lie near; noise goes down and reconstruction up, geometrically,
while it learns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from latent_repl.model.interface import Array
from latent_repl.model.sums.network import SumsConfig, SumsModel
from training.config import SumsRun
from training.losses import mmd_to_prior, noisy
from training.objective import Terms
from training.schedule import Schedule
from training.stages import Stage
from training.sums.codes import drawn_codes

# Latents of each kind in a sample of the regulariser; more slows the step. Chosen.
POOLED = 64
# Least and most noise on states that a decoder is to grade. Chosen.
GRADES = (0.01, 0.3)
# A sum whose result leads by fewer nats than this is nearly wrong. Chosen.
LEAD = 0.3


@dataclass(frozen=True, slots=True)
class SumsBatch:
    """B sums, given as ids, by their places in the table, with the noise and the weights of their step."""

    places: Int[Tensor, " B"]
    sums: Int[Tensor, "3 B"]
    noise: Float[Tensor, ""]
    spread: Float[Tensor, ""]
    weights: dict[str, float]


class Sums:
    """The objective of a run on sums."""

    def __init__(self, run: SumsRun, device: torch.device, *, compiled: bool) -> None:
        self.run = run
        sizes: dict[str, Any] = dict(run.model)
        self.model = SumsModel(SumsConfig(**sizes))
        nn.Module.to(self.model, device)
        self._sums = self.model.number_ids(sums_in_range(self.model.config.maximum)).to(device)
        self._hard = torch.ones(self._sums.shape[1], dtype=torch.bool, device=device)
        self._losses: Callable[..., Any] = torch.compile(losses, dynamic=False) if compiled else losses

    def begin(self, stage: Stage) -> None:
        """Prepare for a stage; there is nothing to prepare."""

    def draw(self, generator: np.random.Generator, count: int, schedule: Schedule) -> Sequence[SumsBatch]:
        """Return one batch of sums."""
        run, device, share = self.run, self._sums.device, schedule.share
        hard = self._hard.nonzero()[:, 0].cpu().numpy()
        some = min(round(run.hard * run.haste(share) * count), len(hard))
        drawn = generator.choice(hard, some, replace=False), generator.integers(0, self._sums.shape[1], count - some)
        places = torch.from_numpy(np.concatenate(drawn)).to(device)
        noise, spread = (
            torch.tensor(each, device=device) for each in (run.between(run.noise, share), run.spread(share))
        )
        return [SumsBatch(places, self._sums[:, places], noise, spread, self._weights(share))]

    def _weights(self, share: float) -> dict[str, float]:
        """Return the weights of the loss's terms when a share of the run is done."""
        run, detail = self.run, self.run.haste(share)
        codes = run.between(run.reconstruction, share)
        return {
            "sum": 1.0,
            "codes": codes,
            "states": codes * run.states,
            "graded": run.graded * detail,
            "mmd": run.between(run.mmd, share),
            "filling": run.filling * detail,
            "divergence": run.between(run.divergence, share),
            "coverage": run.coverage * detail,
        }

    def loss(self, batch: SumsBatch) -> tuple[Float[Tensor, ""], Terms]:
        """Return the loss of a batch, and its terms."""
        terms = self._losses(self.model, batch.sums, batch.noise, batch.spread, pooled=self.run.pooled)
        self._hard[batch.places] = terms.pop("lead") < LEAD
        total = torch.stack([weight * terms[name] for name, weight in batch.weights.items()]).sum()
        return total, {**{name: term.detach() for name, term in terms.items()}, "noise": batch.noise}

    @torch.no_grad()
    def measure(self, average: nn.Module) -> dict[str, Any]:
        """Return the share of all sums in range that are exact, of second sums on what the executor made of each, and
        of numbers that each VAE gives back."""
        assert isinstance(average, SumsModel)
        first = len(average.vocabulary.symbols)
        before, summands, after = self._sums - first
        states, codes = average.state_vae.latent_table()[first:], average.code_vae.latent_table()[first:]
        numbers = torch.arange(len(states), device=states.device)

        def share(vae: Any, latents: Tensor, wanted: Tensor) -> float:
            return float((vae.logits(latents)[:, first:].argmax(-1) == wanted).float().mean())

        executed = average.projected(average.executor(states[before], codes[summands]))
        results = sums_in_range(average.config.maximum)[2].numpy()
        further = next_sums(results, average.config.maximum, np.random.default_rng(0))
        summands, second = average.number_ids(torch.from_numpy(further)).to(states.device) - first
        return {
            "exact": share(average.state_vae, executed, after),
            "second": share(average.state_vae, average.projected(average.executor(executed, codes[summands])), second),
            "reconstruction": {
                "state": share(average.state_vae, states, numbers),
                "code": share(average.code_vae, codes, numbers),
            },
        }

    def state(self) -> dict[str, Tensor]:
        """Return which sums are hard."""
        return {"hard": self._hard}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go on from such a state."""
        self._hard = state["hard"].to(self._hard.device)


def sums_in_range(maximum: int) -> Int[Tensor, "3 N"]:
    """Return every first number, summand and result that all lie in [-maximum, maximum]."""
    numbers = torch.arange(-maximum, maximum + 1)
    pairs = torch.cartesian_prod(numbers, numbers)
    pairs = pairs[pairs.sum(1).abs() <= maximum]
    return torch.stack([pairs[:, 0], pairs[:, 1], pairs.sum(1)])


def next_sums(numbers: Int[Array, " B"], maximum: int, generator: np.random.Generator) -> Int[Array, "2 B"]:
    """Return a summand for each number, all equally likely that leave it in range, and the results."""
    least, most = np.maximum(-maximum, -maximum - numbers), np.minimum(maximum, maximum - numbers)
    summands = generator.integers(least, most, endpoint=True)
    return np.stack([summands, numbers + summands])


def losses(
    model: SumsModel, sums: Int[Tensor, "3 B"], noise: Float[Tensor, ""], spread: Float[Tensor, ""], *, pooled: bool
) -> dict[str, Float[Tensor, ""]]:
    """Return the loss of B sums, given as ids, by its terms, the share of results decoded right, and each lead."""
    first = len(model.vocabulary.symbols)
    before, summands, after = sums - first
    states = model.state_vae.latent_table()[first:]
    codes = drawn_codes(model.code_vae, summands, first, noise, spread)
    executed = model.executor(noisy(states[before], noise), codes.read)
    anywhere = noisy(states.detach(), sizes_of_noise(len(states)).to(noise))
    read = model.state_vae.logits(torch.cat([noisy(torch.cat([executed, states]), noise), anywhere]))[:, first:]
    results, own, graded = read.split([len(executed), len(states), len(states)])
    numbers = torch.arange(len(states), device=states.device)
    drawn = torch.randint(len(states), (2, POOLED), device=states.device)
    encoded = [states[drawn[0]], executed[:POOLED] if pooled else states[drawn[1]]]
    cross_entropy, none = nn.functional.cross_entropy, torch.zeros_like(noise)
    rebuilt = numbers.repeat(len(codes.logits) // len(numbers))
    return {
        "sum": cross_entropy(results, after),
        "states": cross_entropy(own, numbers),
        "codes": cross_entropy(codes.logits, rebuilt) if len(rebuilt) else none,
        "graded": cross_entropy(graded, numbers),
        "mmd": mmd_to_prior(torch.cat(encoded)) + codes.mmd,
        "filling": codes.filling,
        "divergence": codes.divergence,
        "coverage": codes.coverage,
        "exact": (results.argmax(-1) == after).float().mean(),
        "lead": lead(results.detach(), after),
    }


def lead(logits: Float[Tensor, "B N"], wanted: Int[Tensor, " B"]) -> Float[Tensor, " B"]:
    """Return by how many nats what is wanted leads the likeliest of all others; less than 0 where it is wrong."""
    others = logits.scatter(1, wanted[:, None], -torch.inf).amax(1)
    return logits.gather(1, wanted[:, None])[:, 0] - others


def sizes_of_noise(count: int) -> Float[Tensor, "N 1"]:
    """Return standard deviations, log-uniform between the ends of GRADES."""
    least, most = map(math.log, GRADES)
    return torch.exp(least + (most - least) * torch.rand(count, 1))
