"""States as one line of text, tables as HTML for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape


def describe(state: Mapping[str, object]) -> str:
    """Return `a = 5, b = 10`, or a word for the empty state."""
    return ", ".join(f"{name} = {value}" for name, value in state.items()) or "no variables"


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return an HTML table; all text is escaped.

    >>> table(("name",), [("a < b",)])
    '<table><tr><th>name</th></tr><tr><td>a &lt; b</td></tr></table>'
    """
    return f"<table>{_row(headings, 'th')}{''.join(_row(row, 'td') for row in rows)}</table>"


def _row(cells: Iterable[str], kind: str) -> str:
    return "<tr>" + "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in cells) + "</tr>"
