"""The `:commands` of the REPL: one table that feeds `:help`, the completer and the README.

A command takes the context and the rest of its line, and returns the views to show.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from latent_repl import display
from latent_repl.context import Context
from latent_repl.display import View
from latent_repl.errors import UsageError
from latent_repl.files import read_text, write_whole
from latent_repl.searching import parse_synth, solve_in


@dataclass(frozen=True)
class Command:
    """One row of the table. `completes` says what Tab offers for the argument."""

    name: str
    usage: str
    summary: str
    details: str
    function: Callable[[Context, str], list[View]]
    completes: Literal["nothing", "files", "commands"] | tuple[str, ...] = "nothing"


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
        return [display.note_view(f"{command.usage}\n{command.summary}\n\n{command.details}")]
    rows = [(command.usage, command.summary) for command in COMMANDS]
    hint = "Any unambiguous prefix will do. Everything else is a line of Lx."
    return [display.table_view(("command", "what it does"), rows), display.note_view(hint)]


def _state(context: Context, argument: str) -> list[View]:
    _refuse_argument("state", argument)
    session = context.session
    state = session.state
    names = sorted(session.names.items(), key=lambda item: item[1].index)
    rows = [(str(slot), name, str(state.get(name, "unassigned"))) for name, slot in names if name != display.LAST_VALUE]
    return [display.table_view(("slot", "name", "decoded"), rows)]


def _variables(context: Context, argument: str) -> list[View]:
    _refuse_argument("vars", argument)
    return [display.variables_view(context.session.state)]


def _steps(context: Context, argument: str) -> list[View]:
    _refuse_argument("steps", argument)
    if context.last is None:
        raise UsageError("no statement has been run yet: run one, then :steps shows its core lines")
    return [display.steps_view(context.last.trace)]


def _undo(context: Context, argument: str) -> list[View]:
    for _ in range(_count(argument, "undo")):
        context.session.undo()
    return [display.variables_view(context.session.state)]


def _redo(context: Context, argument: str) -> list[View]:
    for _ in range(_count(argument, "redo")):
        context.session.redo()
    return [display.variables_view(context.session.state)]


def _goto(context: Context, argument: str) -> list[View]:
    context.session.goto(_number(argument, "goto"))
    return [display.variables_view(context.session.state)]


def _reset(context: Context, argument: str) -> list[View]:
    _refuse_argument("reset", argument)
    context.session.reset()
    context.last = None
    return [display.note_view("all variables are gone")]


def _check(context: Context, argument: str) -> list[View]:
    if argument not in ("", "on", "off"):
        raise UsageError(f"got :check {argument}, write :check on or :check off")
    if argument:
        context.session.check = argument == "on"
    return [display.note_view(f"check is {'on' if context.session.check else 'off'}")]


def _mode(context: Context, argument: str) -> list[View]:
    if argument not in ("", "latent", "snap"):
        raise UsageError(f"got :mode {argument}, write :mode latent or :mode snap")
    if argument:
        context.session.mode = cast(Literal["latent", "snap"], argument)
    return [display.note_view(f"mode is {context.session.mode}")]


def _synth(context: Context, argument: str) -> list[View]:
    apply, options, problem = parse_synth(argument)
    solution = solve_in(context, problem, options)
    applied = context.run(solution.program) if apply and solution.verified and solution.program else []
    return [display.solution_view(solution), *applied]


def _load(context: Context, argument: str) -> list[View]:
    path = _path(argument, "load")
    return context.run(read_text(path), file=str(path))


def _save(context: Context, argument: str) -> list[View]:
    path = _path(argument, "save")
    write_whole(path, context.script())
    return [display.note_view(f"{len(context.session.history)} statements written to {path}")]


def _history(context: Context, argument: str) -> list[View]:
    _refuse_argument("history", argument)
    rows = [(str(number), statement.rstrip()) for number, statement in enumerate(context.session.history, start=1)]
    return [display.table_view(("", "statement"), rows)]


def _model(context: Context, argument: str) -> list[View]:
    _refuse_argument("model", argument)
    config = context.session.model.config
    parameters = context.session.model.parameters
    rows = (
        ("checkpoint", str(getattr(config, "name_or_path", "") or "unnamed")),
        ("values", f"{config.minimum} to {config.maximum}, False, True"),
        ("slots", str(config.slots)),
        ("state latent", f"{config.state_latent} numbers a slot"),
        ("code latent", f"{config.code_latent} numbers a core line"),
        ("parameters", f"{parameters:,}"),
    )
    return [display.table_view(("", ""), rows)]


def _time(context: Context, argument: str) -> list[View]:
    shown = context.run(argument) if argument else []
    if context.last is None:
        raise UsageError("no statement has been run yet, write :time followed by one")
    return [*shown, display.note_view(f"  {context.last.steps} steps, {context.last.seconds:.3f} s")]


def _quit(context: Context, argument: str) -> list[View]:
    _refuse_argument("quit", argument)
    context.finished = True
    return []


def _refuse_argument(name: str, argument: str) -> None:
    if argument:
        raise UsageError(f":{name} takes no argument, got {argument!r}")


def _number(argument: str, name: str) -> int:
    if not (argument.isascii() and argument.isdigit() and len(argument) < 10):
        raise UsageError(f":{name} needs a whole number of at least 0, got {argument!r}")
    return int(argument)


def _count(argument: str, name: str) -> int:
    return _number(argument, name) if argument else 1


def _path(argument: str, name: str) -> Path:
    if not argument:
        raise UsageError(f":{name} needs a file, write :{name} FILE")
    return Path(argument).expanduser()


COMMANDS = (
    Command(
        "help",
        ":help [NAME]",
        "list the commands, or explain one",
        "Example: :help synth",
        _help,
        completes="commands",
    ),
    Command(
        "state",
        ":state",
        "show the slots of the state and their decoded values",
        "Each variable keeps its slot until `del`. A variable that only some branch has assigned may be unassigned.",
        _state,
    ),
    Command(
        "vars",
        ":vars",
        "show the variables",
        "The values are decoded from the state latent; CPython computes none of them.",
        _variables,
    ),
    Command(
        "steps",
        ":steps",
        "show the last statement's core lines and their states",
        "One row is one step of the executor, in your names; names that begin with % are temporaries.",
        _steps,
    ),
    Command(
        "undo",
        ":undo [COUNT]",
        "go back one statement, or COUNT",
        "A state is an immutable latent: what comes back is exactly the state that was. :redo goes forward again.",
        _undo,
    ),
    Command(
        "redo",
        ":redo [COUNT]",
        "take back one :undo, or COUNT",
        "A new statement after :undo ends what could be redone.",
        _redo,
    ),
    Command(
        "goto",
        ":goto NUMBER",
        "go to the state after that statement",
        "The numbers are those of :history; 0 is the state before the first statement.",
        _goto,
    ),
    Command(
        "reset",
        ":reset",
        "forget all variables",
        "The session begins anew with the same checkpoint, mode and check.",
        _reset,
    ),
    Command(
        "check",
        ":check [on|off]",
        "compare each statement with CPython, or stop doing so",
        "CPython runs beside the model and never for it: what is shown is always the model's.",
        _check,
        completes=("on", "off"),
    ),
    Command(
        "mode",
        ":mode [latent|snap]",
        "feed latents on, or re-encode the state between steps",
        "`latent` feeds each step the latents of the step before. `snap` decodes and re-encodes the state in between,"
        " which removes drift. Without a word: say which.",
        _mode,
        completes=("latent", "snap"),
    ),
    Command(
        "synth",
        ":synth [OPTIONS] PROBLEM",
        "find what to write for each `?`",
        "A problem is statements and then constraints, with `;` in between: :synth a=71; a+? == 18\n"
        "The search starts from the current state and leaves it alone; --apply then runs the filled program.\n"
        "More options: --search NAME, --budget EVALUATIONS, --timeout SECONDS, --all SOLUTIONS, --seed NUMBER.\n"
        "A solution was run by CPython and satisfies every constraint. Ctrl-C keeps the best so far.",
        _synth,
    ),
    Command(
        "load",
        ":load FILE",
        "run a script in this session",
        "The script runs on the current variables and counts as one statement for :undo.",
        _load,
        completes="files",
    ),
    Command(
        "save",
        ":save FILE",
        "write the statements of this session as a script",
        "`latent-repl run FILE` runs it to the same state. The file is written whole or not at all.\n"
        "What failed stands in it as a comment; a loop that failed half-way is one too, with all it had done.",
        _save,
        completes="files",
    ),
    Command(
        "history",
        ":history",
        "list the statements that led to this state",
        "The numbers are for :goto.",
        _history,
    ),
    Command(
        "model",
        ":model",
        "describe the checkpoint",
        "Latents belong to their checkpoint; start latent-repl with --model for another one.",
        _model,
    ),
    Command(
        "time",
        ":time [STATEMENT]",
        "run a statement and show its steps and seconds",
        "Without a statement: those of the last one. A step is one core line, run once by the executor.",
        _time,
    ),
    Command(
        "quit",
        ":quit",
        "leave",
        "Ctrl-D leaves too.",
        _quit,
    ),
)
"""Every command, in the order of :help."""
