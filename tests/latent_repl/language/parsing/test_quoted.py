"""Strings and comments of a text that Python has not read yet."""

from __future__ import annotations

import io
import itertools
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.parsing.quoted import quoted


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a = 'b?'  # why?", ["'b?'", "# why?"]),
        ("'a' \"b\"", ["'a'", '"b"']),
        ("'# no comment' # 'no string'", ["'# no comment'", "# 'no string'"]),
        ("'it\\'s' + ?", ["'it\\'s'"]),
        ("'''a\n'b'\n''' + ?", ["'''a\n'b'\n'''"]),
        ("f'{a}' + ?", ["'{a}'"]),
        ("'open\n? + 'b'", ["'open", "'b'"]),
        ("'goes \\\non' + ?", ["'goes \\\non'"]),
        ('"""open\n?', ['"""open\n?']),
        ("'open\\", ["'open\\"]),
        ("''", ["''"]),
    ],
)
def test_what_is_inside_strings_and_comments(text: str, inside: list[str]) -> None:
    assert [text[span.start : span.stop] for span in quoted(text)] == inside


@given(
    st.lists(st.text("ab#'\"? \\\\", max_size=8).map(repr) | st.sampled_from(["a", "+", "1", "\n"]), max_size=6).map(
        " ".join
    )
)
def test_strings_are_found_as_python_finds_them(text: str) -> None:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    strings = [token.string for token in tokens if token.type == tokenize.STRING]
    assert [text[span.start : span.stop] for span in quoted(text)] == strings


@given(st.text("'\"\\\n#?a", max_size=30))
def test_any_text_is_split_in_an_orderly_way(text: str) -> None:
    spans = list(quoted(text))
    assert all(one.stop <= other.start for one, other in itertools.pairwise(spans))
