"""The flat form of a text: nothing computed or removed, lines and names by place, unknown names refused."""

from __future__ import annotations

from contextlib import suppress
from cProfile import Profile
from pstats import Stats

import pytest

from latent_repl.errors import CapacityError, LatentReplError, LxNameError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import CoreLine
from tests.latent_repl.language.lowering.conftest import A, B, lowered


@pytest.mark.parametrize(
    ("source", "steps"),
    [
        ("a = 1 + 2 + 3", 2),
        ("a = 0 * b + 0", 2),
        ("a = b\na = b\na = c", 3),
        ("a = not not True", 2),
        ("a = a", 1),
        ("a = 3 if True else 4", 2),
        ("a = 2 ** 3", 8),
        ("for i in range(3): a = i", 14),
        ("if False: pass", 1),
        ("a, b = b, a", 3),
    ],
)
def test_nothing_is_computed_or_removed(source: str, steps: int) -> None:
    values = (1, 2, 3, *[None] * 9)
    assert execute(lowered(source), values, minimum=-99, maximum=99).steps == steps


def test_every_line_starts_where_its_first_instruction_is() -> None:
    program = lowered("a = 1; b = 2\nwhile a:\n    a -= 1\nelse_ = (1 +\n    2)\npass")
    starts = {index: program.lines[index] for index in sorted(program.starts)}
    assert starts == {0: 1, 2: 2, 3: 3, 5: 4, 6: 6}


def test_a_loop_begins_its_line_again_at_every_test() -> None:
    program = lowered("for i in range(2):\n    a = i")
    events = execute(program, (1, 2, 3, *[None] * 9)).events
    assert [event.line for event in events] == [1, 2, 1, 2, 1]


def test_holes_stand_in_one_core_line_each() -> None:
    sources = (
        "a = 0 < ? < 5\nb = ? ** 2\nfor i in range(?, ?, ?): print(?)\nassert ?\na = b = ?\na = ? and b\na, b = b, ?"
    )
    program = lowered(sources)
    lines = [line for line in program.instructions if isinstance(line, CoreLine)]
    assert sorted(hole.number for line in lines for hole in line.holes) == list(range(program.holes))
    assert program.holes == 10


def test_the_names_at_each_line() -> None:
    program = lowered("a = 1\ndel b\nx = 2", names={"a": A, "b": B})
    assert set(program.names_at(0)) == set(program.names_at(1)) == {"a", "b"}
    assert set(program.names_at(2)) == {"a"}
    assert set(program.names_at(3)) == set(program.names_at(9)) == {"a", "x"} == set(program.names)


@pytest.mark.parametrize(
    ("source", "line", "column", "remedy"),
    [
        ("a = 1\nb = a + counter", 2, 9, "assign it first, as in counter = 0"),
        ("total = 1\nprint(totl)", 2, 7, "did you mean total?"),
        ("d += 1", 1, 1, "assign it"),
        ("del d", 1, 5, "assign it"),
        ("b = _", 1, 5, "assign it"),
    ],
)
def test_names_that_nothing_assigns_are_refused(source: str, line: int, column: int, remedy: str) -> None:
    with pytest.raises(LxNameError) as caught:
        lowered(source)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert remedy in caught.value.remedy


def test_the_last_value_is_a_name_like_any_other() -> None:
    program = lowered("a + 1\nb = _ * 2")
    assert execute(program, (4, 0, 0, *[None] * 9)).values[B.index] == 10
    assert "_" in program.names


def test_a_function_that_reads_an_unknown_variable_is_refused_where_it_is_called() -> None:
    lower(parse("def f(a):\n    return a + k"), slots=9)
    with pytest.raises(LxNameError, match="no line assigns k") as caught:
        lower(parse("def f(a):\n    return a + k\nf(1)"), slots=9)
    assert caught.value.line == 2


def test_a_function_that_calls_an_unknown_one_is_refused_where_it_is_called() -> None:
    lower(parse("def f(a):\n    return total(a)"), slots=9)
    with pytest.raises(LxNameError, match="no line defines total") as caught:
        lower(parse("def f(a):\n    return total(a)\nf(1)"), slots=9)
    assert (caught.value.line, caught.value.column) == (2, 12)


def test_each_called_function_is_lowered_once_behind_the_program() -> None:
    program = lower(parse("def f(a): return g(a)\ndef g(a): return a\ndef h(a): return a\nx = f(1)\ny = f(2)"), slots=9)
    assert sorted(routine.name for routine in program.routines) == ["f", "g"]
    assert all(routine.entry >= program.end for routine in program.routines)
    assert all(start < program.end for start in program.starts)


def test_every_name_that_nothing_assigns_is_told_once() -> None:
    with pytest.raises(LxNameError) as refused:
        lower(parse("b = a + c\nd = a"), slots=12)
    assert refused.value.line == 1
    assert str(refused.value).splitlines()[-1] == "and 1 more: no line assigns c (line 1)"


@pytest.mark.parametrize(
    "text",
    [
        f"print({'1, ' * 20_000})",
        f"{', '.join('a' * 5_000)} = {', '.join('1' * 5_000)}",
        "\n".join(f"a{number} = 1" for number in range(5_000)),
    ],
)
def test_slots_are_counted_no_further_than_to_a_limit(text: str) -> None:
    with pytest.raises(CapacityError, match="more than 256 slots, the checkpoint has 12"):
        lower(parse(text), slots=12)


def test_a_statement_that_calls_hundreds_of_functions_is_refused() -> None:
    chain = "def f0(): return 0\n" + "".join(f"def f{n}(): return f{n - 1}()\n" for n in range(1, 300))
    lower(parse(f"{chain}f199()"), slots=12)
    with pytest.raises(CapacityError, match="calls more than 200 functions"):
        lower(parse(f"{chain}f200()"), slots=12)


@pytest.mark.parametrize("line", ["a = 1\n", "a = 1\ndel a\n", "def f():\n    return 1\n", "f(a)\n", "assert a;"])
def test_the_work_of_a_text_grows_as_its_length(line: str) -> None:
    def calls(count: int) -> int:
        text = "def f(x):\n    return x\na = 1\nb = a * a + a * a\n" + line * count
        with Profile() as profile, suppress(LatentReplError):
            lower(parse(text), slots=12)
        return Stats(profile).total_calls  # type: ignore[attr-defined]

    assert calls(800) < 2.4 * calls(400)
