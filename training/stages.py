"""The parts of a run's curriculum, and the kinds of numbers that a config holds."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

PositiveInt = Annotated[int, Meta(ge=1)]
Share = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0)]


class Stage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part of the curriculum: up to `until` of all lines, `batch` of them an optimiser step.

    frozen: beginnings of the names of weights that stay.
    """

    until: Annotated[float, Meta(gt=0, le=1)]
    batch: PositiveInt
    frozen: tuple[str, ...] = ()

    def holds(self, name: str) -> bool:
        """Return whether the weight of this name stays as it is."""
        return name.startswith(self.frozen)


class LinesStage(Stage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stage of the base model: chains of `steps` lines in batches of `batch` chains.

    Each line of a chain is one optimiser step, fed by the latents that the line before it left.
    live: fewest and most live slots at a chain's beginning.
    pairs: the arithmetic of lines alone, without states. hard: share of them that mining has found; even: of the others
    that is drawn evenly from all pairs; drift: of operands that are read as the executor last left their value.
    operators: of pairs, the operators of one expert, whose hidden units alone learn; none: all operators, all weights.
    """

    steps: PositiveInt = 1
    live: tuple[PositiveInt, PositiveInt] = (1, 3)
    pairs: bool = False
    hard: Share = 0.0
    even: Share = 0.5
    drift: Share = 0.5
    operators: tuple[str, ...] = ()

    def holds(self, name: str) -> bool:
        """Return whether the weight of this name stays as it is."""
        return Stage.holds(self, name) or bool(self.operators and ".DenseReluDense." not in name)


class RowsStage(Stage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stage of a run on rows.

    moves: whether the mover is trained, on `batch` cases a step; else both VAEs are, on `batch` core lines.
    """

    moves: bool = True
