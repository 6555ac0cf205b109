"""`str.format` fills in values, and reaches for nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from latent_repl.language.oracle.formats import formatted


@pytest.mark.parametrize(
    ("text", "arguments", "named"),
    [
        ("{} and {}", (1, "b"), {}),
        ("{1} {0!r} {{}}", ("a", 2), {}),
        ("{a:>5}|{b:05d}", (), {"a": "x", "b": 42}),
        ("{}", ([1, (2,)],), {}),
        ("{:.2f}|{:>8.1f}|{x:.0%}|{}", (2.675, 3, 0.1), {"x": 0.25}),
        ("", (), {}),
    ],
)
def test_a_text_is_filled_in_as_python_does(text: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    assert formatted(text, arguments, named) == text.format(*arguments, **named)


@pytest.mark.parametrize(
    "text",
    ["{0.__class__}", "{0[0]}", "{a.b}", "{:{}}", "{:99999}", "{!a}", "{1:.2e}", "{", "{0.__class__.__mro__[1]}"],
)
def test_a_field_that_reaches_into_a_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        formatted(text, ("a", 5), {"a": 1})


def test_a_field_without_a_value_is_pythons_error() -> None:
    with pytest.raises(IndexError):
        formatted("{}", (), {})
