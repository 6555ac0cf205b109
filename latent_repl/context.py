"""What the REPL and its commands work on: the session, the screen, the last result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from latent_repl import display
from latent_repl.scripts import refuse_holes

if TYPE_CHECKING:
    from latent_repl.session import Result, Session


@dataclass
class Context:
    """What commands work on. `open_session` is called at the first need, so that `:help` waits for no model."""

    open_session: Callable[[], Session]
    screen: display.Screen
    seed: int = 0
    last: Result | None = None
    finished: bool = False
    exit_code: int = 0
    opened: Session | None = field(default=None, repr=False)

    @property
    def session(self) -> Session:
        """The session, opened at the first use."""
        if self.opened is None:
            self.opened = self.open_session()
        return self.opened

    def run(self, text: str, *, file: str = "<input>") -> list[display.View]:
        """Run Lx text in the session and return what to show of it."""
        refuse_holes(text, file=file, session=self.session)
        self.last = self.session.run(text, file=file)
        return display.statement_view(self.last)
