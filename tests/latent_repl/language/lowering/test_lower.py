"""The core lines of a text: how many, which ones, in which slots."""

from __future__ import annotations

import pytest

from latent_repl.errors import CapacityError, LxNameError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Branch, CoreLine, Emit, Fail, Hole, Instruction, Jump, Program, Slot

A, B, C = Slot(0), Slot(1), Slot(2)
NAMES = {"a": A, "b": B, "c": C}


def lowered(source: str, slots: int = 12, names: dict[str, Slot] | None = None) -> Program:
    return lower(parse(source), slots=slots, names=NAMES if names is None else names, minimum=-99, maximum=99)


def shown(instruction: Instruction) -> str:
    match instruction:
        case Branch(condition, target):
            return f"branch {condition} -> {target}"
        case Jump(target):
            return f"jump {target}"
        case Emit(slots, kind):
            return " ".join([kind, *map(str, slots)])
        case Fail(error, message):
            return f"fail {error}: {message}"
        case _:
            return str(instruction)


# With a, b, c in s0, s1, s2: the first new variable, if any, is in s3, then come temporaries.
CORE_LINES = [
    ("a = 5", ["s0 = 5"]),
    ("a = -53", ["s0 = -53"]),
    ("a = b", ["s0 = s1"]),
    ("a = True", ["s0 = True"]),
    ("b = a * 2", ["s1 = s0 * 2"]),
    ("a = 2 + 3", ["s0 = 2 + 3"]),
    ("a = a + b * c", ["s3 = s1 * s2", "s0 = s0 + s3"]),
    ("a = (a + b) * (b + c)", ["s3 = s0 + s1", "s4 = s1 + s2", "s0 = s3 * s4"]),
    ("a = ((a + b) * c + b) % c", ["s3 = s0 + s1", "s3 = s3 * s2", "s3 = s3 + s1", "s0 = s3 % s2"]),
    ("a += b", ["s0 = s0 + s1"]),
    ("a -= b // c", ["s3 = s1 // s2", "s0 = s0 - s3"]),
    ("a = +b", ["s0 = s1 + 0"]),
    ("a = -b", ["s0 = -s1"]),
    ("a = --5", ["s0 = --5"]),
    ("a = -True", ["s0 = -True"]),
    ("a = not b", ["s0 = not s1"]),
    ("a = abs(b)", ["s0 = abs s1"]),
    ("a = min(b, c)", ["s0 = min s1 s2"]),
    ("a = max(b, c, 3)", ["s0 = max s1 s2", "s0 = max s0 3"]),
    ("a = max(b, c, a)", ["s3 = max s1 s2", "s3 = max s3 s0", "s0 = s3"]),
    ("a = b != c", ["s0 = s1 != s2"]),
    ("a = 0 < b <= c", ["s0 = 0 < s1", "branch s0 -> 3", "s0 = s1 <= s2"]),
    ("a = 0 < b + 1 < a", ["s4 = s1 + 1", "s3 = 0 < s4", "branch s3 -> 4", "s3 = s4 < s0", "s0 = s3"]),
    ("a = 0 < a < 3", ["s3 = 0 < s0", "branch s3 -> 3", "s3 = s0 < 3", "s0 = s3"]),
    ("a = b and c", ["s0 = s1", "branch s0 -> 3", "s0 = s2"]),
    ("a = b or c", ["s0 = s1", "branch s0 -> 3", "jump 4", "s0 = s2"]),
    ("a = b and a", ["s3 = s1", "branch s3 -> 3", "s3 = s0", "s0 = s3"]),
    ("a = a and b", ["s0 = s0", "branch s0 -> 3", "s0 = s1"]),
    ("a = b if c else a + 1", ["branch s2 -> 3", "s0 = s1", "jump 4", "s0 = s0 + 1"]),
    ("a = b = 3", ["s0 = 3", "s1 = 3"]),
    ("a = b = c", ["s0 = s2", "s1 = s2"]),
    ("a = b = a + 1", ["s0 = s0 + 1", "s1 = s0"]),
    ("a = b = ?", ["s0 = ?", "s1 = s0"]),
    ("a, b = b, a", ["s3 = s0", "s0 = s1", "s1 = s3"]),
    ("a, b = 1, 2", ["s0 = 1", "s1 = 2"]),
    ("a, b = c, a", ["s1 = s0", "s0 = s2"]),
    ("a, b = a, b", ["s0 = s0", "s1 = s1"]),
    ("a, b, c = b, c, a", ["s3 = s0", "s0 = s1", "s1 = s2", "s2 = s3"]),
    ("a, b = b, a + b", ["s3 = s1", "s1 = s0 + s1", "s0 = s3"]),
    ("a, b = b + 1, 2", ["s0 = s1 + 1", "s1 = 2"]),
    ("a, a = 1, b", ["s3 = 1", "s4 = s1", "s0 = s3", "s0 = s4"]),
    ("del a", ["del s0"]),
    ("del a, b", ["del s0", "del s1"]),
    ("pass", ["jump 1"]),
    ("print(a, 5, b + 1)", ["s3 = 5", "s4 = s1 + 1", "print s0 s3 s4"]),
    ("print()", ["print"]),
    ("a + 1", ["s3 = s0 + 1", "value s3"]),
    ("a", ["s3 = s0", "value s3"]),
    ("assert a < 2", ["s3 = s0 < 2", "branch s3 -> 3", "jump 4", "fail AssertionError: a < 2"]),
    ("assert a", ["branch s0 -> 2", "jump 3", "fail AssertionError: a"]),
    ("if a: b = 1", ["branch s0 -> 2", "s1 = 1"]),
    ("if not a: b = 1\nelse: b = 2", ["s3 = not s0", "branch s3 -> 4", "s1 = 1", "jump 5", "s1 = 2"]),
    ("while a: a -= 1", ["branch s0 -> 3", "s0 = s0 - 1", "jump 0"]),
    ("while True: break", ["s3 = True", "branch s3 -> 4", "jump 4", "jump 0"]),
    (
        "for c in range(a): a = c",
        # s3 counts, s4 keeps the stop, for the body changes it.
        [
            "s3 = 0",
            "s4 = s0",
            "jump 4",
            "s3 = s3 + 1",
            "s5 = s3 < s4",
            "branch s5 -> 9",
            "s2 = s3",
            "s0 = s2",
            "jump 3",
        ],
    ),
    (
        "for c in range(b, a, 10): pass",
        # No counter may pass 99: 89 is the last to which 10 is added.
        [
            *("s3 = s1 + 0", "jump 5", "s4 = s3 <= 89", "branch s4 -> 10", "s3 = s3 + 10"),
            *("s4 = s3 < s0", "branch s4 -> 10", "s2 = s3", "jump 9", "jump 2"),
        ],
    ),
    (
        "a = b ** 2",
        ["s3 = 2", "s0 = 1", "branch s3 -> 6", "s0 = s0 * s1", "s3 = s3 - 1", "jump 2"],
    ),
    (
        "a = b ** c",
        [
            *("s3 = s2", "s4 = s3 < 0", "branch s4 -> 4", "fail ValueError: negative exponent"),
            # Python reads b even where c is 0.
            *("branch s1 -> 5", "s0 = 1", "branch s3 -> 10", "s0 = s0 * s1", "s3 = s3 - 1", "jump 6"),
        ],
    ),
]


@pytest.mark.parametrize(("source", "expected"), CORE_LINES)
def test_core_lines(source: str, expected: list[str]) -> None:
    assert [shown(instruction) for instruction in lowered(source).instructions] == expected


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


def test_a_hole_stands_in_a_core_line_as_an_operand() -> None:
    assert lowered("a = b + ?").instructions == (CoreLine(A, "+", B, Hole(0)),)


def test_a_new_variable_takes_a_free_slot_and_keeps_it() -> None:
    first = lowered("x = 1", names={"b": Slot(1), "c": Slot(0)})
    assert first.names == {"b": Slot(1), "c": Slot(0), "x": Slot(2)}
    assert lowered("y = x\nx = 2", names=dict(first.names)).names == {**first.names, "y": Slot(3)}


def test_a_deleted_variable_frees_its_slot_for_the_next_program() -> None:
    first = lowered("del b")
    assert first.names == {"a": A, "c": C}
    assert lowered("x = 1", names=dict(first.names)).names["x"] == B


def test_deletion_makes_room_within_a_program() -> None:
    source = "\n".join(f"x{n} = {n}\ndel x{n}" for n in range(10)) + "\ny = 5"
    program = lowered(source, slots=2, names={})
    assert execute(program, (None, None)).values[program.names["y"].index] == 5


def test_a_variable_deleted_and_assigned_again_has_its_slot_again() -> None:
    assert lowered("del a\nx = b + c * b\na = 1").names == {**NAMES, "x": Slot(3)}


def test_a_deletion_in_a_block_keeps_the_reservation() -> None:
    assert lowered("if a: del b\nx = 1").names == {**NAMES, "x": Slot(3)}


def test_the_names_at_each_line() -> None:
    program = lowered("a = 1\ndel b\nx = 2", names={"a": A, "b": B})
    assert set(program.names_at(0)) == set(program.names_at(1)) == {"a", "b"}
    assert set(program.names_at(2)) == {"a"}
    assert set(program.names_at(3)) == set(program.names_at(9)) == {"a", "x"} == set(program.names)


def test_temporaries_are_named_and_lie_beside_variables() -> None:
    program = lowered("x = a + b * (c + 1)\ny = x", names=NAMES)
    assert program.slots == {A: "a", B: "b", C: "c", Slot(3): "x", Slot(4): "y", Slot(5): "%0"}


def test_a_temporary_never_shows_through_a_variable_that_was_not_assigned() -> None:
    source = "a = 1\nb = (a + 1) * (a + 2)\nif a == 2: x = 5\nprint(x)"
    execution = execute(lowered(source, slots=5, names={}), (None,) * 5)
    assert execution.error is not None
    assert execution.error.kind == "NameError"
    assert "'x'" in execution.error.message


def test_temporaries_may_use_the_slots_of_variables_still_to_come() -> None:
    program = lowered("a = (1 + 2) * (3 + 4)\nb = 5\nc = a", slots=3, names={})
    assert execute(program, (None,) * 3).values == (21, 5, 21)


def test_too_many_variables_are_refused_with_both_numbers() -> None:
    with pytest.raises(CapacityError, match=r"needs 5 slots .*the checkpoint has 4.*del"):
        lowered("x = y = z = w = v = 1", slots=4, names={})


def test_too_many_temporaries_are_refused_with_both_numbers() -> None:
    with pytest.raises(CapacityError, match=r"needs 5 slots \(3 variables, .*checkpoint has 4"):
        lowered("a = (a + b) * (b + c)", slots=4)


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
