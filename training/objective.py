"""What differs between runs: which networks learn, from what, by which loss, and how they are measured.

`core_lines.py` is that of the base model's lines, `rows/objective.py` of its mover, `codes/objective.py` of its code
space; `sums/objective.py` is that of the sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from transformers import PreTrainedModel

from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from training.config import CodesRun, LinesRun, RowsRun
from training.schedule import Schedule
from training.stages import Stage

B = TypeVar("B")
Terms = dict[str, Tensor]


@runtime_checkable
class TrainingObjective(Protocol[B]):
    """An objective over batches of a kind B; the trainer calls `begin`, then `draw` and `loss` in turn."""

    @property
    def model(self) -> PreTrainedModel:
        """The networks that learn."""

    def begin(self, stage: Stage) -> None:
        """Prepare for a stage that begins, or goes on in a new process."""

    def draw(self, generator: np.random.Generator, count: int, schedule: Schedule) -> Sequence[B]:
        """Return batches of `count` lines to take one optimiser step each on, in this order."""

    def loss(self, batch: B) -> tuple[Float[Tensor, ""], Terms]:
        """Return what is minimised, and the terms that are told: their means are."""

    def measure(self, average: nn.Module) -> dict[str, Any]:
        """Return the figures of averaged weights: numbers, or numbers by name."""

    def state(self) -> dict[str, Tensor]:
        """Return what a resumed run needs to know beside the weights."""

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go on from such a state."""


def new_networks(run: LinesRun | RowsRun | CodesRun, device: torch.device) -> LatentInterpreter:
    """Return random networks of a run's sizes, on a device."""
    sizes: dict[str, Any] = dict(run.model)
    networks = LatentInterpreter(LatentConfig(maximum=run.maximum, **sizes))
    nn.Module.to(networks, device)
    return networks
