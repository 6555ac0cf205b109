"""One row of the table of commands, and how arguments are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from latent_repl.display import View
from latent_repl.errors import UsageError
from latent_repl.repl.context import Context

Completes = Literal["nothing", "files", "commands", "branches", "synth"] | tuple[str, ...]


@dataclass(frozen=True)
class Command:
    """One row of the table. `completes` says what Tab offers for the argument."""

    name: str
    usage: str
    summary: str
    details: str
    function: Callable[[Context, str], list[View]]
    completes: Completes = "nothing"


def refuse_argument(name: str, argument: str) -> None:
    """Raise UsageError where a command that takes no argument got one."""
    if argument:
        raise UsageError(f":{name} takes no argument, got {argument!r}")


def read_number(argument: str, name: str) -> int:
    """Return a whole number of at least 0. Raises UsageError."""
    if not (argument.isascii() and argument.isdigit() and len(argument) < 10):
        raise UsageError(f":{name} needs a whole number of at least 0, got {argument!r}")
    return int(argument)


def read_count(argument: str, name: str) -> int:
    """Return how often, once if nothing is said. Raises UsageError."""
    return read_number(argument, name) if argument else 1


def read_path(argument: str, name: str) -> Path:
    """Return the path of a file, `~` being the home folder; it may stand in quotes, or have `\\ ` for a space.

    Raises UsageError if there is none.
    """
    quoted = re.fullmatch(r"""(["'])(.*)\1""", argument)
    path = quoted[2] if quoted else argument.replace("\\ ", " ")
    if not path:
        raise UsageError(f":{name} needs a file, write :{name} FILE")
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise UsageError(f"{argument}: {error}") from error


def read_place(argument: str) -> int | str:
    """Return a point of the session: the number of a statement, or the name of a branch."""
    return int(argument) if argument.isascii() and argument.isdigit() and len(argument) < 10 else argument
