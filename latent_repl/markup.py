"""States as one line of text and as JSON, tables as HTML for notebooks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from latent_repl.language.extent import written_out
from latent_repl.language.python_values import TEXT_LIMIT, shown

FOLDED = 40
"""Rows of a table in a notebook. Chosen: a screen or two."""
LONGEST = 60
"""Characters of each part of a `repr`. Chosen."""


def describe(state: Mapping[str, object]) -> str:
    """Return `a = 5, s = 'cat'`, or a word for the empty state."""
    return ", ".join(f"{name} = {shown(value)}" for name, value in state.items()) or "no variables"


def as_json(value: Any) -> Any:
    """Return a value for JSON: a tuple is {"tuple": [...]}, a dict {"dict": [[key, value], ...]}.

    What lies in itself, or is far too long, is {"text": ...} there, as Python shows it; so is an infinite float.
    """
    return _as_json(value, ()) if written_out(value) <= TEXT_LIMIT else {"text": shown(value)}


def _as_json(value: Any, around: tuple[int, ...]) -> Any:
    if id(value) in around:
        return {"text": "[...]" if isinstance(value, list) else "{...}"}
    inner = (*around, id(value))
    match value:
        case list():
            return [_as_json(part, inner) for part in value]
        case tuple():
            return {"tuple": [_as_json(part, inner) for part in value]}
        case dict():
            return {"dict": [[_as_json(part, inner) for part in pair] for pair in value.items()]}
        case None | int() | str():
            return value
        case float() if math.isfinite(value):
            return value
        case _:
            return {"text": shown(value)}


def brief(name: str, **parts: object) -> str:
    """Return `Name(part=value, ...)`, each value cut where it is long: for `repr` of what may hold anything.

    >>> brief("Result", steps=3, output=("x" * 100,))
    "Result(steps=3, output=('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...)"
    """
    return f"{name}({', '.join(f'{part}={_cut(repr(value))}' for part, value in parts.items())})"


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return an HTML table; all text is escaped, and of more than FOLDED rows those in the middle are counted only.

    >>> table(("name",), [("a < b",)])
    '<table><tr><th>name</th></tr><tr><td>a &lt; b</td></tr></table>'
    """
    every = [*rows]
    if len(every) > FOLDED:
        kept, more = FOLDED // 2, len(every) - FOLDED
        every = [*every[:kept], [f"... {more:,} more rows ..."], *every[-kept:]]
    return f"<table>{_row(headings, 'th')}{''.join(_row(row, 'td') for row in every)}</table>"


def block(text: str) -> str:
    """Return lines of code as HTML."""
    return f"<pre>{escape(text)}</pre>"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _row(cells: Iterable[str], kind: str) -> str:
    return "<tr>" + "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in cells) + "</tr>"
