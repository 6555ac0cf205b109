"""What a training run is told: a TOML file, checked against the types here by msgspec."""

from __future__ import annotations

from inspect import signature
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from latent_repl.errors import UsageError
from latent_repl.language.operators import OPERATORS
from latent_repl.model.experts import units_of
from latent_repl.model.network.config import LatentConfig
from training.losses import LossWeights
from training.stages import LinesStage, Positive, PositiveInt, RowsStage, Share, Stage

Ends = tuple[Positive, Positive]
Size = int | bool | tuple[PositiveInt, ...] | dict[str, PositiveInt]


class TrainingRun(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every run is told.

    rate: peak learning rate; warm_up: steps to reach it, again at every stage.
    average: decay of the exponential average of the weights, which is what is saved and measured.
    bfloat16: whether matrix products are taken in it.
    save_minutes, report_steps, measure_steps: how often the full state is saved, the loss told, the figures taken.
    model: sizes of the networks, as in `LatentConfig`.
    """

    name: Annotated[str, Meta(min_length=1)]
    seed: Annotated[int, Meta(ge=0)] = 0
    rate: Positive = 1.5e-3
    warm_up: PositiveInt = 300
    weight_decay: Annotated[float, Meta(ge=0)] = 0.01
    clip: Positive = 1.0
    average: Share = 0.999
    bfloat16: bool = True
    save_minutes: Annotated[float, Meta(ge=0)] = 2.0
    report_steps: PositiveInt = 50
    measure_steps: PositiveInt = 500
    model: dict[str, Size] = {}

    def __post_init__(self) -> None:
        """Raise ValueError for a size that the networks do not have."""
        known = [name for name in signature(LatentConfig).parameters if name not in ("format", "rest")]
        if unknown := self.model.keys() - set(known):
            raise ValueError(f"unknown key `{min(unknown)}` in model; the keys are {', '.join(known)}")

    @property
    def folder(self) -> Path:
        """Where the run keeps its state."""
        return Path("runs") / self.name

    def haste(self, share: float) -> float:
        """Return how far weights with a speed of their own have come to it when a share of the run is done."""
        return 1.0


class LinesRun(TrainingRun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run of the base model, on core lines.

    lines: core lines to train on in all; a stage may end a chain after its share of them.
    adapt: share of lines whose operator is drawn by how often it still fails.
    dropout: share of the trunk's hidden units that are left out.
    literals, bools, steep, near, errors, maximum: as in `Mixture`.
    mine: whether the pairs that its weights are unsure of are looked for before it begins (`training/mine.py`), or of
    which operators.
    """

    kind: Literal["base"] = "base"
    mine: bool | tuple[str, ...] = False
    lines: PositiveInt
    adapt: Share = 0.5
    dropout: Share = 0.0
    literals: Share = 0.3
    bools: Share = 0.05
    steep: Share = 0.0
    near: Share = 0.0
    errors: Share = 0.05
    maximum: PositiveInt = 99
    weights: LossWeights = LossWeights()
    stages: Annotated[tuple[LinesStage, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Raise ValueError for stages that do not follow one another."""
        TrainingRun.__post_init__(self)
        if "maximum" in self.model:
            raise ValueError("unknown key `maximum` in model; it stands beside `lines`")
        if any(after.until <= before.until for before, after in pairwise(self.stages)):
            raise ValueError("each `until` of the stages must be larger than the one before it")
        if any(stage.live[0] > stage.live[1] for stage in self.stages):
            raise ValueError("`live` of a stage is the fewest live slots, then the most")
        named = {name for stage in self.stages for name in stage.operators}
        if unknown := named.union(self.mine if isinstance(self.mine, tuple) else ()) - set(OPERATORS):
            raise ValueError(f"no operator on numbers is {min(unknown)!r}; they are {' '.join(OPERATORS)}")
        for stage in self.stages:
            experts = self.model.get("experts")
            units = units_of(experts if isinstance(experts, dict) else {}, stage.operators, 1)
            if any(part != units[0] for part in units):
                raise ValueError(
                    f"`operators` of a stage have one expert, and {' '.join(stage.operators)} have several"
                )


class RowsRun(TrainingRun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run that gives every word its place in both spaces, or trains the mover.

    lines: lines and cases to train on in all. noise: on every latent. mmd: weight of the regulariser of both spaces.
    hard: share of cases that mining has found unsure, where it has; else of those that were wrong, or nearly, when they
    were last drawn. mine: whether the cases that its weights are unsure of are looked for before it begins
    (`training/rows/mine.py`).
    """

    kind: Literal["rows"]
    mine: bool = False
    lines: PositiveInt
    maximum: PositiveInt = 999
    weight_decay: Annotated[float, Meta(ge=0)] = 0.0
    noise: Annotated[float, Meta(ge=0)] = 0.015
    mmd: Annotated[float, Meta(ge=0)] = 0.02
    hard: Share = 0.33
    stages: Annotated[tuple[RowsStage, ...], Meta(min_length=1)]


class CodesRun(TrainingRun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run on the code space of a checkpoint of core lines, all of whose other weights stay.

    lines: core lines to train on in all. noise: on every latent, beside what a stochastic encoder draws.
    divergence: the weight of a stochastic encoder's divergence from the uniform box; disorder: that of how far
    distances of latents are from following how differently lines behave; mmd: that of the regulariser of an encoder
    that is not stochastic. hard: share of lines that had hardly a lead when they were last read; look: lines that are
    read beside each step, to find such ones.
    """

    kind: Literal["codes"]
    lines: PositiveInt
    batch: PositiveInt = 512
    rate: Positive = 4e-4
    maximum: PositiveInt = 999
    weight_decay: Annotated[float, Meta(ge=0)] = 0.0
    noise: Annotated[float, Meta(ge=0)] = 0.015
    divergence: Annotated[float, Meta(ge=0)] = 0.0
    disorder: Annotated[float, Meta(ge=0)] = 0.0
    mmd: Annotated[float, Meta(ge=0)] = 0.02
    hard: Share = 0.3
    look: Annotated[int, Meta(ge=0)] = 0

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The curriculum: one stage."""
        return (Stage(until=1.0, batch=self.batch, frozen=("state_vae", "executor", "mover")),)


class SumsRun(TrainingRun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run of a sums model: `steps` steps of `batch` sums; a sum is a line, the only one there is.

    A pair is a value at the first step and one from the share `settled` of all steps on, geometric between them.
    noise: standard deviation on every latent. reconstruction, mmd: weights beside the sums' cross entropy.
    pooled: whether executor outputs are in the regulariser's batch beside the encoded states; the post's were not.
    states: how much the states' reconstruction weighs beside the codes'.
    detail: from which share of the run to which everything comes to weigh that tells apart what lies close together:
    graded, the weight of decoding states under noise of all sizes, so that the decoder's cross entropy tells how far
    off a state is; inward, how many times the learning rate the layers learn at that read latents; hard, the share of a
    batch that is drawn from sums that were wrong, or nearly, when they were last drawn.
    frozen: beginnings of the names of weights that stay.

    Of a stochastic model: divergence, the weight of the codes' divergence from the uniform box; parts of detail:
    filling, that of the draws' MMD, and coverage, that of the entropy of what uniform points decode to; means: from
    which share of the run to which what the executor reads goes over from draws of the codes to their means.
    """

    kind: Literal["sums"]
    seed: Annotated[int, Meta(ge=0)] = 1
    steps: PositiveInt = 6000
    batch: PositiveInt = 512
    rate: Positive = 3e-3
    warm_up: PositiveInt = 200
    average: Share = 0.995
    bfloat16: bool = False
    settled: Annotated[float, Meta(gt=0, le=1)] = 0.6
    noise: Ends = (0.1, 0.01)
    reconstruction: Ends = (0.002, 0.3)
    mmd: Ends = (0.02, 0.1)
    pooled: bool = True
    states: Positive = 1.0
    detail: tuple[Share, Share] = (0.07, 0.25)
    graded: Annotated[float, Meta(ge=0)] = 0.0
    inward: Positive = 1.0
    hard: Share = 0.0
    frozen: tuple[str, ...] = ()
    divergence: Ends = (0.03, 0.002)
    filling: Annotated[float, Meta(ge=0)] = 0.1
    coverage: Annotated[float, Meta(ge=0)] = 0.05
    means: tuple[Share, Share] = (0.05, 0.15)

    @property
    def lines(self) -> int:
        """Sums to train on in all."""
        return self.steps * self.batch

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The curriculum: one stage."""
        return (Stage(until=1.0, batch=self.batch, frozen=self.frozen),)

    def between(self, ends: Ends, share: float) -> float:
        """Return the value of a scheduled pair when a share of the run is done."""
        return ends[0] * (ends[1] / ends[0]) ** min(1.0, share / self.settled)

    def spread(self, share: float) -> float:
        """Return how many of the codes' own scales the executor's codes are drawn with: 1 at first, 0 in the end."""
        return 1 - _ramp(self.means, share)

    def haste(self, share: float) -> float:
        """Return how far detail has come to weigh: 0 at first, 1 in the end."""
        return _ramp(self.detail, share)


def _ramp(ends: tuple[float, float], share: float) -> float:
    """Return how far from the one end to the other a share is, in [0, 1]."""
    return min(1.0, max(0.0, share - ends[0]) / (ends[1] - ends[0]))


AnyRun = LinesRun | SumsRun | RowsRun | CodesRun
KINDS: dict[str, type[AnyRun]] = {"base": LinesRun, "sums": SumsRun, "rows": RowsRun, "codes": CodesRun}
TABLES: dict[str, type[Struct]] = {"stages": LinesStage, "weights": LossWeights}


def load(path: Path) -> AnyRun:
    """Read a config; `kind` says of which model, base if it is left out.

    Raises UsageError for an unreadable file, an unknown or missing key, and a value of another type or out of range;
    it names file, key, and what is allowed.
    """
    return run_of(read(path), str(path))


def read(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds. Raises UsageError if it cannot be read."""
    try:
        raw: dict[str, Any] = msgspec.toml.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    return raw


def run_of(raw: dict[str, Any], where: str) -> AnyRun:
    """Return the run that a table describes; where: how it is named in a UsageError, as for `load`."""
    kind = KINDS.get(str(raw.get("kind", "base")))
    if kind is None:
        raise UsageError(f"{where}: unknown kind `{raw['kind']}`; the kinds are {', '.join(KINDS)}")
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise UsageError(f"{where}: {_explained(str(error), kind)}") from error


def _explained(message: str, kind: type[Struct]) -> str:
    """Say msgspec's message in the words of a TOML file, with the keys that there are."""
    text, _, place = message.partition(" - at `$.")
    place = place.rstrip("`")
    where = f" in {place}" if place else ""
    for theirs, ours in (
        ("Object contains unknown field", "unknown key"),
        ("Object missing required field", "missing key"),
    ):
        if text.startswith(theirs):
            table = TABLES.get(place.partition("[")[0], kind)
            return f"{text.replace(theirs, ours)}{where}; the keys are {', '.join(table.__struct_fields__)}"
    return f"{place}: {text}" if place else text
