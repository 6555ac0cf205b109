"""A slot is live where a path leads to a read of it before a write."""

from __future__ import annotations

import pytest

from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.liveness import is_live
from latent_repl.language.parsing.parse import parse


@pytest.mark.parametrize(
    ("text", "name", "line", "live"),
    [
        ("a = 1\nb = a", "a", 2, True),
        ("a = 1\na = 2\nb = a", "a", 2, False),
        ("a = 1\nb = 2", "a", 2, False),
        ("a = 1\ndel a", "a", 2, True),
        ("a = 1\nprint(a)", "a", 2, True),
        ("a = 1\nb = 0\nif b:\n    a = 2\nc = a", "a", 3, True),
        ("a = 1\nb = 0\nif b:\n    a = 2\nelse:\n    a = 3\nc = a", "a", 3, False),
        ("a = 3\nb = 0\nwhile a:\n    c = b\n    b = 1\n    a -= 1", "b", 6, True),
        ("a = 3\nassert a > 5\nb = 1", "a", 3, False),
    ],
)
def test_a_variable_lives_until_its_last_read(text: str, name: str, line: int, live: bool) -> None:
    program = lower(parse(text), slots=8)
    [slot] = [slot for slot, held in program.slots.items() if held == name]
    assert is_live(program, slot, min(place for place, at in enumerate(program.lines) if at == line)) is live
