"""Gradient descent through the torch executor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from latent_repl.errors import SynthesisError
from latent_repl.model.interface import Interpreter
from latent_repl.session import Session
from latent_repl.synthesis.solve import solve


def test_steps_count_as_evaluations_and_what_is_found_is_verified() -> None:
    solution = solve("a = 3; a ? 4 == 50", session=Session("base", check=False), search="gradient", budget=20)
    assert not solution.verified  # no operator makes 50 of 3 and 4
    assert solution.evaluations == 20 or solution.reason == "every fill was tried"
    assert solution.evaluations > 13  # more than there are operators: the points count


def test_it_needs_a_checkpoint_and_a_straight_line(perfect: Interpreter, session_of: Callable[..., Any]) -> None:
    with pytest.raises(SynthesisError, match="checkpoint's folder"):
        solve("a = 3; a + ? == 7", session=session_of(perfect), search="gradient")
    with pytest.raises(SynthesisError, match="takes no branches"):
        solve("a = 3\nif a > ?: a = 1\na == 1", session=Session("base", check=False), search="gradient")
