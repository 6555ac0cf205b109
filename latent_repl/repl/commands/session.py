"""Commands that do something: search, load, save, settings, and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from latent_repl import display
from latent_repl.display import View
from latent_repl.errors import UsageError
from latent_repl.files import read_text, write_whole
from latent_repl.language.parsing.parse import has_holes
from latent_repl.repl.commands import synth
from latent_repl.repl.commands.table import Command, read_number, read_path, refuse_argument
from latent_repl.repl.context import Context

if TYPE_CHECKING:
    from latent_repl.session import Session

OVERWRITE = "--overwrite"


def _check(context: Context, argument: str) -> list[View]:
    if argument not in ("", "on", "off"):
        raise UsageError(f"got :check {argument}, write :check on or :check off")
    if argument:
        context.session.check = argument == "on"
    return [display.note_view(f"check is {'on' if context.session.check else 'off'}"), *_apart(context.session)]


def _apart(session: Session) -> list[View]:
    """Return where this session's state is not CPython's."""
    rows = [] if session.exact is None else display.apart(session.exact, session.state)
    account = ", ".join(f"{name} = {expected} and not {got}" for name, expected, got in rows)
    return [display.note_view(f"CPython has {account}: :resync takes that over")] if account else []


def _resync(context: Context, argument: str) -> list[View]:
    refuse_argument("resync", argument)
    context.session.resync()
    return [display.note_view("CPython's values, encoded"), display.variables_view(context.session.state)]


def _set(context: Context, argument: str) -> list[View]:
    if not argument:
        raise UsageError(":set needs a value, write :set a = 7")
    changes = context.session.set(argument)
    shown: list[View] = [display.change_view(change) for change in changes] or [display.note_view("  nothing changed")]
    return [*shown, display.note_view("edited, not executed")]


def _mode(context: Context, argument: str) -> list[View]:
    if argument not in ("", "latent", "snap"):
        raise UsageError(f"got :mode {argument}, write :mode latent or :mode snap")
    if argument:
        context.session.mode = cast(Literal["latent", "snap"], argument)
    return [display.note_view(f"mode is {context.session.mode}")]


def _budget(context: Context, argument: str) -> list[View]:
    if argument:
        steps = read_number(argument, "budget")
        if steps == 0:
            raise UsageError(":budget needs a number above 0")
        context.session.step_budget = steps
    return [display.note_view(f"a text may take {context.session.step_budget} steps")]


def _synth(context: Context, argument: str) -> list[View]:
    apply, options, problem = synth.parse_synth(argument)
    solution = synth.solve_in(context, problem, options)
    context.screen.show(display.solution_view(solution))
    return context.run(solution.program) if apply and solution.verified and solution.program else []


def _load(context: Context, argument: str) -> list[View]:
    path = read_path(argument, "load")
    text = read_text(path)
    if "?" not in text or not has_holes(text, file=str(path)):
        return context.run(text, file=str(path))
    solution = synth.solve_in(context, text, {}, script=True)
    if solution.program is None:
        return [display.solution_view(solution)]
    context.screen.show(display.note_view(solution.program))
    return context.run(solution.program, file=str(path))


def _save(context: Context, argument: str) -> list[View]:
    word, _, rest = argument.partition(" ")
    overwrite = word == OVERWRITE
    path = read_path(rest.strip() if overwrite else argument, "save")
    if path.is_file() and not overwrite and path.resolve() not in context.saved:
        raise UsageError(f"{path} exists already; write :save {OVERWRITE} {path}, or another name")
    write_whole(path, context.script())
    context.saved.add(path.resolve())
    return [display.note_view(f"{len(context.session.history)} statements written to {path}")]


def _quit(context: Context, argument: str) -> list[View]:
    refuse_argument("quit", argument)
    context.finished = True
    return []


CHECK = Command(
    "check",
    ":check [on|off]",
    "compare each statement with CPython, or stop doing so",
    "CPython runs beside the model and never for it: what is shown is always the model's.\n"
    "Each line is judged by exact execution from the model's own state before it. Where a text first leaves\n"
    "CPython's way is said once. Without a word: say which, and where this session's values are not CPython's.",
    _check,
    completes=("on", "off"),
)
RESYNC = Command(
    "resync",
    ":resync",
    "take CPython's values over where the model's differ",
    "CPython's variables are encoded in place of the model's. :history marks it as edited, for no line was executed;\n"
    ":undo takes it back.",
    _resync,
)
SET = Command(
    "set",
    ":set a = 7",
    "put a value into the state, without running a line",
    "The encoder's latent of the value takes the place of the variable's; every other latent stays to the bit.\n"
    "Literals and `del a`, several with `;` in between. :history marks it as edited; :undo takes it back.",
    _set,
)
MODE = Command(
    "mode",
    ":mode [latent|snap]",
    "feed latents on, or re-encode the state between steps",
    "`latent` feeds each step the latents of the step before. `snap` decodes and re-encodes the state in between,"
    " which removes drift. Without a word: say which.",
    _mode,
    completes=("latent", "snap"),
)
BUDGET = Command(
    "budget",
    ":budget [STEPS]",
    "set how many executor steps one text may take",
    "A text that takes more ends in StepBudgetError, and Ctrl-C ends it sooner. Without a number: say how many.",
    _budget,
)
SYNTH = Command(
    "synth",
    ":synth [OPTIONS] PROBLEM",
    "find what to write for each `?`",
    "A problem is statements and then constraints, with `;` in between: :synth a=71; a+? == 18\n"
    "The search starts from the current state and leaves it alone; --apply then runs the filled program.\n"
    "More options: --search NAME, --budget EVALUATIONS, --timeout SECONDS, --all SOLUTIONS, --seed NUMBER.\n"
    "A solution was run by CPython and satisfies every constraint. Ctrl-C keeps the best so far.",
    _synth,
    completes="synth",
)
LOAD = Command(
    "load",
    ":load FILE",
    "run a script in this session",
    "The script runs on the current variables and counts as one statement for :undo. Holes are filled first.\n"
    "A path with spaces may stand in quotes.",
    _load,
    completes="files",
)
SAVE = Command(
    "save",
    ":save [--overwrite] FILE",
    "write the statements of this session as a script",
    "`latent-repl run FILE` runs it to the same state. The file is written whole or not at all.\n"
    "A file that this session did not save is only replaced with --overwrite.\n"
    "What failed stands in it as a comment; a loop that failed half-way is one too, with all it had done.",
    _save,
    completes="files",
)
QUIT = Command(
    "quit",
    ":quit",
    "leave",
    "Ctrl-D leaves too.",
    _quit,
)
