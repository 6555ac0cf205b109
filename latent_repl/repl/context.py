"""What the REPL and its commands work on: the session, the screen, the last result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from latent_repl import display

if TYPE_CHECKING:
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
        before = self.session.timeline.now.functions
        self.last = self.session.run(text, file=file, show=self.screen.print_piece, watch=self.screen.waiting)
        after = self.session.timeline.now.functions
        defined = [function for name, function in after.items() if before.get(name) is not function]
        return display.statement_view(self.last, defined)

    def script(self) -> str:
        """Return the statements that led to this state as one script that loads; what failed becomes a comment."""
        from latent_repl.repl.script import script_of

        return script_of(self.session.timeline.passed, self.session.model)
