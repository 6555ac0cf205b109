"""Calls of the user's functions: what is left over is packed where the call stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.errors import LxSyntaxError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import Execution
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Call, Program

Lowered = Callable[[str], Program]


def calls(program: Program) -> list[str]:
    return [str(each) for each in program.instructions if isinstance(each, Call)]


def test_what_is_left_over_is_packed_by_core_lines(lowered_rows: Lowered) -> None:
    program = lowered_rows("def f(a, *rest, k=1, **others): return a\nx = f(1, 2, 3, k=4, n=5)")
    lines = [*map(str, program.instructions[: program.end])]
    call = next(place for place, line in enumerate(lines) if "call" in line)
    assert lines[call] == "s0 = call f(s1, *s2, k=s4, **s3)"
    assert lines[1:call] == [
        *("s1 = 1", "s2 = row tuple", "append s2 2", "append s2 3", "s3 = row dict", "s4 = 4"),
        *("append s3 'n'", "append s3 5"),
    ]


def test_where_nothing_is_left_over_rows_are_empty(lowered_rows: Lowered) -> None:
    program = lowered_rows("def f(*rest, **others): return rest\nx = f()")
    assert calls(program) == ["s0 = call f(*s1, **s2)"]
    assert [*map(str, program.instructions[1:3])] == ["s1 = row tuple", "s2 = row dict"]


def test_plain_calls_are_lowered_as_ever(lowered_rows: Lowered) -> None:
    assert calls(lowered_rows("def f(a, *, k): return a\nx = f(1, k=2)")) == ["s0 = call f(s1, k=s2)"]


def test_a_function_is_lowered_anew_where_what_it_packs_for_is(run: Callable[[str], Execution]) -> None:
    text = "def f(*a): return a\ndef g(): return f(1, 2)\nprint(g())\ndef f(a, b): return a + b\nprint(g())\n"
    text += "def f(a, *b): return b\nprint(g())"
    assert run(text).output == ("(1, 2)", "3", "(2,)")
    program = lower(parse(text, rows=True), slots=12, rows=True)
    assert [routine.name for routine in program.routines] == ["g", "f", "g", "f", "g", "f"]


def test_a_name_of_other_characters_cannot_be_packed() -> None:
    with pytest.raises(LxSyntaxError, match="no character of Lx") as caught:
        lower(parse("def f(**k): return k\nf(\u00e9=1)", rows=True), slots=12, rows=True)
    assert (caught.value.line, caught.value.column) == (2, 5)


def test_what_is_packed_is_known_to_be_a_tuple_unless_it_is_assigned(lowered_rows: Lowered) -> None:
    assert calls(lowered_rows("def f(*xs): return xs[1:]\nf()")) == ["s0 = call f(*s1)"]
    again = calls(lowered_rows("def f(*xs):\n    xs = xs or 5\n    return xs[1:]\nf()"))
    assert [each.split("call ")[1].partition("(")[0] for each in again] == ["f", ".sliceable"]
