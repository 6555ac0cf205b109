"""The state of a run: everything that a resumed run needs to go on exactly as if there had been no stop."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from jaxtyping import Float

from latent_repl.errors import UsageError
from latent_repl.language.operators import OPERATORS
from latent_repl.model.checkpoint import renamed
from latent_repl.model.load import load_reference
from latent_repl.model.network.backend import save
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from training import parallel
from training.anchors import anchors
from training.config import Stage, TrainingConfig


@dataclass(slots=True)
class Trainer:
    """Weights, their average, optimiser, how often each operator fails, and where the run stands."""

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
    anchors: torch.Tensor | None = None
    table: torch.Tensor | None = None
    mined: np.ndarray | None = None
    mined_at: float = 0.0
    accelerator: Accelerator = field(default_factory=parallel.join)

    @property
    def folder(self) -> Path:
        """Where the run keeps its state."""
        return Path("runs") / self.config.name

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

    @torch.no_grad()
    def freeze(self) -> None:
        """Hold the weights that this stage does not train where they are, the average's too."""
        for (name, weight), average in zip(self.model.named_parameters(), self.average.parameters(), strict=True):
            weight.requires_grad_(not name.startswith(self.stage.frozen))
            if not weight.requires_grad:
                average.copy_(weight)

    @torch.no_grad()
    def latent_table(self) -> torch.Tensor:
        """Return the latents of all active tokens as the stage found them."""
        if self.table is None or self.stage_step == 0:
            self.table = self.model.state_vae.latent_table()
        return self.table

    def hard(self) -> np.ndarray:
        """Return the hard pairs (N, 4) that lie in the run's folder; mining may go on meanwhile."""
        path = self.folder / "hard.npy"
        changed = path.stat().st_mtime if path.exists() else 0.0
        if self.mined is None or changed != self.mined_at:
            self.mined, self.mined_at = np.load(path) if changed else np.zeros((0, 4), np.int64), changed
        return self.mined

    @torch.no_grad()
    def update_average(self) -> None:
        """Move the averaged weights towards the model's; quickly at first."""
        decay = min(self.config.average, (self.step + 1) / (self.step + 10))
        torch._foreach_lerp_(list(self.average.parameters()), list(self.model.parameters()), 1 - decay)

    def save(self) -> None:
        """Write the full state and the averaged weights, each by rename, so that a kill leaves the old ones."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "torch": torch.get_rng_state(),
            "errors": torch.from_numpy(self.errors),
            "counters": [self.step, self.lines, self.stage_step, self.stage_index, self.minutes],
        }
        torch.save(state, self.folder / "state.new")
        (self.folder / "state.new").replace(self.folder / "state.pt")
        save(self.average, self.folder / "checkpoint")
        effort = {"seed": self.config.seed, "lines": self.lines, "minutes": round(self.minutes, 1)}
        (self.folder / "checkpoint" / "metrics.json").write_text(json.dumps({"training": effort}), encoding="utf-8")

    def restore(self, path: Path) -> None:
        """Go on from a full state."""
        state = torch.load(path, weights_only=True, map_location="cpu")
        self.model.load_state_dict(renamed(state["model"]))
        self.average.load_state_dict(renamed(state["average"]))
        self.optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["torch"])
        self.errors = state["errors"].numpy()
        self.step, self.lines, self.stage_step, self.stage_index, self.minutes = state["counters"]


def start(config: TrainingConfig, warm: str | None) -> Trainer:
    """Return a run at its beginning, or where its saved state left it."""
    accelerator = parallel.join()
    torch.manual_seed(config.seed)
    model = LatentInterpreter(LatentConfig(maximum=config.maximum, **config.model))
    if warm:
        model.load_state_dict(load_reference(warm).state_dict())
    average = LatentInterpreter(model.config)
    average.load_state_dict(model.state_dict())
    model, average = model.to(accelerator.device).train(), average.to(accelerator.device).eval()
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=config.rate, betas=(0.9, 0.98), weight_decay=config.weight_decay, fused=True
    )
    trainer = Trainer(config, model, average, optimiser, np.ones(len(OPERATORS)), accelerator=accelerator)
    if config.weights.anchor:
        trainer.anchors = torch.from_numpy(_places(model)).to(accelerator.device)
    trainer.folder.mkdir(parents=True, exist_ok=True)
    if (trainer.folder / "state.pt").exists():
        trainer.restore(trainer.folder / "state.pt")
    if not accelerator.is_main_process:
        torch.manual_seed(hash((config.seed, trainer.step, accelerator.process_index)))
    return trainer


def _places(model: LatentInterpreter) -> Float[np.ndarray, "A D"]:
    """Return the anchors. Raises UsageError for state latents of another size."""
    places = anchors(model.vocabulary, model.config.maximum)
    if places.shape[1] != model.config.state_latent:
        raise UsageError(f"anchors need state_latent = {places.shape[1]}, the config has {model.config.state_latent}")
    return places
