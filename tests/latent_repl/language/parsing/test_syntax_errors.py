"""What Python's own parser refuses is refused in Lx's words, where it stands in the user's text."""

from __future__ import annotations

import pytest

from tests.latent_repl.language.parsing.conftest import assert_refused, refusal

# source, line, column, part of the message, part of the remedy
REFUSED = [
    ("12+?=23", 1, 5, "= assigns to a variable", "write == for a constraint"),
    ("a = 12 + ? = 5", 1, 12, "= assigns to a variable", "write == for a constraint"),
    ("a = 1\nmax(a, 2) = 3", 2, 11, "= assigns to a variable", "on the left"),
    ("if a = 3:\n    b = 1", 1, 6, "= is no comparison", "write == to compare"),
    ("if a:\n    b = 1\nelse if c:\n    b = 2", 3, None, "", "write elif"),
    ("a++", 1, None, "", "write += 1"),
    ("if a && b:\n    c = 1", 1, None, "", "write and"),
    ('print("a && b"', 1, None, "never closed", "close the bracket"),
    ("s = 'a++", 1, None, "unterminated", "close the quotes"),
    ("let a = 5", 1, None, "", "leave the first word out"),
    ("if a = 3:\n    pass", 1, 6, "= is no comparison", "write =="),
    ("a = " + "9" * 5000, 1, 5, "thousands of digits", "fewer digits"),
    ("print(? if a)", 1, 7, "expected 'else'", "check the text"),
    ("a, b += 1", 1, 1, "illegal expression for augmented assignment", "one variable's name"),
    ("print a", 1, 1, "Missing parentheses", "write print(...)"),
    ("a = (1", 1, 5, "never closed", "close the bracket"),
    ("a = 1)", 1, 6, "unmatched", "bracket"),
    ("if a\n    b = 1", 1, 5, "expected ':'", "colon"),
    ("if a:\nb = 1", 2, 1, "indented block", "four spaces"),
    (" a = 1", 1, 1, "unexpected indent", "four spaces"),
    ("a = 007", 1, 5, "leading zeros", "without leading zeros"),
    ("a = 1x", 1, 5, "invalid decimal literal", "begin a name with a letter"),
    ("a = = 1", 1, 5, "invalid syntax", "check the text at the caret"),
    ("a = 1 ≤ 2", 1, 7, "invalid character", "characters of Python"),
    ("a = 3 ?", 1, 7, "does not fit", "an operator or a whole line"),
    ("a = 1\n? # why\n? b", 3, 1, "does not fit", "an operator or a whole line"),
    ("? b", 1, 1, "does not fit", "number, a variable"),
]


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), REFUSED)
def test_the_place_and_the_remedy_of_what_python_cannot_read(
    source: str, line: int, column: int | None, message: str, remedy: str
) -> None:
    assert_refused(source, line, column, message, remedy)


@pytest.mark.parametrize("source", ["a = 1 +* ?", "(? ?", "if ?\n    a = 1", "? = = 1", "a = [? }"])
def test_messages_show_holes_as_the_user_wrote_them(source: str) -> None:
    assert str(refusal(source)).isascii()
