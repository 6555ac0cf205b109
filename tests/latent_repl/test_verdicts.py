"""What stands behind a line for CPython's verdict."""

from __future__ import annotations

import pytest

from latent_repl.errors import ProgramError
from latent_repl.language import floats
from latent_repl.language.program import NEGATIVE_EXPONENT
from latent_repl.verdicts import OWN_FLOATS, OWN_LIMITS, own_limit


def test_an_error_that_python_has_as_well_is_no_limit_of_lx() -> None:
    assert own_limit(ProgramError("ZeroDivisionError", "division by zero", 1)) is None
    assert own_limit(ProgramError("ValueError", "substring not found", 1)) is None
    assert own_limit(ProgramError("ValueError", "could not convert string to float: 'a'", 1)) is None


@pytest.mark.parametrize("message", floats.OVERFLOWS)
def test_a_number_that_is_too_large_for_python_as_well_is_no_limit_of_lx(message: str) -> None:
    assert own_limit(ProgramError("OverflowError", message, 1)) is None


@pytest.mark.parametrize("kind", ["ValueError", "OverflowError"])
@pytest.mark.parametrize("message", floats.LIMITS)
def test_where_floats_of_lx_end_its_words_say_so(message: str, kind: str) -> None:
    assert own_limit(ProgramError(kind, message, 1)) == OWN_FLOATS


@pytest.mark.parametrize("kind", OWN_LIMITS)
def test_each_limit_of_lx_has_its_words(kind: str) -> None:
    assert own_limit(ProgramError(kind, NEGATIVE_EXPONENT, 1)) == OWN_LIMITS[kind]
