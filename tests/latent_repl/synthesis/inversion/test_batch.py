"""What the examples propose together when the program is run backwards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from latent_repl.language.program import CoreLine
from latent_repl.model.interface import Interpreter
from latent_repl.synthesis.inversion.batch import Inversion
from tests.latent_repl.synthesis.inversion.conftest import candidates, objective_of


@pytest.mark.parametrize("text", ["a=2; a * ? == 7", "def f(a):\n    ?\n    return b - 1\nf(2) == 9\nf(3) == 8"])
def test_what_is_proposed_is_run_as_an_evaluation_only(
    perfect: Interpreter, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """A quotient with a remainder is proposed, though it leads nowhere: to know that is an evaluation."""
    objective, run = objective_of(text, perfect), list[CoreLine]()
    code_latents = objective.machine.code_latents

    def recorded(lines: Sequence[CoreLine]) -> np.ndarray:
        run.extend(lines)
        return code_latents(lines)

    monkeypatch.setattr(objective.machine, "code_latents", recorded)
    found = Inversion(objective).candidates([objective.problem.space.at(0)])
    assert found and run
    filled = {
        template.filled(each.filling)
        for each in found
        for example in objective.problem.examples
        for template in example.templates.values()
    }
    assert not filled & {*run}


def test_one_hole_is_proposed_for_with_the_others_filled(perfect: Interpreter) -> None:
    text = "def f(a):\n    b = a * ?\n    return b + ?\nf(2) == 9\nf(3) == 12"
    found = {each.filling: each.support for each in candidates(text, perfect, (3, 0), (5, 1))}
    assert found == {
        (3, 3): {0, 1},
        (3, 1): {1},
        (4, 0): {0, 1},
        (5, -1): {0},
        (5, -3): {1},
        (4, 1): {0},
    }


def test_an_example_that_passes_by_the_hole_is_unaffected(perfect: Interpreter) -> None:
    text = "def f(a):\n    if a > 2:\n        return a + ?\n    return a * ?\nf(2) == 8\nf(3) == 9\nf(5) == 11"
    found = candidates(text, perfect, (0, 4))
    assert [(each.filling, each.support, each.unaffected) for each in found] == [
        ((6, 4), {1, 2}, {0}),
        ((0, 4), {0}, {1, 2}),
    ]


def test_the_same_is_proposed_once(perfect: Interpreter) -> None:
    inversion = Inversion(objective_of("a=71; b = a + ?; b - ? == 18", perfect))
    assert {each.filling for each in inversion.candidates([(1, 2)])} == {(1, 54), (-51, 2)}
    assert [each.filling for each in inversion.candidates([(1, 9)])] == [(-44, 9)]
