"""`str.format` for values alone: no field reaches into a value, and no width is beyond a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

from latent_repl.language.parsing.literals import FORMAT


def formatted(text: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> str:
    """Return a text with its fields filled in. Raises ValueError for fields that Lx has not, and as Python does."""
    for _, field, form, conversion in Formatter().parse(text):
        if field is not None and (field and not field.isidentifier() and not field.isdecimal()):
            raise ValueError(f"the field {{{field}}} is not in Lx")
        if (form and not FORMAT.fullmatch(form)) or conversion not in (None, "r", "s"):
            raise ValueError(f"the format {form or conversion} is not in Lx")
    return text.format(*arguments, **named)
