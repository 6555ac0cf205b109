"""The objective of a run on code latents: lines are read, the box is filled, distance follows behaviour.

reading       each word of a line leads all others where the code decoder reads the line's latent
draws         likewise, of a stochastic encoder, where it reads a point drawn from what belongs to the line
divergence    what belongs to all lines together is the whole box, evenly; the MMD, of an encoder without draws
disorder      how far distances of latents are from following how differently lines behave
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from latent_repl.model.network.interpreter import LatentInterpreter
from training.codes.behaviour import Behaviour, disorder, draw_behaviour
from training.config import CodesRun
from training.losses import POOLED, mmd_to_prior, noisy, reading
from training.objective import Terms, new_networks
from training.rows.lines import HardLines, Lines
from training.schedule import Schedule
from training.stages import Stage
from training.sums.codes import divergence

# Lines that are measured. Chosen.
MEASURED = 4096


@dataclass(frozen=True, slots=True)
class CodesBatch:
    """Lines to read, and lines whose behaviour is known."""

    lines: Int[Tensor, "B T"]
    behaviour: Behaviour


class CodesObjective:
    """The objective of a run on the code VAE alone."""

    def __init__(self, run: CodesRun, device: torch.device, *, compiled: bool) -> None:
        self.run, self.device = run, device
        self.model = new_networks(run, device)
        self.lines, self._hard = Lines(self.model.vocabulary), HardLines(run.hard)
        self._losses: Callable[..., Any] = torch.compile(losses, dynamic=False) if compiled else losses

    def begin(self, stage: Stage) -> None:
        """Prepare for a stage; there is nothing to prepare."""

    def draw(self, generator: np.random.Generator, count: int, schedule: Schedule) -> Sequence[CodesBatch]:
        """Return one batch of lines, some of them hard ones."""
        if self.run.look:
            self._look(torch.from_numpy(self.lines.draw(generator, self.run.look)[1]))
        lines = self._hard.among(torch.from_numpy(self.lines.draw(generator, count)[1]), generator)
        known = draw_behaviour(generator, self.model.vocabulary, self.run.maximum)
        return [CodesBatch(lines.to(self.device), Behaviour(*(each.to(self.device) for each in known)))]

    @torch.no_grad()
    def _look(self, lines: Int[Tensor, "B T"]) -> None:
        """Read lines; those that are hard are trained on."""
        lines = lines.to(self.device)
        self._hard.note(lines, reading(self.model.code_logits(self.model.encode_code(lines)), lines)[1])

    def loss(self, batch: CodesBatch) -> tuple[Float[Tensor, ""], Terms]:
        """Return what is minimised, and its terms; a term without a weight is told alone."""
        terms, leads = self._losses(self.model, batch.lines, *batch.behaviour, self.run.noise)
        self._hard.note(batch.lines, leads)
        weights = {name: getattr(self.run, name) for name in ("divergence", "disorder", "mmd")}
        total = torch.stack([weights.get(name, 1.0) * term for name, term in terms.items()]).sum()
        told = {name: term.detach() for name, term in terms.items()}
        return total, told | {"misread": (leads <= 0).float().mean()}

    @torch.no_grad()
    def measure(self, average: nn.Module) -> dict[str, Any]:
        """Return the shares of lines that are read otherwise than written, and the disorder of their latents."""
        assert isinstance(average, LatentInterpreter)
        generator = np.random.default_rng(12345)
        lines = torch.from_numpy(self.lines.draw(generator, MEASURED)[1]).to(self.device)
        drawn = draw_behaviour(generator, average.vocabulary, self.run.maximum)
        known = Behaviour(*(each.to(self.device) for each in drawn))
        misread = (average.code_logits(average.encode_code(lines)).argmax(-1) != lines).any(1).float().mean()
        return {
            "misread": float(misread),
            "disorder": float(disorder(average.encode_code(known.lines), known.distances)),
        }

    def state(self) -> dict[str, Tensor]:
        """Return the lines that are still hard."""
        return {"hard": self._hard.lines.clone()}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go on from such a state."""
        self._hard.lines = state["hard"]


def losses(
    model: LatentInterpreter,
    lines: Int[Tensor, "B T"],
    known: Int[Tensor, "N T"],
    distances: Float[Tensor, "N N"],
    noise: float,
) -> tuple[dict[str, Float[Tensor, ""]], Float[Tensor, " B"]]:
    """Return the terms of a step's loss, and each line's least lead in nats.

    known: lines of which distances tell how differently they behave.
    """
    vae, terms = model.code_vae, {}
    if vae.to_scale is None:
        codes = vae.encode(lines)
        terms["mmd"] = mmd_to_prior(codes[:POOLED])
    else:
        means, scales = vae.posterior(lines)
        drawn, codes = means + scales.exp() * torch.randn_like(means), torch.tanh(means)
        terms["draws"] = nn.functional.cross_entropy(vae.logits(torch.tanh(drawn)).flatten(0, 1), lines.flatten())
        terms["divergence"] = divergence(drawn, scales)
    terms["reading"], leads = reading(vae.logits(noisy(codes, noise)), lines)
    return terms | {"disorder": disorder(vae.encode(known), distances)}, leads
