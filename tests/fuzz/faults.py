"""What must never happen, whatever is typed: `make fuzz`, or `python -m tests.fuzz.faults [--seed N] [--share 0.01]`.

Each hunt takes a seed and how many texts to try, and yields a fault for each text that shows one.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from latent_repl.display import Screen
from latent_repl.errors import LatentReplError, ProgramError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute, run_source
from latent_repl.language.oracle.steps import NO_HEAP
from latent_repl.language.parsing.parse import Tree, parse
from latent_repl.language.program import Program
from latent_repl.language.sameness import same
from latent_repl.model.load import load
from latent_repl.repl.commands import execute as run_command
from latent_repl.repl.context import Context
from latent_repl.session import Session
from tests.fuzz.kinds import Spread, alike
from tests.fuzz.texts import Texts

SLOTS, STEPS, CAPACITY = 12, 2_000, (64, 128)
# A budget counts steps here and lines there, a row's cells are Lx's own, and CPython has a depth of its own.
LIMITS_OF_LX = {"StepBudgetError", "MemoryError", "RecursionError"}
NAMELESS = ("NameError", "UnboundLocalError")
SPREAD = Spread()


@dataclass(frozen=True)
class Fault:
    """A text and what went wrong with it."""

    text: str
    what: str

    def __str__(self) -> str:
        return f"{self.what}: {self.text!r}"


Hunt = Callable[[int, int], Iterator[Fault]]


def parsed(seed: int, count: int) -> Iterator[Fault]:
    """Parse, lower and run exactly, with rows and without: only the package's own errors come up, and both exact
    executions agree."""
    texts = Texts(seed)
    for number in range(count):
        yield from differing(texts.text(), rows=number % 2 == 1)


def of_every_kind(seed: int, count: int) -> Iterator[Fault]:
    """Run exactly what has operands and arguments of every kind: both executions agree, on every message, too.

    seed: the number of the first program; a whole run has each of them once.
    """
    for number in range(seed, seed + count):
        yield from differing(SPREAD.text(number), rows=True, messages=True)


def differing(text: str, *, rows: bool, messages: bool = False) -> Iterator[Fault]:
    """Yield a fault where a text raises what is no error of ours, or where its two exact executions do not agree.

    messages: whether they are to be the same in every error.
    """
    try:
        tree = parse(text, rows=rows)
        program = None if tree.holes else lower(tree, slots=SLOTS, rows=rows)
        difference = None if program is None else _difference(tree, program, CAPACITY if rows else NO_HEAP, messages)
    except LatentReplError:
        return
    except Exception as error:
        yield Fault(text, f"{type(error).__name__}: {error}")
        return
    if difference is not None:
        yield Fault(text, difference)


def _difference(tree: Tree, program: Program, capacity: tuple[int, int], messages: bool) -> str | None:
    """Return how the two exact executions of a program end otherwise, None where they do not, or at a limit of Lx's."""
    ours = execute(program, (None,) * SLOTS, step_budget=STEPS, capacity=capacity)
    theirs = run_source(tree, step_limit=STEPS, capacity=capacity)
    kinds = {run.error.kind for run in (ours, theirs) if run.error is not None}
    if LIMITS_OF_LX & kinds or (_same_end(ours.error, theirs.error, messages) and ours.output == theirs.output):
        return None
    return f"core lines end with {ours.error!r} and {ours.output}, CPython {theirs.error!r} and {theirs.output}"


def _same_end(ours: ProgramError | None, theirs: ProgramError | None, messages: bool) -> bool:
    """Return whether errors are of one kind; of a name without a value which name it is counts, too."""
    if ours is None or theirs is None:
        return ours is theirs
    said = alike(ours.message, theirs.message) or not (messages or ours.kind in NAMELESS)
    return ours.kind == theirs.kind and said


def run_in_session(seed: int, count: int) -> Iterator[Fault]:
    """Run texts one after another: a text that is refused changes nothing, and none raises what is no error of ours."""
    texts = Texts(seed)
    session = _session()
    for number in range(count):
        if number % 50 == 0:
            session.reset()
        text, before = texts.text(), _point(session)
        try:
            session.run(text)
        except LatentReplError:
            if not _unmoved(before, _point(session)):
                yield Fault(text, "was refused and changed the session")
        except Exception as error:
            yield Fault(text, f"{type(error).__name__}: {error}")


def run_commands(seed: int, count: int) -> Iterator[Fault]:
    """Run commands and statements in turn, in a folder of their own: every error is one of ours."""
    texts, here = Texts(seed), Path.cwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        os.chdir(folder)
        context = Context(_session, Screen())
        try:
            for number in range(count):
                text = texts.text() if number % 3 == 0 else texts.command()
                try:
                    views = context.run(text) if number % 3 == 0 else run_command(context, text)
                    for view in views:
                        context.screen.show(view)
                except LatentReplError:
                    continue
                except Exception as error:
                    yield Fault(text, f"{type(error).__name__}: {error}")
        finally:
            os.chdir(here)


def solve(seed: int, count: int) -> Iterator[Fault]:
    """Pose problems: what is no problem is refused by an error of ours, and what is said to be verified is."""
    texts, session = Texts(seed), _session()
    for _ in range(count):
        problem = texts.problem()
        try:
            solution = session.synth(problem, budget=16, timeout=2.0, search=texts.generator.choice(TRIED))
        except LatentReplError:
            continue
        except Exception as error:
            yield Fault(problem, f"{type(error).__name__}: {error}")
            continue
        if (
            solution.program is not None
            and run_source(parse(solution.program, rows=True), capacity=CAPACITY).error is not None
        ):
            yield Fault(problem, f"{solution.program!r} is called verified")


TRIED = ("auto", "gp", "latents", "box", "uniform", "random", "ordered", "hill", "cem", "cma", "gradient", "z3")
"""The searches that the problems are given to."""
HUNTS: dict[str, tuple[Hunt, int]] = {
    "texts parsed": (parsed, 1_000_000),
    "operands of every kind": (of_every_kind, SPREAD.size),
    "texts of sessions": (run_in_session, 100_000),
    "commands": (run_commands, 10_000),
    "problems": (solve, 1_000),
}
"""Each hunt, and how many texts a whole run tries."""


def _session() -> Session:
    return Session(load("base"), check=False, step_budget=300)


def _point(session: Session) -> tuple[dict[str, Any], Any]:
    return dict(session.state), (session.history, dict(session.names), session.latents.tobytes())


def _unmoved(before: tuple[dict[str, Any], Any], after: tuple[dict[str, Any], Any]) -> bool:
    """Return whether two points of a session are the same; a list may hold itself, so that `==` does not end."""
    return same(before[0], after[0]) and before[1] == after[1]


def main(
    seed: Annotated[int, typer.Option(help="Seed of the texts.")] = 0,
    share: Annotated[float, typer.Option(help="Share of a whole run to try.")] = 1.0,
) -> None:
    """Hunt for faults, print each, and end with 1 where there is one."""
    found = 0
    for name, (hunt, whole) in HUNTS.items():
        count = max(1, round(whole * share))
        for part in track(range(0, count, 500), f"{count} {name}"):
            for fault in hunt(seed * 1_000_003 + part, min(500, count - part)):
                print(fault.__str__().encode("ascii", "backslashreplace").decode())
                found += 1
    sys.exit(found > 0)


if __name__ == "__main__":
    typer.run(main)
