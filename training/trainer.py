"""The state of a run and its step: everything that a resumed run needs to go on exactly as if there had been no stop.

One process or many, by accelerate: each draws its own share of every batch; gradients are averaged, so that all hold
the same weights.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator

from latent_repl.errors import UsageError
from latent_repl.model.load import load_reference
from latent_repl.model.network.backend import save
from training.codes.objective import CodesObjective
from training.config import AnyRun, CodesRun, LinesRun, RowsRun, SumsRun
from training.core_lines import CoreLines
from training.device import multiplies_bfloat16, the_accelerator
from training.objective import Terms, TrainingObjective
from training.rows.objective import RowsObjective
from training.schedule import Schedule
from training.sums.objective import Sums


@dataclass(slots=True)
class Trainer:
    """An objective's networks, the average of their weights, the optimiser, and where the run stands.

    learning, averaged: the weights that the stage trains, and their averages.
    """

    run: AnyRun
    objective: TrainingObjective[Any]
    average: Any
    optimiser: torch.optim.Optimizer
    schedule: Schedule
    accelerator: Accelerator
    minutes: float = 0.0
    begun: int | None = None
    learning: list[torch.Tensor] = field(default_factory=list)
    averaged: list[torch.Tensor] = field(default_factory=list)

    def steps(self) -> Iterator[Terms]:
        """Draw once and take an optimiser step on each batch; yield the terms of each. A state is saved between."""
        generator = np.random.default_rng([self.run.seed, self.schedule.step, self.accelerator.process_index])
        if self.begun != self.schedule.stage_index:
            self.begin_stage()
        count = self.schedule.stage.batch // self.accelerator.num_processes
        for batch in self.objective.draw(generator, count, self.schedule):
            terms = self.step(batch)
            self.schedule.advance()
            yield terms
        self.schedule.turn()

    def step(self, batch: Any) -> Terms:
        """Take one optimiser step; return the loss's terms."""
        quicker = self.run.bfloat16 and multiplies_bfloat16()
        with torch.autocast(self.accelerator.device.type, torch.bfloat16, enabled=quicker):
            total, terms = self.objective.loss(batch)
        total.backward()
        self._share_gradients()
        torch.nn.utils.clip_grad_norm_(self.learning, self.run.clip)
        for group in self.optimiser.param_groups:
            haste = self.run.haste(self.schedule.share)
            group["lr"] = self.schedule.rate() * (1 + haste * (group["speed"] - 1))
        self.optimiser.step()
        self.optimiser.zero_grad()
        with torch.no_grad():  # quickly at first
            seen = self.schedule.step + 1
            torch._foreach_lerp_(self.averaged, self.learning, 1 - min(self.run.average, seen / (seen + 9)))
        return terms

    @torch.no_grad()
    def begin_stage(self) -> None:
        """Hold the weights that the stage does not train where they are, the average's too; prepare the objective."""
        weights, averages = self.objective.model.named_parameters(), self.average.parameters()
        self.learning, self.averaged = [], []
        for (name, weight), average in zip(weights, averages, strict=True):
            weight.requires_grad_(not self.schedule.stage.holds(name))
            if weight.requires_grad:
                self.learning.append(weight)
                self.averaged.append(average)
            else:
                average.copy_(weight)
        self.objective.begin(self.schedule.stage)
        self.begun = self.schedule.stage_index

    def save(self) -> None:
        """Write the full state and the averaged weights, each by rename, so that a kill leaves the old ones."""
        state = {
            "model": self.objective.model.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "torch": torch.get_rng_state(),
            "cuda": torch.cuda.get_rng_state() if self.accelerator.device.type == "cuda" else None,
            "objective": self.objective.state(),
            "schedule": self.schedule.counters(),
            "minutes": self.minutes,
        }
        folder: Any = self.run.folder
        torch.save(state, folder / "state.new")
        (folder / "state.new").replace(folder / "state.pt")
        save(self.average, folder / "checkpoint")
        effort = {"seed": self.run.seed, "lines": self.schedule.lines, "minutes": round(self.minutes, 1)}
        (folder / "checkpoint" / "metrics.json").write_text(json.dumps({"training": effort}), encoding="utf-8")

    def restore(self) -> None:
        """Go on from the full state in the run's folder, if there is one."""
        path = self.run.folder / "state.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True, map_location="cpu")
        self.objective.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["torch"])
        if state.get("cuda") is not None and self.accelerator.device.type == "cuda":
            torch.cuda.set_rng_state(state["cuda"])
        self.objective.restore(state["objective"])
        self.schedule = Schedule(self.run, **state["schedule"])
        self.minutes = state["minutes"]

    @torch.no_grad()
    def _share_gradients(self) -> None:
        """Replace every gradient by its mean over all processes.

        DistributedDataParallel would need to know at its construction which weights ever stand still, and a loss that
        is the model's own `forward`.
        """
        if self.accelerator.num_processes == 1:
            return
        gradients = [each.grad for each in self.learning if each.grad is not None]
        mean = self.accelerator.reduce(torch.cat([gradient.flatten() for gradient in gradients]), reduction="mean")
        for gradient, part in zip(gradients, mean.split([each.numel() for each in gradients]), strict=True):
            gradient.copy_(part.view_as(gradient))


def start(run: AnyRun, warm: str | None = None, *, compiled: bool = False) -> Trainer:
    """Return a run where its saved state left it, or at its beginning: from a checkpoint's weights, or random ones."""
    accelerator = the_accelerator()
    torch.manual_seed(run.seed)
    objective: TrainingObjective[Any]
    if isinstance(run, LinesRun):
        objective = CoreLines(run, accelerator.device, compiled=compiled)
    elif isinstance(run, RowsRun):
        objective = RowsObjective(run, accelerator.device, compiled=compiled)
    elif isinstance(run, CodesRun):
        objective = CodesObjective(run, accelerator.device, compiled=compiled)
    else:
        objective = Sums(run, accelerator.device, compiled=compiled)
    if warm:
        warm_up(objective.model, warm)
    objective.model.train()
    average = deepcopy(objective.model).eval().requires_grad_(False)
    optimiser = torch.optim.AdamW(
        speeds(run, objective.model), lr=run.rate, betas=(0.9, 0.98), weight_decay=run.weight_decay, fused=True
    )
    run.folder.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(run, objective, average, optimiser, Schedule(run), accelerator)
    trainer.restore()
    if not accelerator.is_main_process:
        torch.manual_seed(hash((run.seed, trainer.schedule.step, accelerator.process_index)))
    return trainer


# Parts of the names of weights that read latents.
INWARD = ("from_latent.weight", "from_state.weight", "from_code.weight")


def speeds(run: AnyRun, model: torch.nn.Module) -> list[dict[str, Any]]:
    """Return the weights with how many times the learning rate they learn at: in sums, layers that read latents have to
    tell apart what lies close together."""
    fast = run.inward if isinstance(run, SumsRun) else 1.0
    groups: dict[float, list[torch.nn.Parameter]] = {1.0: []}
    for name, weight in model.named_parameters():
        groups.setdefault(fast if any(part in name for part in INWARD) else 1.0, []).append(weight)
    return [{"params": weights, "speed": speed} for speed, weights in groups.items()]


def warm_up(model: Any, checkpoint: str) -> None:
    """Load a checkpoint's weights; the scales of an encoder that becomes stochastic begin as they are.

    Raises CheckpointError, and UsageError for one of another kind, other sizes or other words.
    """
    known = load_reference(checkpoint)
    try:
        left = model.load_state_dict(known.state_dict(), strict=False)
    except RuntimeError as error:
        raise UsageError(f"{checkpoint} has other weights than the config asks for: {error}") from error
    if other := [*left.unexpected_keys, *(name for name in left.missing_keys if "to_scale" not in name)]:
        raise UsageError(f"{checkpoint} has other weights than the config asks for, as {other[0]}")
    if known.vocabulary.tokens != model.vocabulary.tokens:
        raise UsageError(f"{checkpoint} has other words than the config asks for")
