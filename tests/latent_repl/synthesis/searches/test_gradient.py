"""Gradient descent through the torch executor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from latent_repl.errors import SynthesisError
from latent_repl.machine import Machine
from latent_repl.model.interface import Interpreter
from latent_repl.session import Session
from latent_repl.synthesis.objective import Objective, run_prefix
from latent_repl.synthesis.problem.specification import specify
from latent_repl.synthesis.searches.base import Setting
from latent_repl.synthesis.searches.gradient import GradientDescent


def test_steps_count_as_evaluations_and_what_is_found_is_verified() -> None:
    solution = Session("base", check=False).synth("a = 3; a ? 4 == 50", search="gradient", budget=20)
    assert not solution.verified  # no operator makes 50 of 3 and 4
    assert solution.evaluations == 20 or solution.reason == "every fill was tried"
    assert solution.evaluations > 13  # more than there are operators: the points count


def test_it_needs_a_checkpoint_and_a_straight_line(perfect: Interpreter, session_of: Callable[..., Any]) -> None:
    with pytest.raises(SynthesisError, match="reads a checkpoint's files"):
        session_of(perfect).synth("a = 3; a + ? == 7", search="gradient")
    with pytest.raises(SynthesisError, match="takes no branches"):
        Session("base", check=False).synth("a = 3\nif a > ?: a = 1\na == 1", search="gradient")
    for problem in ("a = 7; b = a & ?; b == 3", "xs = [1]; xs.append(?); xs == [1, 2]"):
        with pytest.raises(SynthesisError, match="comparisons of numbers"):
            Session("base", check=False).synth(problem, search="gradient")


@pytest.mark.parametrize("seed", [1, 3])  # whose points do not all fail
@pytest.mark.parametrize("problem", ["a = 6; a * ? == 42", "def f(n): return n + ?\nf(1) == 5; f(3) == 7"])
def test_the_states_that_it_derives_are_the_machines(problem: str, seed: int) -> None:
    session = Session("base", mode="latent", check=False)
    specified = specify(problem, names=session.names, defined=session.defined, limits=session.model.config)
    machine = Machine(session.model)
    starts = [run_prefix(example, machine, session.latents, session.defined) for example in specified.examples]
    search = GradientDescent(Setting(specified, Objective(specified, machine, starts), seed=seed))
    search.propose({})
    search.propose({})  # has moved the points off the lines they began at
    assert search.latents is not None
    points = search.latents.detach().numpy()
    for example, start, states in zip(specified.examples, starts, search.states(), strict=True):
        [index] = example.templates
        runs = machine.run(
            [example.opened()] * len(points),
            np.repeat(start.latents[None], len(points), axis=0),
            counters=[start.counter] * len(points),
            defined=[start.defined] * len(points),
            codes=[{index: point} for point in points],
            record=False,
        )
        ended = [row for row, run in enumerate(runs) if run.error is None]
        assert ended
        ours = np.stack([runs[row].latents for row in ended])
        np.testing.assert_allclose(states.detach().numpy()[ended], ours, atol=1e-3)
