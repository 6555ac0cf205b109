"""The command line: `latent-repl` and its subcommands. Only it, what it takes and its words know typer.

Torch is not imported before something has to run: `--help` answers at once.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from latent_repl import __version__
from latent_repl.cli.arguments import (
    BrowserOption,
    CheckOption,
    CodeOption,
    DaskOption,
    FilesArgument,
    FirstOption,
    FormatOption,
    JobsOption,
    KernelArgument,
    OutputOption,
    PlaneOption,
    PortOption,
    PrefixOption,
    ProblemArgument,
    ProblemsArgument,
    ProgramsArgument,
    SizeOption,
    SpaceArgument,
    TasksOption,
    VersionOption,
    WrongOption,
)
from latent_repl.cli.options import Settings, as_json, with_settings
from latent_repl.cli.words import Subcommands
from latent_repl.cli.workers import Workers
from latent_repl.errors import UsageError, printable
from latent_repl.exits import DONE, INTERRUPTED
from latent_repl.synthesis.options import Options

if TYPE_CHECKING:
    from latent_repl.cli.pieces import Warm
    from latent_repl.cli.scripts import ScriptOutcome
    from latent_repl.cli.tasks import TaskAnswer
    from latent_repl.session import Session

app = typer.Typer(
    cls=Subcommands,
    help="A Python REPL in which a neural network is the interpreter.",
    add_completion=False,
    rich_markup_mode=None,  # rich costs more to import than --help may take
    pretty_exceptions_enable=False,
)


def run() -> int:
    """Run the command line and return its exit code."""
    try:
        app(prog_name="latent-repl")
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else DONE
    return DONE


@app.callback(invoke_without_command=True)
@with_settings
def _default(
    context: typer.Context,
    code: CodeOption = None,
    first: FirstOption = None,
    version: VersionOption = False,
    *,
    settings: Settings,
) -> int:
    if context.invoked_subcommand is not None:
        return DONE
    if version:
        print(f"latent-repl {__version__}")
        return DONE
    return start(settings, code, first)


@app.command("repl")
@with_settings
def _repl(code: CodeOption = None, first: FirstOption = None, *, settings: Settings) -> int:
    """Start the REPL (the default); run standard input if it is no terminal."""
    return start(settings, code, first)


@app.command("run")
@with_settings
def _run(
    files: FilesArgument,
    check: CheckOption = False,
    jobs: JobsOption = 1,
    dask: DaskOption = None,
    *,
    settings: Settings,
) -> int:
    """Run scripts, each on its own."""
    from latent_repl.cli.pieces import run_piece
    from latent_repl.files import STANDARD_INPUT

    workers, worst = Workers(jobs=jobs, dask=dask), DONE
    if STANDARD_INPUT in files and not workers.alone:
        raise UsageError("got - among files for several workers, but only one process can read standard input")
    show, warm = settings.show if workers.alone else None, _warm(settings, workers, check=check)
    for outcome, output in workers.results(
        partial(run_piece, warm, show=show, seed=settings.seed, json=settings.json), files
    ):
        settings.show(output)
        worst = max(worst, _write(outcome, settings))
    return worst


@app.command("synth")
@with_settings
def _synth(
    problems: ProblemsArgument = None,
    file: TasksOption = None,
    jobs: JobsOption = 1,
    dask: DaskOption = None,
    *,
    search: Options,
    settings: Settings,
) -> int:
    """Fill the holes of problems, verified by CPython."""
    from latent_repl.cli.pieces import solve_piece
    from latent_repl.cli.tasks import read_tasks
    from latent_repl.display import Screen

    workers, tasks, worst = Workers(jobs=jobs, dask=dask), read_tasks(problems or [], file), DONE
    watched = Screen(standard_error=True).progress if workers.alone else None
    work = partial(solve_piece, _warm(settings, workers, check=False), search, watched=watched)
    for answer in workers.results(work, tasks):
        _show_answer(answer, settings)
        worst = max(worst, answer.exit_code)
        if answer.exit_code == INTERRUPTED:
            break
    return worst


@app.command("eval")
@with_settings
def _eval(
    programs: ProgramsArgument,
    format: FormatOption = "programs",
    show_wrong: WrongOption = False,
    jobs: JobsOption = 1,
    dask: DaskOption = None,
    *,
    settings: Settings,
) -> int:
    """Run many programs at once and compare with CPython, or with the answers that the file gives."""
    from latent_repl.cli.evaluating import evaluate_file

    workers = Workers(jobs=jobs, dask=dask)
    warm = _warm(settings, workers, check=False)
    return evaluate_file(programs, format, workers, warm, settings, show_wrong=show_wrong)


@app.command("map")
@with_settings
def _map(output: OutputOption = None, plane: PlaneOption = "pca", *, settings: Settings) -> int:
    """Draw the maps of the state space and of the code space."""
    from latent_repl.explore.figures import draw_maps

    model = settings.open_session(check=False).model
    for path in output or [Path("map.png")]:
        _show_written(draw_maps(model, path, plane=plane), settings)
    return DONE


@app.command("landscape")
@with_settings
def _landscape(
    problem: ProblemArgument, output: OutputOption = None, size: SizeOption = 61, *, settings: Settings
) -> int:
    """Draw the loss of a problem with a hole over two directions of code space."""
    from latent_repl.explore.figures import check_picture, draw_landscape
    from latent_repl.explore.landscape import survey

    paths = output or [Path("landscape.png")]
    for path in paths:
        check_picture(path)  # before the work
    landscape = survey(settings.open_session(check=False), problem, size=size, watch=settings.waiting)
    settings.waiting.clear()
    for path in paths:
        _show_written(draw_landscape(landscape, path), settings)
    return DONE


@app.command("explore")
@with_settings
def _explore(
    problem: SpaceArgument = None, port: PortOption = 0, browser: BrowserOption = True, *, settings: Settings
) -> int:
    """Open a page of this machine: the map of code space, what lies where, and searches on it, until Ctrl-C."""
    from latent_repl.explore.explorer import Explorer
    from latent_repl.explore.server import serve

    def tell(url: str) -> None:
        print(as_json({"url": url}) if settings.json else f"{url}\nCtrl-C ends it", flush=True)

    serve(Explorer(settings.open_session(check=True), problem), port, tell=tell, browser=browser)
    return DONE


@app.command("models")
@with_settings
def _models(*, settings: Settings) -> int:
    """List the checkpoints on this machine, shipped and downloaded: sizes, values, and the share of exact lines."""
    from latent_repl.model.catalogue import aligned, catalogue

    entries = catalogue()
    print("\n".join([as_json(entry.record) for entry in entries] if settings.json else aligned(entries)))
    return DONE


@app.command("kernel")
@with_settings
def _kernel(action: KernelArgument, prefix: PrefixOption = None, *, settings: Settings) -> int:
    """Let Jupyter know the kernel, for notebooks of Lx with this model and mode."""
    from latent_repl.notebook.install import install

    _show_written(install(model=settings.model, mode=settings.mode, prefix=prefix), settings)
    return DONE


def _warm(settings: Settings, workers: Workers, *, check: bool) -> Warm:
    from latent_repl.cli.pieces import Warm

    sent = replace(settings)  # without what it holds of this process
    return Warm(partial(sent.open_session, check=check), settings.waiting if workers.alone else None)


def start(settings: Settings, code: str | None, first: Path | None) -> int:
    """Run `-c`, `-i` and standard input, or the REPL where standard input is a terminal."""
    if code is not None and first is not None:
        raise UsageError("got -c and -i, write one of them")
    from latent_repl.cli.scripts import run_file, run_text
    from latent_repl.files import STANDARD_INPUT

    interactive = code is None and sys.stdin is not None and sys.stdin.isatty()
    if interactive and settings.json:
        raise UsageError("--json is for what is run from a file, -c or a pipe; leave it out for the REPL")
    session, first_code = None, DONE
    if first is not None:
        session = settings.open_session(check=interactive, trace=interactive)
        first_code = _run_file(session, str(first), settings)
    if interactive:
        from latent_repl.repl.loop import start as start_repl

        return start_repl(lambda: settings.open_session(check=True, trace=True), seed=settings.seed, opened=session)
    session = session or settings.open_session(check=False)
    if code is not None:
        return _write(run_text(session, code, file="<command>", **settings.of_scripts), settings)
    piped = run_file(session, STANDARD_INPUT, name="<stdin>", **settings.of_scripts)
    return max(first_code, _write(piped, settings))


def _show_written(path: Path, settings: Settings) -> None:
    print(as_json({"written": str(path)}) if settings.json else f"written to {path}")


def _run_file(session: Session, file: str, settings: Settings) -> int:
    from latent_repl.cli.scripts import run_file

    return _write(run_file(session, file, **settings.of_scripts), settings)


def _write(outcome: ScriptOutcome, settings: Settings) -> int:
    settings.waiting.clear()
    if outcome.filled is not None and not settings.json:
        print(printable(outcome.filled), file=sys.stderr)
    for record in outcome.records if settings.json else ():
        print(as_json(record))
    for problem in outcome.problems:
        print(printable(problem), file=sys.stderr)
    if outcome.verdict is not None and not settings.json:
        print(printable(outcome.verdict), file=sys.stderr)
    return outcome.exit_code


def _show_answer(answer: TaskAnswer, settings: Settings) -> None:
    from latent_repl.display import Screen, solution_view

    if settings.json:
        print(as_json(answer.record), flush=True)
    elif answer.solution is None:
        print(printable(answer.problem_with_it), file=sys.stderr)
    else:
        Screen().show(solution_view(answer.solution))
