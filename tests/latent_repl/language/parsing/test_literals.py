"""Literals that are values, and formats."""

from __future__ import annotations

import pytest

from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.parsing.conftest import assert_refused


@pytest.mark.parametrize(
    "text",
    [
        "'cat'",
        "''",
        "'it\\'s \\n\\t'",
        '"""a\nb"""',
        "r'\\d'",
        "'a' 'b'",
        "None",
        "-123456789",
        "1.5",
        "-.5e-3",
        "1e999",
        "[0.0, -0.0]",
        "f'{a!r:>5}'",
        "f'{a:05d} {b}'",
        "f'{a:*^9,}'",
        "f'{a:.2f} {b:>+9,.10f} {c:.1%} {d:f}'",
    ],
)
def test_a_literal_that_is_a_value(text: str) -> None:
    assert parse(text, rows=True).module.body


@pytest.mark.parametrize(
    ("source", "line", "column", "message", "remedy"),
    [
        ("a = 1e-320", 1, 5, "so near to it is not in Lx", "write 0.0"),
        ("a = [1, -5e-324]", 1, 10, "so near to it is not in Lx", "write 0.0"),
        ("a = [1, 2j]", 1, 9, "complex numbers", "without j"),
        ("a = b'c'", 1, 5, "bytes", "without b"),
        ("a = ...", 1, 5, "... is not a value", "whole number"),
        ("a = 'caf\u00e9'", 1, 5, "'\\xe9', which is no character", "ASCII"),
        ("a = '\\r'", 1, 5, "'\\r', which is no character", "ASCII"),
        ("a = f'\u00e9{b}'", 1, 5, "'\\xe9', which is no character", "ASCII"),
        ("a = f'{b!a}'", 1, 8, "!a is not in Lx", "!r"),
        ("a = f'{b:.2e}'", 1, 8, "this format", "width"),
        ("a = f'{b:.123f}'", 1, 8, "this format", "width"),
        ("a = f'{b:.{c}f}'", 1, 8, "this format", "width"),
        ("a = f'{b:{c}}'", 1, 8, "this format", "places"),
        ("a = f'{b:9999}'", 1, 8, "this format", "places"),
        ("a = f'{b.real}'", 1, 8, "attributes", "method"),
        ("a = 'open", 1, 5, "unterminated string", "close the quotes"),
    ],
)
def test_a_literal_that_is_none(source: str, line: int, column: int, message: str, remedy: str) -> None:
    assert_refused(source, line, column, message, remedy, rows=True)
