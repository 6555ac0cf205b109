"""What a training run is told: TOML over frozen dataclasses, an unknown key is an error."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from latent_repl.errors import UsageError
from training.losses import Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One part of the curriculum: up to `until` of all lines, chains of `steps` lines in batches of `batch` chains.

    Each line of a chain is one optimiser step, fed by the latents that the line before it left.
    live: fewest and most live slots at a chain's beginning. frozen: beginnings of the names of weights that stay.
    pairs: the arithmetic of lines alone, without states. hard: share of them that `training/mine.py` has found.
    """

    until: float
    steps: int
    batch: int
    live: tuple[int, int]
    frozen: tuple[str, ...] = ()
    pairs: bool = False
    hard: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingConfig:
    """One run.

    lines: core lines to train on in all. rate: peak learning rate; warm_up: steps to reach it, again at every stage.
    average: decay of the exponential average of the weights, which is what is saved and measured.
    save_minutes, measure_steps: how often the full state is saved and the held-out figures taken.
    stop_after: steps after which the process stops, to go on later.
    adapt: share of lines whose operator is drawn by how often it still fails.
    literals, bools, steep, near, errors: as in `Mixture`.
    """

    name: str
    seed: int = 0
    lines: int
    rate: float = 1.5e-3
    warm_up: int = 300
    weight_decay: float = 0.01
    clip: float = 1.0
    average: float = 0.999
    save_minutes: float = 2.0
    stop_after: int | None = None
    measure_steps: int = 500
    adapt: float = 0.5
    literals: float = 0.3
    bools: float = 0.05
    steep: float = 0.0
    near: float = 0.0
    errors: float = 0.05
    maximum: int = 99
    model: dict[str, Any] = field(default_factory=dict)
    weights: Weights = field(default_factory=Weights)
    stages: tuple[Stage, ...] = ()


def kind(path: Path) -> str:
    """Return which model the config at `path` is for. Raises UsageError for an unreadable file."""
    try:
        return str(tomllib.loads(path.read_text(encoding="utf-8")).get("kind", "base"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error


def load(path: Path) -> TrainingConfig:
    """Read a TOML config. Raises UsageError for an unreadable file and for an unknown or missing key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        stages = tuple(_stage(stage) for stage in raw.pop("stages"))
        return TrainingConfig(**{**raw, "weights": Weights(**raw.pop("weights", {})), "stages": stages})
    except (OSError, tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        known = ", ".join(option.name for option in fields(TrainingConfig))
        raise UsageError(f"{path}: {error}; the keys are {known}") from error


def _stage(raw: dict[str, Any]) -> Stage:
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    return Stage(**given)
