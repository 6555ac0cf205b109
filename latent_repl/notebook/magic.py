"""`%load_ext latent_repl`, and then `%%lx` runs a cell of Lx, `%lx` a line, on one session of the notebook.

The session is `lx_session` in the notebook: `lx_session.state["a"]`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from IPython.display import display

from latent_repl.errors import LatentReplError
from latent_repl.notebook.cells import CellRunner
from latent_repl.session import Session

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load(shell: InteractiveShell) -> None:
    """Give an IPython shell the magic, with a session of its own."""
    session = Session(trace=True)
    cells = CellRunner(lambda: session, lambda text: sys.stdout.write(text))

    def lx(line: str, cell: str | None = None) -> None:
        """Run a cell of Lx, or the rest of a line."""
        try:
            for shown in cells.run(line if cell is None else cell):
                display(shown)
        except LatentReplError as error:
            sys.stderr.write(f"{error}\n")

    shell.register_magic_function(lx, "line_cell", "lx")  # type: ignore[arg-type]
    shell.push({"lx_session": session})
