"""Errors that are raised and caught: what is in Lx, and what is refused with its place."""

from __future__ import annotations

import ast

import pytest

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.errors import CaughtMessage, ErrorNames
from latent_repl.language.parsing.parse import is_complete, parse


def test_a_handler_names_kinds_and_assigns_what_the_error_says() -> None:
    [statement] = parse("try:\n    x = 1\nexcept (KeyError, TypeError) as e:\n    x = e", rows=True).module.body
    assert isinstance(statement, ast.Try)
    [handler] = statement.handlers
    assert isinstance(handler.type, ErrorNames)
    assert handler.type.names == ("KeyError", "TypeError")
    first, _, _, last = handler.body
    assert isinstance(first, ast.Assign)
    assert isinstance(first.value, CaughtMessage)
    assert isinstance(last, ast.Delete)


def test_a_bare_handler_catches_every_error_and_one_that_leaves_deletes_before() -> None:
    text = "for i in [1]:\n    try:\n        x = 1\n    except Exception as e:\n        break\n"
    text += "try:\n    x = 1\nexcept:\n    pass"
    loop, statement = parse(text, rows=True).module.body
    assert isinstance(loop, ast.For)
    assert isinstance(loop.body[0], ast.Try)
    body = loop.body[0].handlers[0].body
    assert [type(each) for each in body] == [ast.Assign, ast.Assign, ast.Delete, ast.Break]
    assert isinstance(statement, ast.Try)
    assert isinstance(statement.handlers[0].type, ErrorNames)
    assert statement.handlers[0].type.names == ("Exception",)


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        (
            "try:\n    x = 1\nexcept MemoryError:\n    x = 2",
            3,
            "except takes the names of Python's errors",
            "except ValueError",
        ),
        ("try:\n    x = 1\nexcept (KeyError, 3):\n    x = 2", 3, "except takes the names", "except ValueError"),
        (
            "ValueError = 3\ntry:\n    x = 1\nexcept ValueError:\n    x = 2",
            4,
            "except takes the names",
            "except ValueError",
        ),
        ("try:\n    x = 1\nexcept* KeyError:\n    x = 2", 1, "except* is not in Lx", "write except"),
        ("raise", 1, "raise takes the name of an error", "raise ValueError("),
        ("x = 1\nraise x", 2, "raise takes the name of an error", "raise ValueError("),
        ("raise ValueError('a', 'b')", 1, "raise takes the name of an error", "raise ValueError("),
        ("raise ValueError('a') from None", 1, "raise takes the name of an error", "raise ValueError("),
        ("raise 'text'", 1, "raise takes the name of an error", "raise ValueError("),
        ("raise (KeyError, ValueError)", 1, "raise takes the name of an error", "raise ValueError("),
        ("raise ValueError(1j)", 1, "complex numbers are not in Lx", "without j"),
    ],
)
def test_other_forms_are_refused(text: str, line: int, message: str, remedy: str) -> None:
    with pytest.raises(LxSyntaxError) as caught:
        parse(text, rows=True)
    assert caught.value.line == line
    assert message in caught.value.message
    assert remedy in caught.value.remedy


@pytest.mark.parametrize("text", ["try:\n    x = 1\nexcept KeyError:\n    x = 2", "raise KeyError('a')"])
def test_a_checkpoint_without_rows_has_no_words_for_them(text: str) -> None:
    with pytest.raises(LxSyntaxError, match="this checkpoint has no words"):
        parse(text)


def test_a_handler_can_be_typed_line_by_line() -> None:
    lines = ["try:", "    x = 1", "except KeyError:", "    x = 2", ""]
    assert [is_complete("\n".join(lines[:count])) for count in range(1, 6)] == [False] * 4 + [True]
