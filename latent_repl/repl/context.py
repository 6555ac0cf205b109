"""What the REPL and its commands work on: the session, the screen, the last result."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from latent_repl import display

if TYPE_CHECKING:
    from latent_repl.errors import ProgramError
    from latent_repl.results import Result
    from latent_repl.session import Session


@dataclass
class Context:
    """What commands work on. `open_session` is called at the first need, so that `:help` waits for no model.

    saved: the files that `:save` wrote, which it may write again.
    """

    open_session: Callable[[], Session]
    screen: display.Screen
    seed: int = 0
    last: Result | None = None
    finished: bool = False
    exit_code: int = 0
    opened: Session | None = field(default=None, repr=False)
    saved: set[Path] = field(default_factory=set)

    @property
    def session(self) -> Session:
        """The session, opened at the first use."""
        if self.opened is None:
            self.opened = self.open_session()
        return self.opened

    def run(self, text: str, *, file: str = "<input>") -> list[display.View]:
        """Run Lx text in the session and return what to show of it."""
        before = self.session.functions
        self.last = self.session.run(text, file=file, show=self.screen.print_piece, watch=self.screen.waiting)
        defined = [function for name, function in self.session.functions.items() if before.get(name) is not function]
        return display.statement_view(self.last, defined)

    def script(self) -> str:
        """Return the statements that led to this state as one script; what failed becomes a comment."""
        points = self.session.timeline.passed[1:]
        return "".join(_without_failure(point.source, point.error) for point in points)


def _without_failure(text: str, error: ProgramError | None) -> str:
    """Comment out the statement that failed and what follows it.

    >>> _without_failure("a = 1\nb = a // 0", ProgramError("ZeroDivisionError", "division by zero", 2))
    'a = 1\n# b = a // 0\n'
    """
    lines = text.rstrip().splitlines()
    kept = len(lines)
    if error is not None:
        starts = [node.lineno for node in ast.parse(text).body if node.lineno <= error.line]
        kept = max(starts, default=1) - 1
    return "".join(f"{line}\n" for line in [*lines[:kept], *(f"# {line}" for line in lines[kept:])])
