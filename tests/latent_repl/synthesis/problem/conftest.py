"""What the tests of problems share: one made from text."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from latent_repl.language.program import Slot
from latent_repl.synthesis.problem.problem import Problem
from latent_repl.synthesis.problem.specification import specify

LIMITS: Any = SimpleNamespace(slots=12, minimum=-99, maximum=99)


def specified(text: str, **variables: int) -> Problem:
    """Return the problem of a text in a session whose variables are in the slots given."""
    names = {name: Slot(index) for name, index in variables.items()}
    return specify(text, names=names, defined=frozenset(names.values()), limits=LIMITS)
