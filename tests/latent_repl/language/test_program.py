"""The flat form of a program: how its lines read, where its holes are, and which names are in force."""

from __future__ import annotations

import pytest

from latent_repl.language.operators import BINARY_OPERATORS, ROW_OPERATORS, TABLE, UNARY_OPERATORS
from latent_repl.language.program import Blank, CoreLine, Hole, Operand, Program, Slot
from latent_repl.language.values import NOTHING

A, B = Slot(0), Slot(1)


@pytest.mark.parametrize(
    ("core_line", "text"),
    [
        (CoreLine(B, "+", A, -5), "s1 = s0 + -5"),
        (CoreLine(B, "min", True, A), "s1 = min True s0"),
        (CoreLine(B, "not", A), "s1 = not s0"),
        (CoreLine(B, "neg", -5), "s1 = --5"),
        (CoreLine(B, "copy", Hole(0)), "s1 = ?"),
        (CoreLine(B, "abs", Hole(0)), "s1 = abs ?"),
        (CoreLine(B, Hole(1), Hole(0), 3), "s1 = ? ? 3"),
        (CoreLine(B, "del"), "del s1"),
        (CoreLine(B, "[]", A, -1), "s1 = s0[-1]"),
        (CoreLine(B, "take", "a", 3), "s1 = 'a'[:3]"),
        (CoreLine(B, "row", list), "s1 = row list"),
        (CoreLine(B, "put", A, NOTHING), "s1[s0] = None"),
        (CoreLine(B, "append", A), "append s1 s0"),
        (Blank(Hole(2)), "?"),
    ],
)
def test_a_core_line_reads_as_what_it_does(core_line: CoreLine | Blank, text: str) -> None:
    assert str(core_line) == text


def test_lines_of_two_operators_never_read_alike() -> None:
    lines = [CoreLine(A, operator, A, B) for operator in BINARY_OPERATORS]
    lines += [CoreLine(A, operator, B) for operator in (*UNARY_OPERATORS, "copy")] + [CoreLine(A, "del")]
    lines += [CoreLine(A, operator, B, A) for operator in ROW_OPERATORS]
    assert len(lines) == len(TABLE) == len(set(map(str, lines)))


@pytest.mark.parametrize(
    ("left", "operator", "right", "numbers"),
    [
        (A, "+", 3, []),
        (Hole(1), "+", Hole(0), [1, 0]),
        (Hole(0), Hole(1), Hole(2), [0, 1, 2]),
        (Hole(4), "abs", None, [4]),
    ],
)
def test_holes_of_a_line_come_left_to_right(
    left: Operand, operator: str | Hole, right: Operand | None, numbers: list[int]
) -> None:
    assert [hole.number for hole in CoreLine(B, operator, left, right).holes] == numbers


def test_the_one_hole_of_a_blank_line_is_the_line() -> None:
    assert Blank(Hole(3)).holes == (Hole(3),)


def test_names_are_in_force_from_their_line_to_the_next_scope() -> None:
    scopes = ((0, {"a": A}), (2, {"a": A, "b": B}), (5, {"b": B}))
    program = Program("", (), (), 0, frozenset(), {"b": B}, {}, scopes=scopes)
    assert [sorted(program.names_at(line)) for line in (0, 1, 2, 4, 5, 99)] == [
        *(["a"], ["a"], ["a", "b"], ["a", "b"], ["b"], ["b"]),
    ]


def test_without_scopes_the_names_of_the_end_are_in_force_everywhere() -> None:
    assert Program("", (), (), 0, frozenset(), {"b": B}, {}).names_at(0) == {"b": B}
