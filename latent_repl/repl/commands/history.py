"""Commands that choose another state of the session: none of them computes anything, a state is an immutable latent."""

from __future__ import annotations

from latent_repl import display
from latent_repl.display import View
from latent_repl.errors import UsageError
from latent_repl.repl.commands.table import Command, read_count, read_number, read_place, refuse_argument
from latent_repl.repl.context import Context


def _undo(context: Context, argument: str) -> list[View]:
    context.session.undo(read_count(argument, "undo"))
    return [display.variables_view(context.session.state)]


def _redo(context: Context, argument: str) -> list[View]:
    context.session.redo(read_count(argument, "redo"))
    return [display.variables_view(context.session.state)]


def _goto(context: Context, argument: str) -> list[View]:
    context.session.goto(read_place(argument) if argument.isidentifier() else read_number(argument, "goto"))
    return [display.variables_view(context.session.state)]


def _branch(context: Context, argument: str) -> list[View]:
    session = context.session
    if argument:
        session.branch(argument)
        return [display.note_view(f"on branch {argument}"), display.variables_view(session.state)]
    rows = [
        ("*" if name == session.branch_name else "", name, str(line.position), display.one_line(line.now.source))
        for name, line in session.branches.items()
    ]
    return [display.table_view(("", "branch", "statements", "last"), rows)]


def _pin(context: Context, argument: str) -> list[View]:
    session = context.session
    if argument:
        session.pin(argument)
        return [display.note_view(f"pinned {argument}, after statement {session.timeline.position}")]
    rows = [(name, str(line.position), display.one_line(line.now.source)) for name, line in session.pins.items()]
    return [display.table_view(("pin", "statements", "last"), rows) if rows else display.note_view("no pins")]


def _resume(context: Context, argument: str) -> list[View]:
    from latent_repl.explore.neighbours import differences

    place, _, text = argument.partition(" ")
    if not place:
        raise UsageError(":resume needs a place, write :resume NUMBER a = 7")
    session, before = context.session, context.session.timeline.now
    results = session.resume(read_place(place), text.strip(), show=context.screen.print_piece)
    context.last = results[-1] if results else context.last
    again = f"{len(results)} statement{'' if len(results) == 1 else 's'} run again"
    views: list[View] = [display.note_view(f"on branch {session.branch_name}: {again}; before, and now:")]
    views.append(display.differences_view(differences(before, session.timeline.now)))
    for result in results:
        if result.error is not None:
            views.append(display.error_view(str(result.error)))
        if result.match is False:
            views.append(display.disagreement_view(result))
    return views


def _diff(context: Context, argument: str) -> list[View]:
    from latent_repl.explore.neighbours import differences

    session = context.session
    if not argument and not session.timeline.position:
        raise UsageError("no statement has been run yet: run one, then :diff shows what it changed")
    other = session.point(read_place(argument) if argument else session.timeline.position - 1)
    return [display.differences_view(differences(other, session.timeline.now))]


def _reset(context: Context, argument: str) -> list[View]:
    refuse_argument("reset", argument)
    context.session.reset()
    context.last = None
    return [display.note_view("all variables are gone")]


UNDO = Command(
    "undo",
    ":undo [COUNT]",
    "go back one statement, or COUNT",
    "A state is an immutable latent: what comes back is exactly the state that was. :redo goes forward again.",
    _undo,
)
REDO = Command(
    "redo",
    ":redo [COUNT]",
    "take back one :undo, or COUNT",
    "A new statement after :undo ends what could be redone.",
    _redo,
)
GOTO = Command(
    "goto",
    ":goto NUMBER|PIN",
    "go to the state after that statement",
    "The numbers are those of :history; 0 is the state before the first statement. A pin is one of :pin.",
    _goto,
)
BRANCH = Command(
    "branch",
    ":branch [NAME]",
    "go to a branch, begun here if it is new; or list them",
    "A branch has its own statements and its own :undo. The first one is called main.",
    _branch,
    completes="branches",
)
PIN = Command(
    "pin",
    ":pin [NAME]",
    "name this state, or list the names",
    "The name serves :goto, :diff and :resume. A pin stays whatever is run or undone, until :reset.",
    _pin,
)
RESUME = Command(
    "resume",
    ":resume PLACE [a = 7]",
    "run again from another state, with other values",
    "PLACE is a number of :history, a pin or a branch. A new branch begins there, values are put in as :set does, and\n"
    "what followed on this branch runs once more. What came out otherwise is shown as :diff shows it.",
    _resume,
    completes="branches",
)
DIFF = Command(
    "diff",
    ":diff [NUMBER|BRANCH]",
    "compare another state with this one",
    "Without a place: the state before the last statement. NUMBER is one of :history, 0 the beginning.\n"
    "The distance is that of the variable's two latents. A value that stays while its latent moves has drifted.",
    _diff,
    completes="branches",
)
RESET = Command(
    "reset",
    ":reset",
    "forget all variables",
    "The session begins anew with the same checkpoint, mode and check. Branches are gone too.",
    _reset,
)
