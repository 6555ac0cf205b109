"""How text fits a screen: tables and sentences that know the terminal's width.

Columns(headings, rows)  -> a table, or on a narrow terminal each row below the other
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

from latent_repl.errors import printable

NARROW = 60
"""Columns from which on a table may wrap its cells. Chosen."""


@dataclass(frozen=True)
class Behind:
    """A view that goes behind a line of output that is on the screen already."""

    view: RenderableType

    def __rich__(self) -> RenderableType:
        """Return the view, for a screen without that line."""
        return self.view


class Columns:
    """A table without lines, so that it can be copied; on a terminal too narrow for it, each row below the other."""

    def __init__(self, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
        self.headings, self.rows = tuple(headings), [[printable(cell) for cell in row] for row in rows]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the table, or its rows cell by cell."""
        table = Table(*self.headings, box=None, pad_edge=False, header_style="bold")
        for row in self.rows:
            table.add_row(*map(Text, row))
        wanted = console.measure(table, options=options.update(max_width=NARROW)).maximum
        if options.max_width >= wanted:
            yield table
        else:
            yield from (Text("  " * (place > 0) + cell) for row in self.rows for place, cell in enumerate(row) if cell)


class Fitted:
    """What is drawn to fit the terminal: a function from its columns to text."""

    def __init__(self, draw: Callable[[int], str], style: str = "") -> None:
        self.draw, self.style = draw, style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the text."""
        yield Text(self.draw(options.max_width), self.style)


def filled(line: str, width: int) -> str:
    """Return a line broken between words to fit a width; one that begins with a space, being code, stays whole."""
    if len(line) <= width or line.startswith(" "):
        return line
    return textwrap.fill(line, width, break_on_hyphens=False, break_long_words=False)
