"""What the explorer's page sends: its fields, each read as what it has to be."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from latent_repl.errors import UsageError

LONGEST = 10_000
"""Characters of a text at most. Chosen."""


class Message:
    """A message by its fields. Every reader raises UsageError for a field that is missing or something else."""

    def __init__(self, fields: Any) -> None:
        if not isinstance(fields, Mapping):
            raise UsageError(f"a message is an object, not {type(fields).__name__}")
        self._fields = fields

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def text(self, name: str) -> str:
        """Return a text of at most LONGEST characters."""
        value = self._fields.get(name)
        if not isinstance(value, str) or len(value) > LONGEST:
            raise UsageError(f"{name} has to be a text of at most {LONGEST} characters")
        return value

    def number(self, name: str) -> float:
        """Return a finite number."""
        value = self._fields.get(name)
        if not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
            raise UsageError(f"{name} has to be a number, not {value!r}")
        return float(value)

    def whole(self, name: str, least: int, most: int) -> int:
        """Return a whole number, least <= number <= most."""
        value = self._fields.get(name)
        if type(value) is not int or not least <= value <= most:
            raise UsageError(f"{name} has to be a whole number from {least} to {most}, not {value!r}")
        return value

    def point(self, name: str) -> tuple[float, float]:
        """Return a point of the plane, {"x": number, "y": number}."""
        inner = Message(self._fields.get(name))
        return inner.number("x"), inner.number("y")
