"""Where a run stands, and what follows from that: the stage, the learning rate, the end."""

from __future__ import annotations

import math
from dataclasses import dataclass

from training.config import AnyRun
from training.stages import Stage


@dataclass(slots=True)
class Schedule:
    """How far a run has come, in optimiser steps and in lines; `stage_step` counts from the stage's beginning."""

    run: AnyRun
    step: int = 0
    lines: int = 0
    stage_index: int = 0
    stage_step: int = 0

    @property
    def stage(self) -> Stage:
        """The curriculum's stage at this point."""
        return self.run.stages[self.stage_index]

    @property
    def share(self) -> float:
        """The share of the run that is done."""
        return min(1.0, self.lines / self.run.lines)

    @property
    def finished(self) -> bool:
        """Whether all lines are done."""
        return self.lines >= self.run.lines

    def rate(self) -> float:
        """Learning rate: linear warm-up at every stage, cosine over the whole run down to a hundredth."""
        cosine = 0.5 * (1 + math.cos(math.pi * self.share))
        return self.run.rate * min(1.0, (self.stage_step + 1) / self.run.warm_up) * (0.01 + 0.99 * cosine)

    def advance(self) -> None:
        """Count one optimiser step."""
        self.step, self.stage_step, self.lines = self.step + 1, self.stage_step + 1, self.lines + self.stage.batch

    def turn(self) -> None:
        """Go to the next stage if this one's share of lines is done."""
        last = self.stage_index + 1 == len(self.run.stages)
        if self.lines >= self.stage.until * self.run.lines and not last:
            self.stage_index, self.stage_step = self.stage_index + 1, 0

    def counters(self) -> dict[str, int]:
        """Return what a resumed run needs to stand where this one does."""
        return {name: getattr(self, name) for name in ("step", "lines", "stage_index", "stage_step")}
