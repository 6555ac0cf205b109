"""The `:commands` of the REPL: one table that feeds `:help`, the completer and the README.

A command takes the context and the rest of its line, and returns the views to show.

table.py     what a command is, and how it reads its argument
session.py   :synth, :check, :set, :resync, :mode, :load, :save, :quit
synth.py     the options of `:synth` and the search behind it
history.py   :undo, :redo, :goto, :branch, :pin, :resume, :diff, :reset
state.py     :state, :vars, :functions, :steps, :history, :model, :time
latents.py   :nearest, :lerp, :map
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from latent_repl import display
from latent_repl.display import View
from latent_repl.errors import UsageError
from latent_repl.repl.commands import history, latents, session, state
from latent_repl.repl.commands.table import Command
from latent_repl.repl.context import Context

__all__ = ["COMMANDS", "Command", "execute", "find"]


def execute(context: Context, line: str) -> list[View]:
    """Run one line such as `:undo 2` and return what it has to show.

    Raises UsageError for an unknown or ambiguous name or a wrong argument, and what the command itself raises.
    """
    name, _, argument = line.strip().removeprefix(":").partition(" ")
    return find(name).function(context, argument.strip())


def find(name: str) -> Command:
    """Return the command of that name or unambiguous prefix.

    Raises UsageError that lists the candidates.
    """
    name = name.removeprefix(":").lower()
    candidates = [command for command in COMMANDS if command.name.startswith(name)]
    exact = [command for command in candidates if command.name == name]
    if len(candidates) == 1 or exact:
        return (exact or candidates)[0]
    if candidates and name:
        raise UsageError(f"ambiguous command :{name}, it may be {_listed(command.name for command in candidates)}")
    known = [command.name for command in COMMANDS]
    near = difflib.get_close_matches(name, known, n=3) or known
    raise UsageError(f"no command :{name}, there is {_listed(near)}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f":{name}" for name in names)


def _help(context: Context, argument: str) -> list[View]:
    if argument:
        command = find(argument)
        return [display.prose_view(f"{command.usage}\n{command.summary}\n\n{command.details}")]
    rows = [(command.usage, command.summary) for command in COMMANDS]
    hint = "Any unambiguous prefix will do. Everything else is a line of Lx."
    return [display.table_view(("command", "what it does"), rows), display.note_view(hint)]


HELP = Command(
    "help",
    ":help [NAME]",
    "list the commands, or explain one",
    "Example: :help synth",
    _help,
    completes="commands",
)
COMMANDS = (
    HELP,
    *(state.STATE, state.VARIABLES, state.FUNCTIONS, state.STEPS, state.HISTORY),
    *(
        history.UNDO,
        history.REDO,
        history.GOTO,
        history.BRANCH,
        history.PIN,
        history.RESUME,
        history.DIFF,
        history.RESET,
    ),
    *(
        session.SYNTH,
        session.CHECK,
        session.SET,
        session.RESYNC,
        session.MODE,
        session.BUDGET,
        session.LOAD,
        session.SAVE,
    ),
    *(latents.NEAREST, latents.LERP, latents.MAP),
    *(state.MODEL, state.TIME, session.QUIT),
)
"""Every command, in the order of :help."""
