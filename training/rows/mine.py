"""The cases of movement that a checkpoint is unsure of, which a run with `mine = true` draws again and again."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from grammar.core_lines.movement import OPERATORS, every_case
from latent_repl.model.load import load_reference
from training.rows.scan import CaseScanner

# Nats below which a case is hard. Chosen.
LEAD = 8.0


class CaseMiner:
    """The hard cases of a checkpoint, operator by operator."""

    dtype = np.int16

    def __init__(self, checkpoint: str, device: torch.device, *, compiled: bool = True) -> None:
        model = load_reference(checkpoint).eval()
        nn.Module.to(model, device)
        self._model, self._scanner = model, CaseScanner(model, compiled=compiled)

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators to look through."""
        return self._model.vocabulary.operators

    def __call__(self, operator: str) -> NDArray[np.int16]:
        """Return the hard cases of an operator, packed."""
        cells, generator = self._model.config.cells, np.random.default_rng(OPERATORS.index(operator))
        cases = every_case(operator, self._model.vocabulary, cells, generator)
        return cases[np.flatnonzero(self._scanner.margins(cases) < LEAD)].packed()
