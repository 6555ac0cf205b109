"""What the model makes of points of code space: of known lines, of points between them, and what CPython says."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from latent_repl.errors import ProgramError, UsageError
from latent_repl.explore.code_space import CodeSpace
from latent_repl.model.interface import Interpreter
from latent_repl.session import Session
from tests.latent_repl.conftest import Doubter


def at(space: CodeSpace, *fills: str) -> np.ndarray:
    """The latents of fills."""
    texts = [space.problem.fills(filling)[0] for filling in space.fillings]
    return space.latents[[texts.index(fill) for fill in fills]]


def test_a_known_line_is_read_where_it_lies(space: CodeSpace) -> None:
    [reading] = space.read(at(space, "-53"))
    assert space.text(reading.line) == "a + -53"
    assert reading.confidence > 0.5
    assert reading.agrees
    assert reading.loss == pytest.approx(space.loss(at(space, "-53"))[0])


def test_a_point_leads_as_surely_as_the_decoder_read_the_steps(shipped_model: Interpreter) -> None:
    space = CodeSpace(Session(cast(Interpreter, Doubter(shipped_model, value=10))), "a=6; a+? == 42")
    sure, doubtful = space.run(at(space, "36", "4"))
    assert (sure.value, doubtful.value) == (42, 10)
    assert (sure.confidence, doubtful.confidence) == pytest.approx((1, 0.5), abs=1e-3)


def led_alike(space: CodeSpace, latents: np.ndarray) -> tuple[list[bool], list[bool]]:
    """Return whether points give the value of the lines that they decode to, and whether they are said to agree.

    Points that decode to no line are left out.
    """
    points = latents[[reading.line is not None for reading in space.read(latents)]]
    readings = space.read(points)
    lines = space.run(space.machine.code_latents([each.line for each in readings if each.line]))
    same = [point.value == line.value for point, line in zip(space.run(points), lines, strict=True)]
    return same, [reading.agrees for reading in readings]


def test_a_point_leads_where_the_line_does_that_it_decodes_to(live_session: Session) -> None:
    space = CodeSpace(live_session, "a=6; a+? == 42")
    noise = np.random.default_rng(0).normal(0, 0.1, (30, space.latents.shape[1]))
    same, agree = led_alike(space, space.within(at(space, "36").repeat(30, axis=0) + noise))
    assert len(same) > 10
    assert all(same) and all(agree)


def test_a_point_of_a_space_that_is_read_through_its_decoder_agrees(space: CodeSpace) -> None:
    latents = np.repeat(at(space, "0"), 60, axis=0)
    latents[:, -2:] = np.random.default_rng(0).uniform(-1, 1, (60, 2))
    assert led_alike(space, latents) == ([True] * 60, [True] * 60)


def test_the_executed_state_has_the_users_variables_and_the_target(space: CodeSpace) -> None:
    [execution] = space.run(at(space, "0"))
    assert dict(execution.state) == {"a": 71}
    assert (execution.value, execution.target, execution.error) == (71, 18, None)


def test_cpython_judges_only_lines_that_fill_the_holes(space: CodeSpace) -> None:
    lines = {text: reading.line for text, reading in zip(("-53", "7"), space.read(at(space, "-53", "7")), strict=True)}
    assert space.holds(lines["-53"]) is True
    assert space.holds(lines["7"]) is False
    assert space.holds(None) is None


def test_points_stay_within_the_box_and_marks_as_they_are(space: CodeSpace) -> None:
    far = at(space, "0") + 5
    within = space.within(far)[0]
    assert within[-2:].tolist() == [1, 1]
    assert within.max() == space.latents.max()


def test_a_line_of_the_base_model_on_values_of_the_session(live_session: Session) -> None:
    live_session.run("b = 6")
    space = CodeSpace(live_session, "b * ? == 42")
    [reading], [execution] = space.read(at(space, "7")), space.run(at(space, "7"))
    assert space.text(reading.line) == "b * 7"
    assert (dict(execution.state), execution.value, reading.agrees) == ({"b": 6}, 42, True)


@pytest.mark.parametrize("problem", ["a = ?; b = ?; a + b == 3", "?; a == 3"])
def test_holes_in_several_lines_are_refused(problem: str, live_session: Session) -> None:
    with pytest.raises(UsageError, match="one core line"):
        CodeSpace(live_session, problem)


def test_a_program_that_fails_before_its_hole_is_refused(live_session: Session) -> None:
    with pytest.raises(ProgramError, match="ZeroDivisionError"):
        CodeSpace(live_session, "a = 1 // 0; a + ? == 3")
