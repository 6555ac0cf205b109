"""Whether CPython agrees, as a sign behind a line of the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions
from rich.text import Text

from latent_repl.errors import ProgramError
from latent_repl.language import floats
from latent_repl.language.program import NEGATIVE_EXPONENT

MARKS = {True: ("✓", "ok", "green"), False: ("✗", "MISMATCH", "bold red")}
OWN_MARK = "◇"
OWN_LIMITS = {
    "StepBudgetError": "the step budget is Lx's own, Python has none",
    "OverflowError": "the range is Lx's own, Python's numbers have no end",
    "MemoryError": "the room for values is Lx's own, Python has far more",
    "ValueError": "this checkpoint has whole numbers alone, Python gives a fraction",
}
"""The errors by which Lx differs from Python by design: the exact execution has them too, CPython has not."""
OWN_FLOATS = "Lx's floats end here, Python's do not"
"""The same of what `floats.LIMITS` says."""


class Mark:
    """Whether CPython agrees: a tick or a cross, words where the terminal has ASCII alone, nothing if unchecked.

    limit: what to say in the place of a tick where Lx differs from Python by design.
    """

    def __init__(self, before: Text, match: bool | None, limit: str | None = None) -> None:
        self.before, self.match, self.limit = before, match, limit

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the line with its mark."""
        line = self.before.copy()
        if self.match and self.limit is not None:
            line.append(f"  {self.limit}" if options.ascii_only else f"  {OWN_MARK} {self.limit}", "yellow")
        elif self.match is not None:
            symbol, word, style = MARKS[self.match]
            line.append("  ").append(word if options.ascii_only else symbol, style)
        yield from line.wrap(console, options.max_width) if line.cell_len > options.max_width else [line]


def own_limit(error: ProgramError) -> str | None:
    """Return what to say of an error by which Lx differs from Python, None for one that Python has as well."""
    if error.message in floats.LIMITS:
        return OWN_FLOATS
    if error.message in floats.OVERFLOWS:
        return None
    own = error.kind != "ValueError" or error.message == NEGATIVE_EXPONENT
    return OWN_LIMITS.get(error.kind) if own else None
