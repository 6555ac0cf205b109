"""Pieces of output, and the lines they make."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.printed import lines, printed

texts = st.text("ab\n ", max_size=3)


@given(st.lists(st.tuples(st.lists(texts, max_size=3), texts, texts), max_size=4))
def test_pieces_are_what_python_prints(prints: list[tuple[list[str], str, str]]) -> None:
    with contextlib.redirect_stdout(io.StringIO()) as screen:
        for values, separator, end in prints:
            print(*values, sep=separator, end=end)
    pieces = [printed(values, separator, end) for values, separator, end in prints]
    assert "".join(pieces) == screen.getvalue()
    assert list(lines(pieces)) == screen.getvalue().splitlines()


@pytest.mark.parametrize(
    ("pieces", "made"),
    [
        ([], ()),
        (["1\n", "2\n"], ("1", "2")),
        (["0 ", "1 "], ("0 1 ",)),
        (["\n"], ("",)),
        ([""], ()),
        (["a\nb\n"], ("a", "b")),
    ],
)
def test_a_line_is_open_until_a_piece_ends_it(pieces: list[str], made: tuple[str, ...]) -> None:
    assert lines(pieces) == made
