"""Filled problems, as programs and as text."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from latent_repl.language.nodes import Slot
from latent_repl.synthesis.posing import pose
from latent_repl.synthesis.problem import Problem


def posed(text: str) -> Problem:
    return pose(text, names={}, defined=frozenset(), limits=SimpleNamespace(slots=12, minimum=-99, maximum=99))


@pytest.mark.parametrize(
    ("text", "filling", "source", "excerpt"),
    [
        ("a=71; a+? == 18", (-53,), "a = 71\nassert a + -53 == 18", "a + -53"),
        ("a=71; a+? == 18", (Slot(0),), "a = 71\nassert a + a == 18", "a + a"),
        ("? ** 2 == 49", (-7,), "assert (-7) ** 2 == 49", "(-7) ** 2"),
        ("b = ? - ?; b > 1", (5, -3), "b = 5 - -3\nassert b > 1", "b = 5 - -3"),
        ("b = 2; b < ? < 7", (3,), "b = 2\nassert b < 3 < 7", "b < 3 < 7"),
        ("b = 2; b == ?", (2,), "b = 2\nassert b == 2", "b == 2"),
        (
            "b = 0\nwhile b < ?:\n    b += ?\nb == 6",
            (5, 2),
            "b = 0\nwhile b < 5:\n    b += 2\nassert b == 6",
            "b < 5; b += 2",
        ),
    ],
)
def test_filled_text(text: str, filling: tuple[int | Slot, ...], source: str, excerpt: str) -> None:
    problem = posed(text)
    assert problem.source(filling) == source
    assert problem.excerpt(filling) == excerpt


def test_filling_leaves_the_problem_as_it_was() -> None:
    problem = posed("a=71; a+? == 18")
    problem.source((-53,))
    assert problem.source((1,)) == "a = 71\nassert a + 1 == 18"


def test_the_filled_program_has_no_holes_and_can_start_where_the_prefix_ends() -> None:
    problem = posed("a=71; a+? == 18")
    program = problem.filled((-53,))
    assert [str(line) for line in program.instructions] == ["s0 = 71", "s1 = s0 + -53"]
    assert problem.prefix in program.starts
    assert program.holes == 0


def test_fills_are_texts_of_literals_and_names() -> None:
    assert posed("a=71; a + ? + ? == 18").fills((Slot(0), -5)) == ("a", "-5")


def test_a_hole_that_lowering_uses_in_several_core_lines_is_one_hole() -> None:
    problem = posed("s = 0\nfor i in range(0, 9, ?):\n    s += 1\ns == 3")
    assert len(problem.domains) == 1
    assert problem.space.lines != ()
    assert all(not line.holes for line in problem.filled((3,)).instructions if hasattr(line, "holes"))
