"""Powers without rows are loops of multiplications."""

from __future__ import annotations

from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute
from latent_repl.language.parsing.parse import parse


def test_a_power_is_as_many_products_as_its_exponent_says() -> None:
    program = lower(parse("a = 3\nb = a ** 4"), slots=4)
    done = execute(program, (None,) * 4)
    assert done.values[program.names["b"].index] == 81
    assert done.steps == 1 + 2 + 2 * 4


def test_a_negative_exponent_fails_by_name() -> None:
    done = execute(lower(parse("a = -1\nb = 2 ** a"), slots=6), (None,) * 6)
    assert done.error is not None
    assert (done.error.kind, done.error.message) == ("ValueError", "negative exponent")
