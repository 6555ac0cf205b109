"""What stands behind a line for CPython's verdict."""

from __future__ import annotations

import pytest

from latent_repl.errors import ProgramError
from latent_repl.language.program import NEGATIVE_EXPONENT
from latent_repl.verdicts import OWN_LIMITS, own_limit


def test_an_error_that_python_has_as_well_is_no_limit_of_lx() -> None:
    assert own_limit(ProgramError("ZeroDivisionError", "division by zero", 1)) is None
    assert own_limit(ProgramError("ValueError", "substring not found", 1)) is None


@pytest.mark.parametrize("kind", OWN_LIMITS)
def test_each_limit_of_lx_has_its_words(kind: str) -> None:
    assert own_limit(ProgramError(kind, NEGATIVE_EXPONENT, 1)) == OWN_LIMITS[kind]
