"""What is trained is an objective, whichever the model."""

from __future__ import annotations

from collections.abc import Callable

import torch

from training.config import LinesRun, SumsRun
from training.core_lines import CoreLines
from training.objective import TrainingObjective
from training.sums.objective import Sums


def test_both_models_have_an_objective(tiny: Callable[..., LinesRun]) -> None:
    device = torch.device("cpu")
    sums = SumsRun(kind="sums", name="x", model={"limit": 3, "maximum": 3, "width": 16, "feed_forward": 32})
    assert isinstance(CoreLines(tiny(), device, compiled=False), TrainingObjective)
    assert isinstance(Sums(sums, device, compiled=False), TrainingObjective)
