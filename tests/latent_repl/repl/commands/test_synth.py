"""Which `:synth` commands go on."""

from __future__ import annotations

import pytest

from latent_repl.repl.commands.synth import is_open


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        (":synth a=71; a+? == 18", False),
        (":synth def f(a):", True),
        (":syn --search gp def f(a):", True),
        (":synth def f(a):\n    return a + ?", True),
        (":synth def f(a):\n    return a + ?\nf(1) == 3", True),
        (":synth def f(a):\n    return a + ?\nf(1) == 3\n", False),
        (":save a:", False),
        ("a = 1", False),
    ],
)
def test_a_command_of_several_lines_ends_with_an_empty_one(text: str, goes_on: bool) -> None:
    assert is_open(text) == goes_on
