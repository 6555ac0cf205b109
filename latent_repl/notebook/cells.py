"""A cell of a notebook: statements of Lx and `:commands`, one piece after the other.

cells = CellRunner(Session, sys.stdout.write)
[shown] = cells.run("a = 6")                 its text as the REPL shows it, and the state as a table
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from latent_repl.display import Screen, View
from latent_repl.errors import UsageError
from latent_repl.language.python_values import shown
from latent_repl.markup import block
from latent_repl.repl.commands import execute, find
from latent_repl.repl.commands.synth import is_open
from latent_repl.repl.context import Context

if TYPE_CHECKING:
    from latent_repl.session import Session

WIDTH = 100
"""Columns of text in a cell's output. Chosen: what fits beside a notebook's margins."""


@dataclass(frozen=True, slots=True)
class CellOutput:
    """What one piece of a cell has to show: plain text, HTML, and a picture in PNG or none."""

    plain: str
    html: str
    png: bytes | None = None

    def __repr__(self) -> str:
        return self.plain

    def _repr_html_(self) -> str | None:
        return None if self.png else self.html

    def _repr_png_(self) -> bytes | None:
        return self.png


class HandedOn(io.StringIO):
    """A file that hands on whatever is written to it."""

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__()
        self._write = write

    def write(self, text: str) -> int:
        """Hand on a piece of text."""
        self._write(text)
        return len(text)


class CellRunner:
    """A session whose texts come as cells. `open_session` is called for the first cell.

    write: is given what programs print, as soon as it is there.
    """

    def __init__(self, open_session: Callable[[], Session], write: Callable[[str], object]) -> None:
        self.context = Context(open_session, Screen(HandedOn(write), width=WIDTH))

    def run(self, text: str) -> Iterator[CellOutput]:
        """Run the pieces of a cell in turn, and yield what each has to show.

        Raises what `Session.run` and commands raise, and after it is shown the error that a program ended in.
        """
        for piece in pieces(text):
            if piece.startswith(":"):
                yield self._command(piece)
                continue
            views = self.context.run(piece)
            result = self.context.last
            plain = _text(views)
            yield CellOutput(plain, block(plain) + self.context.session._repr_html_())
            if result is not None and result.error is not None:
                raise result.error

    def inspect(self, name: str) -> str | None:
        """Return what there is to say of a name: a command, a variable, a function; None for nothing."""
        if name.startswith(":"):
            try:
                command = find(name)
            except UsageError:
                return None
            return f"{command.usage}\n{command.summary}\n\n{command.details}"
        session = self.context.session
        if name in session.state:
            return f"{name} = {shown(session.state[name])}\n{session.names[name]}, decoded from the state latent"
        return _text(self._functions(name)) if name in session.functions else None

    def _functions(self, name: str) -> list[View]:
        from latent_repl.display import functions_view

        return [functions_view([self.context.session.functions[name]])]

    def _command(self, line: str) -> CellOutput:
        name, _, argument = line.partition(" ")
        if find(name).name == "map" and not argument.strip() and (picture := self._map()) is not None:
            return picture
        plain = _text(execute(self.context, line))
        return CellOutput(plain, block(plain))

    def _map(self) -> CellOutput | None:
        """Return the session's way over the map of the numbers as a picture; None where matplotlib is missing."""
        plain = _text(execute(self.context, ":map"))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "map.png"
            try:
                execute(self.context, f":map {path}")
            except UsageError:
                return None
            return CellOutput(plain, block(plain), path.read_bytes())


def pieces(text: str) -> Iterator[str]:
    """Yield the pieces of a cell: each command, with the lines of its block, and the statements between them.

    >>> [*pieces("a = 1\\nb = 2\\n:undo\\nc = 3")]
    ['a = 1\\nb = 2\\n', ':undo', 'c = 3\\n']
    """
    statements, command = "", ""
    for line in text.split("\n"):
        if command and is_open(command):
            command += f"\n{line}"
            continue
        if command:
            yield command.rstrip()
            command = ""
        if line.startswith(":"):
            if statements.strip():
                yield statements
            statements, command = "", line
        else:
            statements += f"{line}\n"
    last = command.rstrip() or statements
    if last.strip():
        yield last


def _text(views: list[View]) -> str:
    file = io.StringIO()
    screen = Screen(file, width=WIDTH)
    for view in views:
        screen.show(view)
    return file.getvalue().rstrip("\n")
