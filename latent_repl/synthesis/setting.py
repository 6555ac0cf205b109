"""What a search may know of a problem: the fillings, the model, and how a filled program would be run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from latent_repl.synthesis.space import Space

if TYPE_CHECKING:
    from latent_repl.model.interface import Interpreter
    from latent_repl.synthesis.objective import Objective
    from latent_repl.synthesis.problem import Problem


@dataclass(frozen=True)
class Setting:
    """A problem about to be searched, and the seed of everything random in the search."""

    problem: Problem
    objective: Objective
    seed: int

    @property
    def space(self) -> Space:
        """The fillings."""
        return self.problem.space

    @property
    def model(self) -> Interpreter:
        """The model that executes and decodes."""
        return self.objective.machine.model
