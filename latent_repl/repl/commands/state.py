"""Commands that show what is: the state, the last statement's steps, the history, the checkpoint."""

from __future__ import annotations

from latent_repl import display
from latent_repl.display import View
from latent_repl.errors import UsageError
from latent_repl.language.program import LAST_VALUE
from latent_repl.language.python_values import shown
from latent_repl.repl.commands.table import Command, refuse_argument
from latent_repl.repl.context import Context


def _state(context: Context, argument: str) -> list[View]:
    refuse_argument("state", argument)
    session = context.session
    state = session.state
    names = sorted(session.names.items(), key=lambda item: item[1].index)
    rows = [
        (str(slot), name, shown(state[name]) if name in state else "unassigned")
        for name, slot in names
        if name != LAST_VALUE
    ]
    return [display.table_view(("slot", "name", "decoded"), rows)]


def _variables(context: Context, argument: str) -> list[View]:
    refuse_argument("vars", argument)
    return [display.variables_view(context.session.state)]


def _functions(context: Context, argument: str) -> list[View]:
    refuse_argument("functions", argument)
    return [display.functions_view(context.session.functions.values())]


def _steps(context: Context, argument: str) -> list[View]:
    if argument not in ("", "all"):
        raise UsageError(f":steps takes `all` or nothing, got {argument!r}")
    if context.last is None:
        raise UsageError("no statement has been run yet: run one, then :steps shows its core lines")
    return [display.steps_view(context.last.trace, folded=not argument)]


def _history(context: Context, argument: str) -> list[View]:
    refuse_argument("history", argument)
    rows = [(str(number), statement.rstrip()) for number, statement in enumerate(context.session.history, start=1)]
    return [display.table_view(("", "statement"), rows)]


def _model(context: Context, argument: str) -> list[View]:
    refuse_argument("model", argument)
    config, vocabulary = context.session.model.config, context.session.model.vocabulary
    rows = (
        ("values", ", ".join([f"{config.minimum} to {config.maximum}", *vocabulary.literal_words])),
        ("slots", str(config.slots)),
        ("state latent", f"{config.state_latent} numbers a slot"),
        ("code latent", f"{config.code_latent} numbers a core line"),
        ("parameters", f"{context.session.model.parameters:,}"),
    )
    return [display.table_view(("", ""), rows)]


def _time(context: Context, argument: str) -> list[View]:
    shown = context.run(argument) if argument else []
    if context.last is None:
        raise UsageError("no statement has been run yet, write :time followed by one")
    last, costs = context.last, context.last.costs
    steps = f"{last.steps} step{'' if last.steps == 1 else 's'}"
    cost = f"  {steps}, {last.seconds:.3f} s, {costs.recalled} of {costs.results} results recalled"
    return [*shown, display.note_view(cost)]


STATE = Command(
    "state",
    ":state",
    "show the slots of the state and their decoded values",
    "Each variable keeps its slot until `del`. A variable that only some branch has assigned may be unassigned.",
    _state,
)
VARIABLES = Command(
    "vars",
    ":vars",
    "show the variables",
    "The values are decoded from the state latent; CPython computes none of them.",
    _variables,
)
FUNCTIONS = Command(
    "functions",
    ":functions",
    "list the functions that were defined",
    "Each with its parameters, as in def f(a, b).",
    _functions,
)
STEPS = Command(
    "steps",
    ":steps [all]",
    "show the last statement's core lines and their states",
    "One row is one step of the executor, in your names; names that begin with % are temporaries.\n"
    "Core lines of the prelude, which does what one step cannot, are folded; :steps all shows them, too.",
    _steps,
    completes=("all",),
)
HISTORY = Command(
    "history",
    ":history",
    "list the statements that led to this state",
    "The numbers are for :goto, :diff and :lerp.",
    _history,
)
MODEL = Command(
    "model",
    ":model",
    "describe the checkpoint",
    "Latents belong to their checkpoint; start latent-repl with --model for another one.",
    _model,
)
TIME = Command(
    "time",
    ":time [STATEMENT]",
    "run a statement and show its steps and seconds",
    "Without a statement: those of the last one. A step is one core line, run once by the executor.",
    _time,
)
