"""What is trained is an objective, whichever the model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from latent_repl.language.operators import OPERATORS
from training.config import LinesRun, SumsRun
from training.core_lines import CoreLines
from training.objective import TrainingObjective
from training.schedule import Schedule
from training.sums.objective import Sums


def test_both_models_have_an_objective(tiny: Callable[..., LinesRun]) -> None:
    device = torch.device("cpu")
    sums = SumsRun(kind="sums", name="x", model={"limit": 3, "maximum": 3, "width": 16, "feed_forward": 32})
    assert isinstance(CoreLines(tiny(), device, compiled=False), TrainingObjective)
    assert isinstance(Sums(sums, device, compiled=False), TrainingObjective)


@pytest.mark.parametrize("pairs", [True, False])
def test_losses_of_lines_are_taken_where_the_model_is(
    tiny: Callable[..., LinesRun], elsewhere: torch.device, *, pairs: bool
) -> None:
    lines = CoreLines(tiny(stage={"pairs": pairs, "steps": 2}), elsewhere, compiled=False)
    lines.note_errors = lambda *_: None  # type: ignore[method-assign]
    shares = torch.ones(len(OPERATORS), device=elsewhere if pairs else "cpu")  # chains are drawn on the processor
    lines.shares = lambda: shares  # type: ignore[method-assign]
    lines.begin(lines.run.stages[0])
    for batch in lines.draw(np.random.default_rng(0), 16, Schedule(lines.run)):
        total, _ = lines.loss(batch)
        total.backward()
        assert total.device == elsewhere
