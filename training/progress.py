"""What a run tells of itself: rows in its log, curves for TensorBoard, held-out figures now and then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from rich.console import Console
from torch.utils.tensorboard import SummaryWriter

from grammar.core_lines.sample import Mixture, sample
from latent_repl.language.operators import OPERATORS
from latent_repl.model.network.backend import freeze
from training.evaluate import chain_exact
from training.losses import mmd_to_prior
from training.trainer import Trainer


class Progress:
    """Prints, and writes `log.jsonl` and `tensorboard/` in the run's folder."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer, self.console = trainer, Console()
        self.log = (trainer.folder / "log.jsonl").open("a", encoding="utf-8")
        self.board = SummaryWriter(str(trainer.folder / "tensorboard"))

    def report(self, terms: Mapping[str, torch.Tensor], speed: float) -> None:
        """Tell the terms of the loss and the lines a second."""
        named = {
            ("decoded" if name == "step" else name): round(float(term.float().mean()), 4)
            for name, term in terms.items()
        }
        self._tell({"minutes": round(self.trainer.minutes, 2), "speed": round(speed), **named})

    def measure(self) -> None:
        """Tell the held-out figures of the averaged weights."""
        self._tell(measure(self.trainer))

    def close(self) -> None:
        """Close both files."""
        self.log.close()
        self.board.close()

    def _tell(self, figures: dict[str, Any]) -> None:
        row = {"step": self.trainer.step, "lines": self.trainer.lines, **figures}
        self.console.print(json.dumps(row), soft_wrap=True)
        self.log.write(json.dumps(row) + "\n")
        self.log.flush()
        for name, value in figures.items():
            for part, number in value.items() if isinstance(value, dict) else [("", value)]:
                self.board.add_scalar(f"{name}/{part}".rstrip("/"), number, self.trainer.lines)


def measure(trainer: Trainer) -> dict[str, Any]:
    """Return held-out figures of the averaged weights: one line and eight, and each operator's error in training."""
    average = freeze(trainer.average)
    mixture = Mixture(maximum=trainer.config.maximum, split="held-out")
    generator = np.random.default_rng(12345)
    one = chain_exact(average, sample(generator, mixture, average.vocabulary, count=2000, steps=1))
    eight = chain_exact(
        average, sample(generator, replace(mixture, split="all"), average.vocabulary, count=400, steps=8)
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
