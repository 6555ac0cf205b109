"""How results look: pure renderables, and the one screen that shows them.

With `layout` and `verdicts` it is all that knows rich.

Result --statement_view-->   a = 71   0.9998  ✓
"""

from __future__ import annotations

import ast
import math
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOBase
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

from rich.console import Console, RenderableType
from rich.text import Text

from latent_repl.errors import printable
from latent_repl.language.program import LAST_VALUE, TOLD_BY
from latent_repl.language.python_values import ABSENT, shown
from latent_repl.language.sameness import same_value
from latent_repl.layout import Behind, Columns, Fitted, filled
from latent_repl.markup import describe
from latent_repl.reading import SURE
from latent_repl.verdicts import Mark, own_limit
from latent_repl.waiting import Waiting

if TYPE_CHECKING:
    from latent_repl.explore.neighbours import Movement
    from latent_repl.language.parsing.scopes import Function
    from latent_repl.results import Change, Result, Step
    from latent_repl.synthesis.result import Progress, Solution

View = RenderableType
"""Whatever a Screen can show."""

BARS = "▁▂▃▄▅▆▇█"
PLOT_WIDTH = 40
"""Bars of a plot in the terminal: half of the eighty columns that every terminal has."""


class Screen:
    """Where the REPL writes; colours, width and encoding are the terminal's (NO_COLOR and TERM=dumb are kept)."""

    def __init__(
        self, file: TextIOBase | None = None, *, standard_error: bool = False, width: int | None = None
    ) -> None:
        self._console = Console(
            file=cast(IO[str] | None, file),
            width=width,
            stderr=standard_error,
            # rich alone would keep bold and dim where no colours are wanted.
            color_system=None if os.environ.get("NO_COLOR") else "auto",
            highlight=False,
            soft_wrap=True,
        )
        # Whether the last thing written was a program's, and whether that ended its line.
        self._printing = self._ended = False
        self.waiting = Waiting(cast(TextIO, self._console.file))

    def show(self, view: RenderableType) -> None:
        """Write the view and end the line."""
        self.waiting.clear()
        if self._printing and not isinstance(view, Behind):
            self._console.print()
        self._printing = self._ended = False
        self._console.print(view.view if isinstance(view, Behind) else view)

    def print_piece(self, piece: str) -> None:
        """Write a piece of a program's output at once, and leave its line open for the verdict on it."""
        self.waiting.pause()
        if self._ended:
            self._console.print()
        text = piece.removesuffix("\n")
        self._printing, self._ended = True, text != piece
        self._console.print(Text("\t".join(map(printable, text.split("\t")))), end="")
        self._console.file.flush()

    @contextmanager
    def progress(self) -> Iterator[Callable[[Progress], None]]:
        """Keep one line up to date while a search runs; the line is gone when the search ends."""
        started = time.monotonic()
        with self._console.status(Text("searching")) as status:
            yield lambda progress: status.update(progress_view(progress, time.monotonic() - started))


def statement_view(result: Result, defined: Iterable[Function] = ()) -> list[View]:
    """Return what a statement changed and defined, the confidence, and CPython's verdict.

    What it printed is on the screen already: `_` is left out, and the verdict goes behind the last line of output
    where nothing else has changed.
    """
    rows = [change_view(change) for change in result.changes if change.name != LAST_VALUE]
    rows += {row.plain: row for row in map(signature_view, defined) if row}.values()
    behind = bool(result.output) and not rows and result.error is None
    if result.error is not None:
        rows.append(Text(printable(str(result.error)), "red"))
    else:
        rows = rows or [Text("" if behind else "  nothing changed", "dim")]
        rows[-1].append(f"   {result.confidence:.4f}", "dim" if result.confidence >= SURE else "yellow")
    limit = None if result.error is None else own_limit(result.error)
    verdict = Mark(rows[-1], result.match, limit)
    disagreement = [disagreement_view(result)] if result.match is False else []
    return [*rows[:-1], Behind(verdict) if behind else verdict, *disagreement]


def change_view(change: Change) -> Text:
    """Return `  a = 71`, or `  del a` for a variable that is gone."""
    if change.ended:
        return Text(f"  del {change.name}")
    return Text.assemble("  ", (change.name, "cyan"), " = ", (shown(change.after), "bold"))


def signature_view(function: Function) -> Text:
    """Return `  def f(a, b=1)`; for a function of a module `  import math`, and nothing for others."""
    module, dot, name = function.name.partition(".")
    if TOLD_BY in function.name:
        return Text()
    if dot:
        return Text("" if name.startswith("<") else f"  import {module}")
    return Text.assemble("  def ", (function.name, "cyan"), f"({ast.unparse(function.definition.args)})")


def functions_view(functions: Iterable[Function]) -> Text:
    """Return one signature a line."""
    return Text("\n").join(map(signature_view, functions)) or Text("  no functions", "dim")


def disagreement_view(result: Result) -> Text:
    """Return a loud account of where CPython and the model part: the values at the end, and where it began."""
    account = "; ".join(
        f"{name} = {expected}, the model says {got}"
        for name, expected, got in apart(result.expected or {}, result.state)
    )
    if not account and result.divergence is not None:
        difference = result.divergence.difference
        account = f"{difference.expected}, the model says {difference.got}"
    rows = [f"  CPython disagrees: {account or 'the same variables, but another end'}"]
    if result.divergence is not None and len(result.executed) > 1:
        rows.append(f"  {result.divergence}")
        rows.append(f"  wrong by themselves: {len(result.wrong)} of {len(result.executed)} executed lines")
    return Text("\n".join(rows), "bold red")


def apart(expected: Mapping[str, Any], state: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the variables in which two states differ, each with both values, `absent` where there is none."""
    pairs = ((name, expected.get(name, ABSENT), state.get(name, ABSENT)) for name in {**expected, **state})
    return [(name, shown(one), shown(other)) for name, one, other in pairs if not same_value(one, other)]


def error_view(message: str) -> Fitted:
    """Return an error's message in red, control characters made visible."""
    return prose_view(message, "red")


def warning_view(message: str) -> Fitted:
    """Return a warning in yellow, control characters made visible."""
    return prose_view(message, "yellow")


def note_view(message: str) -> Fitted:
    """Return plain words."""
    return prose_view(message)


def prose_view(text: str, style: str = "") -> Fitted:
    """Return sentences, broken between words where the terminal ends; an indented line, being code, stays whole."""
    lines = printable(text).split("\n")
    return Fitted(lambda width: "\n".join(filled(line, width) for line in lines), style)


def variables_view(state: Mapping[str, Any]) -> RenderableType:
    """Return one `name = value` a line."""
    rows = [Text.assemble("  ", (name, "cyan"), " = ", (shown(value), "bold")) for name, value in state.items()]
    return Text("\n").join(rows) if rows else Text("  no variables", "dim")


def table_view(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Columns:
    """Return a table of plain texts."""
    return Columns(headings, rows)


def differences_view(differences: Iterable[Movement]) -> View:
    """Return what two states differ in, with the distances of the latents."""
    rows = [
        (
            row.name,
            *map(shown, (row.before, row.after)),
            f"{row.distance:.4f}",
        )
        for row in differences
    ]
    return table_view(("name", "there", "here", "distance"), rows) if rows else note_view("the same state, exactly")


def steps_view(steps: Sequence[Step], *, folded: bool) -> Columns:
    """Return the core lines of a statement, each with the state after it, its status and its confidence.

    What belongs to a function has its name before it, and the state is that of the function's own variables.
    folded: steps of the prelude that follow one another are one row, named after the first one's routine.
    """
    rows, number = [], 1
    for of_prelude, each in groupby(steps, lambda step: folded and step.of_prelude):
        run = list(each)
        rows += (
            [_folded_row(number, run)] if of_prelude else [_step_row(number + at, step) for at, step in enumerate(run)]
        )
        number += len(run)
    return table_view(("", "core line", "state", "status", "confidence"), rows)


def _step_row(number: int, step: Step) -> tuple[str, ...]:
    line = f"{step.function}: {step.core_line}" if step.function else step.core_line
    return str(number), line, describe(step.state), step.status, f"{step.confidence:.4f}"


def _folded_row(number: int, run: Sequence[Step]) -> tuple[str, ...]:
    """Return the row of steps of the prelude: the status of the last one, the least confidence of all."""
    numbers = str(number) if len(run) == 1 else f"{number}–{number + len(run) - 1}"
    what = f"{run[0].function}: {len(run)} core line{'' if len(run) == 1 else 's'}"
    return numbers, what, "", run[-1].status, f"{min(step.confidence for step in run):.4f}"


def _evaluations(count: int) -> str:
    return f"{count} evaluation{'' if count == 1 else 's'}"


def progress_view(progress: Progress, seconds: float) -> Text:
    """Return `48 evaluations, 3 s, best a + -53 at 0.003 nats; Ctrl-C ends the search`."""
    best = "" if progress.best_program is None else f", best {one_line(progress.best_program)}"
    loss = "" if progress.best_loss is None else f" at {progress.best_loss:.4g} nats"
    return Text(f"{_evaluations(progress.evaluations)}, {seconds:.0f} s{best}{loss}; Ctrl-C ends the search")


def solution_view(solution: Solution) -> RenderableType:
    """Return the filled program, the fills highlighted, and what it cost; or why there is none."""
    refuted = f", {solution.refuted} refuted by CPython" if solution.refuted else ""
    cost = f"{solution.seconds:.2f} s{refuted}, search {solution.search}"
    plot = [("\n" + loss_plot(solution.curve), "dim")] if len(solution.curve) > 1 else []
    if not solution.solved or solution.program is None:
        best = f"; best {one_line(solution.best)} at {solution.loss:.4g} nats" if solution.best else ""
        reason = printable(solution.reason or "no reason given")
        return Text.assemble((f"not solved: {reason}{best}\n({solution.found}, {cost})", "yellow"), *plot)
    view = Text("\n\n").join([_filled_program(solution, program) for program in solution.programs])
    verdict = ("verified by CPython", "green") if solution.verified else ("not verified", "bold red")
    fewer = (
        f"{len(solution.programs)} found, not as many as were asked for: {solution.reason}" if solution.reason else None
    )
    notes = [(f"\n{printable(note)}", "yellow") for note in (solution.warning, fewer) if note]
    return Text.assemble(view, "\n", verdict, f", {solution.found}", (f" ({cost})", "dim"), *notes, *plot)


def loss_plot(curve: Sequence[float]) -> str:
    """Return the best loss after each round as one line of bars, at most PLOT_WIDTH of them; the highest is the first.

    >>> loss_plot([8.0, 4.0, 4.0, 0.0])
    'best loss 8 █▄▄▁ 0 nats'
    """
    shown = [curve[place * (len(curve) - 1) // (PLOT_WIDTH - 1)] for place in range(PLOT_WIDTH)]
    shown = list(curve) if len(curve) <= PLOT_WIDTH else shown
    highest = max(shown) or 1.0
    bars = "".join(BARS[max(0, math.ceil(loss / highest * len(BARS)) - 1)] for loss in shown)
    return f"best loss {shown[0]:.3g} {bars} {shown[-1]:.3g} nats"


def _filled_program(solution: Solution, program: str) -> Text:
    """Highlight the fills: each stands in the program where its hole stands in the problem."""
    view = Text(program)
    fills = solution.fills if program == solution.program else ()
    pieces = solution.problem.split("?")
    for number, fill in enumerate(fills):
        word = re.compile(rf"(?<!\w){re.escape(fill)}(?!\w)")
        # Order survives filling, so equal words before the hole say which occurrence is the fill.
        before = sum(len(word.findall(piece)) for piece in pieces[: number + 1]) + fills[:number].count(fill)
        found = [match.span() for match in word.finditer(program)]
        if before < len(found):
            view.stylize("bold magenta", *found[before])
    return view


def one_line(program: str) -> str:
    """Return a program of several lines as one."""
    return printable(program.strip().replace("\n", "; "))
