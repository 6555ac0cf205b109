"""The exhaustive suites hold every bound, and each program meets it where its name says."""

from __future__ import annotations

import pytest

from grammar.suites.loops import COUNTING, EXHAUSTIVE, bounds
from latent_repl.language.oracle.core_lines import run_source
from latent_repl.language.parsing.parse import parse


@pytest.mark.parametrize(("maximum", "last"), [(99, 98), (400, 399), (401, 400), (999, 400)])
def test_bounds_go_as_far_as_400_and_the_range(maximum: int, last: int) -> None:
    assert bounds(maximum) == range(1, last + 1)


@pytest.mark.parametrize("name", COUNTING)
def test_a_counting_loop_takes_as_many_rounds_as_its_bound_says(name: str) -> None:
    for bound, program in zip(bounds(99), EXHAUSTIVE[name](99), strict=True):
        run = run_source(parse(program), step_limit=2_000)
        header = next(number for number, line in enumerate(program.splitlines(), start=1) if line.endswith(":"))
        assert sum(event.line == header + 1 for event in run.events) == bound


def test_neighbours_are_compared_on_both_sides_and_in_the_middle() -> None:
    programs = [*EXHAUSTIVE["neighbours"](999)]
    assert programs[72].splitlines()[:4] == ["x = 73", "x < 72", "x < 73", "x < 74"]
    output = run_source(parse(programs[72])).output
    rows = [output[place : place + 3] for place in range(0, 18, 3)]
    assert rows == [
        ("False", "False", "True"),
        ("False", "True", "True"),
        ("True", "False", "False"),
        ("True", "True", "False"),
        ("False", "True", "False"),
        ("True", "False", "True"),
    ]
