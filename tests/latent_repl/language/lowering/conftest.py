"""What the tests of lowering share: a program on three variables, and its instructions as text."""

from __future__ import annotations

from latent_repl.language.lowering.lower import lower
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Branch, Emit, Fail, Instruction, Jump, Program, Slot

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


def assert_lowered(source: str, expected: list[str]) -> None:
    """Assert that a text is lowered to these instructions.

    With a, b, c in s0, s1, s2: the first new variable, if any, is in s3, then come temporaries.
    """
    assert [shown(instruction) for instruction in lowered(source).instructions] == expected
