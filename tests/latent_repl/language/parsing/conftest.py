"""How the tests of parsing ask for a refusal."""

from __future__ import annotations

import pytest

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.parse import parse


def refusal(source: str, *, rows: bool = False) -> LxSyntaxError:
    """Return the error with which a text is refused whose numbers lie in -99..99."""
    with pytest.raises(LxSyntaxError) as caught:
        parse(source, file="p.lx", minimum=-99, maximum=99, rows=rows)
    return caught.value


def assert_refused(
    source: str, line: int, column: int | None, message: str, remedy: str, *, rows: bool = False
) -> None:
    """Assert that a text is refused at a place, None for any column, with words that hold these."""
    error = refusal(source, rows=rows)
    assert (error.line, error.column if column is not None else None) == (line, column)
    assert message in error.message
    assert remedy in error.remedy
