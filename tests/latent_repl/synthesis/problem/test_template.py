"""A line with holes becomes the core line that its fills say, in the slots of the place."""

from __future__ import annotations

import pytest

from latent_repl.language.program import Blank, CoreLine, Hole, Slot
from latent_repl.synthesis.problem.domains import Assignment, Filling
from latent_repl.synthesis.problem.template import Template

SLOTS = (("a", Slot(4)), ("b", Slot(2)))
FIRST, SECOND, THIRD = Hole(0), Hole(1), Hole(2)


def template_of(line: CoreLine | Blank) -> Template:
    return Template(line if isinstance(line, CoreLine) else None, line.holes, SLOTS)


@pytest.mark.parametrize(
    ("line", "filling", "text"),
    [
        (CoreLine(Slot(1), "+", Slot(0), FIRST), (-53,), "s1 = s0 + -53"),
        (CoreLine(Slot(1), "+", Slot(0), FIRST), ("a",), "s1 = s0 + s4"),
        (CoreLine(Slot(1), "copy", SECOND), ("b", "a"), "s1 = s4"),
        (CoreLine(Slot(1), "abs", FIRST), (-7,), "s1 = abs -7"),
        (CoreLine(Slot(1), FIRST, Slot(0), 3), ("max",), "s1 = max s0 3"),
        (CoreLine(Slot(1), SECOND, FIRST, THIRD), (5, "<", "b"), "s1 = 5 < s2"),
        (Blank(FIRST), (Assignment("b", "-", 3, "a"),), "s2 = 3 - s4"),
        (Blank(SECOND), (0, Assignment("a", "neg", "a")), "s4 = -s4"),
        (Blank(FIRST), (Assignment("a", "copy", 9),), "s4 = 9"),
        (CoreLine(Slot(1), "+", Slot(0), 2), (), "s1 = s0 + 2"),
    ],
)
def test_a_filled_line_is_what_its_fills_say(line: CoreLine | Blank, filling: Filling, text: str) -> None:
    filled = template_of(line).filled(filling)
    assert str(filled) == text
    assert filled.holes == ()


def test_a_variable_that_cannot_be_named_here_fills_nothing() -> None:
    with pytest.raises(KeyError):
        template_of(CoreLine(Slot(1), "copy", FIRST)).filled(("c",))
