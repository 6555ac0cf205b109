"""Filled problems as programs, and which fillings are sound."""

from __future__ import annotations

import pytest

from latent_repl.language.program import CoreLine
from latent_repl.synthesis.problem.domains import Assignment
from tests.latent_repl.synthesis.problem.conftest import specified


def test_the_filled_program_has_no_holes_and_can_start_where_the_prefix_ends() -> None:
    [example] = specified("a=71; a+? == 18").examples
    program = example.filled((-53,))
    assert [str(line) for line in program.instructions] == ["s0 = 71", "s1 = s0 + -53"]
    assert example.prefix in program.starts
    assert program.holes == 0


def test_a_hole_that_lowering_uses_in_several_core_lines_is_one_hole() -> None:
    problem = specified("s = 0\nfor i in range(0, 9, ?):\n    s += 1\ns == 3")
    [example] = problem.examples
    assert len(problem.space.domains) == len(problem.space.templates) == 1
    assert all(not line.holes for line in example.filled((3,)).instructions if isinstance(line, CoreLine))


@pytest.mark.parametrize(
    ("lines", "sound"),
    [
        (("t = a + 1", "b = t * 2"), True),
        (("b = a + 1", "b = b * 2"), True),
        (("t = a + 1", "t = t * 2"), False),  # b has no value at the end
        (("t = a + 1", "b = a * 2"), False),  # the first line has no say
        (("b = a + 1", "b = t * 2"), False),  # t has no value
        (("b = 3", "b = b + b"), True),
    ],
)
def test_a_sound_filling_assigns_what_is_read_and_reads_what_it_assigns(lines: tuple[str, ...], sound: bool) -> None:
    problem = specified("def f(a):\n    ?\n    ?\n    return b\nf(2) == 9")
    assert problem.space.sound(tuple(map(assignment, lines))) == sound


def test_a_line_that_has_a_say_once_may_have_none_elsewhere() -> None:
    problem = specified("def f(a):\n    ?\n    return b\nassert f(2) == 9\nc = f(3)")
    assert problem.space.sound((assignment("b = a + 7"),))


def test_behind_a_branch_everything_counts_as_sound() -> None:
    problem = specified("def f(a):\n    if a > 1:\n        ?\n    b = a\n    return b\nf(2) == 9")
    assert problem.space.sound((assignment("a = t * 2"),))


def assignment(text: str) -> Assignment:
    """Read `b = a + 3` or `b = 3`."""
    target, _, *parts = text.split()
    left, operator, right = [int(part) if part.isdigit() else part for part in [*parts, "copy", ""][:3]]
    return Assignment(target, str(operator), left, right or None)
