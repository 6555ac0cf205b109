"""What the tests of the processes share: models that have learnt from a few outcomes."""

from __future__ import annotations

import numpy as np
import torch

from latent_repl.synthesis.bayesian.model import GridProcess
from latent_repl.synthesis.bayesian.path_models import OutcomeModel
from latent_repl.synthesis.bayesian.posterior import squared_distances
from latent_repl.synthesis.objective import Outcome

INPUTS = np.array([[0.0], [0.1], [0.3], [0.7], [0.9], [1.0]])
ONLY = frozenset({0})
BELOW, ABOVE = frozenset({0, 1}), frozenset({0, 2})
GRID = np.array([[first, second, third] for first in (0.1, 0.2, 0.8, 0.9) for second in (0, 1) for third in (0, 0.5)])
POOL = torch.linspace(0, 1, 101, dtype=torch.float64)[:, None]

LINE = torch.linspace(0, 1, 12, dtype=torch.float64)[:, None]
PLACES = torch.linspace(0.01, 0.99, 50, dtype=torch.float64)[:, None]

EVEN = torch.full((3,), 1 / 3, dtype=torch.float64)
FAR = squared_distances([1], PLACES, LINE)


def outcomes(inputs: np.ndarray, fails_above: float = 2.0) -> list[Outcome]:
    """Two examples: one output runs up with the input, the other down; higher inputs may fail in the second."""
    return [Outcome((place, 1 - place), (ONLY, ONLY if place[0] <= fails_above else None)) for place in inputs]


def learnt(target: float, fails_above: float = 2.0) -> OutcomeModel:
    model = OutcomeModel([1], np.array([0]), [np.array([target]), np.array([1 - target])])
    assert model.condition(INPUTS, outcomes(INPUTS, fails_above))
    return model


def branch(place: np.ndarray) -> Outcome:
    """The first line decides which of the two others is run."""
    return Outcome((place[1:2] + 2,), (BELOW,)) if place[0] < 0.5 else Outcome((-place[2:],), (ABOVE,))


def outputs(inputs: torch.Tensor) -> torch.Tensor:
    """Two outputs that vary at their own pace, and one that never does."""
    return torch.cat([2 * inputs, torch.sin(7 * inputs), torch.ones_like(inputs)], 1)


def conditioned(inputs: torch.Tensor = LINE) -> GridProcess:
    process = GridProcess([inputs.shape[1]])
    process.condition(inputs, outputs(inputs))
    return process
